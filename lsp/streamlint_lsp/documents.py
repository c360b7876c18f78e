"""Open documents, and how places move while one is edited."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate

from streamlint.findings import Span
from streamlint.records import immutable
from streamlint.source import SourceText

MAX_LINES = 500
"""More edited lines than this are not compared with each other."""


@immutable
class Document:
    """An open file as the editor has it now. `path` is absolute."""

    uri: str
    path: str
    version: int
    source: SourceText

    @property
    def text(self) -> str:
        return self.source.text


@immutable
class _Block:
    """Characters that both texts have."""

    old: int
    new: int
    length: int


class Shift:
    """Where the places of an older text are in a newer one: what both begin and end with, and whole lines between."""

    def __init__(self, old: str, new: str) -> None:
        prefix = _common(old, new)
        most = min(len(old), len(new)) - prefix
        suffix = min(_common(old[::-1], new[::-1]), most)
        ends = len(old) - suffix, len(new) - suffix
        between = _same_lines(old[prefix : ends[0]], new[prefix : ends[1]])
        inner = [_Block(prefix + block.old, prefix + block.new, block.length) for block in between]
        self.edited = Span(prefix, ends[0])
        """The characters of the older text around all changes."""
        self._blocks = [_Block(0, 0, prefix), *inner, _Block(*ends, suffix)]

    def forward(self, span: Span) -> Span | None:
        """The range in the newer text; None if it was edited."""
        for block in self._blocks:
            if block.old <= span.start and span.end <= block.old + block.length:
                return Span(span.start + block.new - block.old, span.end + block.new - block.old)
        return None

    def back(self, span: Span) -> Span | None:
        """The range in the older text; None if it is new."""
        for block in self._blocks:
            if block.new <= span.start and span.end <= block.new + block.length:
                return Span(span.start + block.old - block.new, span.end + block.old - block.new)
        return None


def _same_lines(old: str, new: str) -> Iterator[_Block]:
    """The lines that two texts have in common, in order; none where there are too many to compare."""
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > MAX_LINES:
        return
    old_starts = list(accumulate((len(line) + 1 for line in before), initial=0))
    new_starts = list(accumulate((len(line) + 1 for line in after), initial=0))
    for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        end = min(old_starts[match.a + match.size], len(old))
        if match.size:
            yield _Block(old_starts[match.a], new_starts[match.b], end - old_starts[match.a])


def _common(a: str, b: str) -> int:
    """How many characters both texts begin with."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
