"""flake8 as it is where streamlint is not installed: its plugin is hidden from flake8's search for entry points."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from typing import Any

from flake8.main.cli import main

everything = importlib.metadata.distributions


def others(**context: Any) -> Iterator[importlib.metadata.Distribution]:
    """Every distribution but streamlint."""
    return (each for each in everything(**context) if each.metadata["Name"] != "streamlint")


if __name__ == "__main__":
    importlib.metadata.distributions = others
    raise SystemExit(main())
