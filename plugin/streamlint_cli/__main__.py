"""`streamlint` and `python -m streamlint_cli`: what is loaded first, and knows Ctrl-C while the rest is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    try:
        from streamlint_cli.main import main as run
    except KeyboardInterrupt:
        print("streamlint: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
