"""What a project lacks."""

from __future__ import annotations

from pathlib import Path

from streamlint.records import immutable


@immutable
class Gap:
    """Something that is missing in a file, `why` that matters, and the `remedy`: what a person would do. `by_hand`
    where streamlint cannot do it without changing the rest."""

    path: Path
    what: str
    why: str
    remedy: str
    by_hand: bool = False
