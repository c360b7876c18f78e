"""Where output goes: plain or coloured pieces to a stream, rows to a file, a progress bar to the terminal.

rich is imported only when something is coloured or moves.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from streamlint_cli.text import Piece

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds after which a run is long enough for a progress bar."""


def wants_colour(stream: TextIO) -> bool:
    """`NO_COLOR` forbids, `FORCE_COLOR` demands (empty values count as unset); else colour is for terminals."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(pieces: Iterable[Piece], stream: TextIO) -> None:
    """Write the pieces, with their styles if the stream is for eyes."""
    if wants_colour(stream):
        readable = [(encodable(text, stream), style) for text, style in pieces]
        console(stream).print(styled(readable), end="", soft_wrap=True, highlight=False)
    else:
        stream.write(encodable("".join(text for text, _ in pieces), stream))
    stream.flush()


def encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding lacks written as `\\N` escapes, so that printing never fails."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def console(stream: TextIO) -> Console:
    """A rich console on the stream that colours whatever rich itself thinks of it."""
    from rich.console import Console

    return Console(file=stream, force_terminal=True, no_color=False, emoji=False)


def styled(pieces: Iterable[Piece]) -> object:
    """The pieces as rich's `Text`, which also a recording console prints."""
    from rich.text import Text

    text = Text()
    for piece, style in pieces:
        text.append(piece, style or None)
    return text


class ProgressBar:
    """A bar on stderr that appears when a run takes longer than a second, and only on a terminal."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._begun = time.monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, done: int, total: int, what: str) -> None:
        """`done` of `total` steps are done and `what` comes next."""
        if not self._wanted or time.monotonic() - self._begun < PATIENCE:
            return
        if self._progress is None or self._task is None:
            self._start(total)
        assert self._progress is not None and self._task is not None
        self._progress.update(self._task, completed=done, total=total, description=what)

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._progress.start()
        self._task = self._progress.add_task("", total=total)
