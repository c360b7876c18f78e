"""`python -m streamlint_cli` is `streamlint`."""

from streamlint_cli.main import main

if __name__ == "__main__":
    main()
