"""What a feature sees: one document as the client has it now, what the engine last said of it, and how places become
ranges in the client's columns."""

from __future__ import annotations

from functools import cached_property

from lsprotocol import types as t
from pygls.uris import from_fs_path
from streamlint.findings import Place, Span
from streamlint.fixes.renaming import inside
from streamlint.source import SourceText
from streamlint.statemap import Access, StateMap

from streamlint_lsp.documents import Document, Shift
from streamlint_lsp.options import Options
from streamlint_lsp.positions import Positions
from streamlint_lsp.projects import Answer


class View:
    """A document and an answer, which may be about an older text: places are moved along with the edits."""

    def __init__(self, document: Document, answer: Answer, others: dict[str, Document], encoding: str) -> None:
        """`others` are all open documents by path."""
        self.document = document
        self.answer = answer
        self._others = others
        self._encoding = encoding
        self._shifts: dict[str, Shift] = {}

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def maps(self) -> tuple[StateMap, ...]:
        """The state maps of the apps that run the file."""
        return self.answer.maps

    @property
    def options(self) -> Options:
        """What the user wants for the file."""
        return self.answer.options

    @property
    def current(self) -> bool:
        """Whether the answer is about this very text."""
        return self.answer.source.text == self.document.text

    @cached_property
    def positions(self) -> Positions:
        """Of the document as it is now."""
        return Positions(self.document.source, self._encoding)

    def offset(self, position: t.Position) -> int:
        """In the text as it is now."""
        return self.positions.offset(position)

    # --- to the client -------------------------------------------------------------------------------------------

    def range(self, span: Span, path: str | None = None) -> t.Range | None:
        """Where a range of the answer's text is now; None if that was edited since or the file is not known."""
        at = path or self.path
        source = self.newest(at)
        moved = self.moved(span, at)
        return Positions(source, self._encoding).range(moved) if source is not None and moved is not None else None

    def before(self, span: Span) -> Span:
        """Where a range of the text as it is now was in the answer's text; all that was edited since, if it is new."""
        shift = self._shift(self.path)
        return span if shift is None else shift.back(span) or shift.edited

    def moved(self, span: Span, path: str | None = None) -> Span | None:
        """A range of the answer's text in the text as it is now."""
        shift = self._shift(path or self.path)
        return shift.forward(span) if shift is not None else span

    def location(self, place: Place) -> t.Location | None:
        range_ = self.range(place.span, place.path)
        return t.Location(self.uri(place.path), range_) if range_ is not None else None

    def uri(self, path: str) -> str:
        """As the client spelled it, if the file is open."""
        open_ = self._others.get(path)
        return open_.uri if open_ is not None else str(from_fs_path(path))

    def version(self, path: str) -> int | None:
        """The version of an open file."""
        open_ = self._others.get(path)
        return open_.version if open_ is not None else None

    def newest(self, path: str) -> SourceText | None:
        """A file's text as it is now."""
        open_ = self._others.get(path)
        return open_.source if open_ is not None else self.text(path)

    def text(self, path: str) -> SourceText | None:
        """The text that the answer's places in a file count in."""
        return self.answer.source if path == self.path else self.answer.texts.get(path)

    def _shift(self, path: str) -> Shift | None:
        """How the file has changed since the answer; None if it has not."""
        open_, old = self._others.get(path), self.text(path)
        if open_ is None or old is None or old.text == open_.text:
            return None
        if path not in self._shifts:
            self._shifts[path] = Shift(old.text, open_.text)
        return self._shifts[path]

    # --- from the client -----------------------------------------------------------------------------------------

    def old_offset(self, position: t.Position) -> int | None:
        """Where a position is in the answer's text; None if that was edited since."""
        offset = self.offset(position)
        shift = self._shift(self.path)
        back = shift.back(Span(offset, offset)) if shift is not None else Span(offset, offset)
        return back.start if back is not None else None

    def access(self, position: t.Position) -> tuple[StateMap, Access] | None:
        """The access whose key is spelled at a position, and an app that it belongs to."""
        return next(iter(self.accesses(position)), None)

    def accesses(self, position: t.Position) -> list[tuple[StateMap, Access]]:
        """The accesses whose key is spelled at a position, of all apps; a name may stand for several keys."""
        offset = self.old_offset(position)
        if offset is None:
            return []
        return [(each, access) for each in self.maps for access in each.all_at(self.path, offset)]

    def spelling(self, access: Access) -> Place:
        """The characters that spell the key, without quotation marks; the whole access if none do."""
        if access.token is None:
            return access.place
        source = self.text(access.place.path)
        if source is None or not access.literal:
            return Place(access.place.path, access.token)
        start, end = inside(source.text[access.token.start : access.token.end])
        return Place(access.place.path, Span(access.token.start + start, access.token.start + end))
