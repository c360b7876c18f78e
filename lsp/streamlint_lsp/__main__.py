"""`python -m streamlint_lsp` is `streamlint server`."""

import sys

from streamlint_lsp.server import start

if __name__ == "__main__":
    sys.exit(start())
