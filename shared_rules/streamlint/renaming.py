"""Renaming a key in all apps that have it: the edits, and the proof that they are all.

Literals that spell the key where it is used are known from the state map. Those that come there through constants,
loops and helpers are found by walking: each literal that may be one gets a text of its own, and the walk tells which
of them turn up as keys. At last the apps are walked with the edits made: every use of the key must then be one of the
new one, and nothing else may differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streamlint.findings import Edit, FileEdits, Place, Span
from streamlint.fixes.building import applied
from streamlint.fixes.carried import Elsewhere, only_keys
from streamlint.fixes.renaming import attribute_of, candidates, entry_of, literal_of, texts_with
from streamlint.fixes.syntax import Syntax
from streamlint.flow.spellings import can_be_attribute
from streamlint.lint import Linter
from streamlint.source import SourceText
from streamlint.statemap import DRAWS, Access, StateMap

INTERNAL = "$$"
"""What the keys begin with that Streamlit keeps for itself."""


class Refused(Exception):
    """The key cannot be renamed: one sentence that says why."""


def rename_key(linter: Linter, path: str, key: str, name: str) -> tuple[FileEdits, ...]:
    """The edits that rename a key in all apps that run a file, or another file that is edited. Raises `Refused`.

    The texts of `linter` are changed: it is of no use afterwards."""
    return _Renaming(linter, path, key, name).edits()


def check_name(key: str, name: str) -> None:
    """Raises `Refused` for a name that no key can have."""
    if not name:
        raise Refused("A key needs a name.")
    if name == key:
        raise Refused(f'The key is called "{key}" already.')
    if name.startswith(INTERNAL) or not name.isprintable():
        raise Refused(f'"{name}" is no name for a key.')


@dataclass
class _Renaming:
    linter: Linter
    path: str
    key: str
    name: str
    maps: tuple[StateMap, ...] = ()
    files: dict[str, Syntax] = field(default_factory=dict)

    def edits(self) -> tuple[FileEdits, ...]:
        check_name(self.key, self.name)
        self._gather()
        self._check_names()
        edits = self._all_edits()
        self._prove(edits)
        return tuple(FileEdits(path, tuple(edits[path])) for path in sorted(edits))

    # --- what there is -----------------------------------------------------------------------------------------------

    def _gather(self) -> None:
        """The apps that run the file, and those that share a file with them where the key is used."""
        paths: set[str] = set()
        more = {self.path}
        while more - paths:
            paths |= more
            self.maps = self.linter.state_maps(sorted(paths))
            more = {access.place.path for access in self._accesses()}
        for path in sorted({path for each in self.maps for path in each.modules}):
            syntax = self.linter.syntax(path)
            if syntax is None:
                raise Refused(f"{self._relative(path)} is no valid Python, so that its uses of the key are not known.")
            self.files[path] = syntax

    def _accesses(self) -> list[Access]:
        return [access for each in self.maps for access in each.keys.get(self.key, ())]

    def _relative(self, path: str) -> str:
        root = self.linter.settings.root
        return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path

    def _at(self, place: Place) -> str:
        line = self.files[place.path].source.line_of(place.span.start)
        return f"{self._relative(place.path)}:{line}"

    # --- what is refused ---------------------------------------------------------------------------------------------

    def _check_names(self) -> None:
        taken = next((each.keys[self.name][0] for each in self.maps if self.name in each.keys), None)
        if taken is not None:
            raise Refused(f'The app has a key "{self.name}" already, at {self._at(taken.place)}.')
        for access in (access for each in self.maps for access in each.dynamic):
            for text in (self.key, self.name):
                if access.matches(text):
                    at = self._at(access.place)
                    raise Refused(f'The key at {at} is made at run time ("{access.key}") and may be "{text}".')
        for place in (place for each in self.maps for place in each.unknown):
            raise Refused(f'The key at {self._at(place)} is made at run time and may be "{self.key}".')
        self._check_style_sheets()

    def _check_style_sheets(self) -> None:
        """Streamlit makes a class of a widget's key, which a style sheet may name."""
        if any(access.use == DRAWS for access in self._accesses()):
            for path, syntax in self.files.items():
                for span in texts_with(syntax, f"st-key-{self.key}"):
                    at = self._at(Place(path, span))
                    raise Refused(f"The text at {at} names the style class that Streamlit makes of the key.")

    # --- edits -------------------------------------------------------------------------------------------------------

    def _all_edits(self) -> dict[str, list[Edit]]:
        accesses = self._accesses()
        if not accesses:
            raise Refused(f'No app has a key "{self.key}".')
        found: dict[str, set[Edit]] = {}
        for access in accesses:
            if access.literal:
                found.setdefault(access.place.path, set()).update(self._edits_of(access))
        if not all(access.literal for access in accesses):
            for place in self._elsewhere_spelled(accesses):
                found.setdefault(place.path, set()).add(self._literal(place))
        for path in found:
            if not Path(path).is_relative_to(self.linter.settings.root):
                raise Refused(f"{path}, which uses the key, is outside of the project.")
        return {path: sorted(edits) for path, edits in found.items()}

    def _edits_of(self, access: Access) -> list[Edit]:
        syntax, token, span = self.files[access.place.path], access.token, access.place.span
        assert token is not None
        edits: list[Edit] | None
        if syntax.text[token.start : token.end] != self.key:
            return [self._literal(Place(access.place.path, token))]
        if access.form == "attribute":
            edits = attribute_of(syntax, span, token, self.name, can_be_attribute(self.name))
        else:
            edits = entry_of(syntax, span, token, self.name)
        if edits is None:
            raise Refused(f'"{self.name}" cannot be written at {self._at(access.place)}.')
        return edits

    def _literal(self, place: Place) -> Edit:
        syntax = self.files[place.path]
        if syntax.text[place.span.start : place.span.end] == self.key:
            edits = entry_of(syntax, Span(0, 0), place.span, self.name)
            edit = edits[0] if edits is not None else None
        else:
            edit = literal_of(syntax, place.span, self.name)
        if edit is None:
            raise Refused(f'"{self.name}" cannot be written at {self._at(place)}.')
        return edit

    def _elsewhere_spelled(self, accesses: Sequence[Access]) -> frozenset[Place]:
        """The literals that become the key at a use that does not spell it."""
        direct: dict[str, set[Span]] = {}
        given: dict[str, set[Span]] = {}
        for access in accesses:
            if access.literal and access.token is not None:
                direct.setdefault(access.place.path, set()).add(access.token)
        for access in (access for each in self.maps for access in each.accesses):
            if not access.literal:
                given.setdefault(access.place.path, set()).add(access.token or access.place.span)
        places = [
            Place(path, span)
            for path, syntax in self.files.items()
            for span in candidates(syntax, self.key, direct.get(path, ()))
        ]
        chosen = self._turning_up(places)
        try:
            return chosen | only_keys(self.files, given, chosen, self.key)
        except Elsewhere as used:
            reason = f"What spells the key is used for something else, too, at {self._at(used.place)}."
            raise Refused(reason) from used

    def _turning_up(self, places: Sequence[Place]) -> frozenset[Place]:
        """The literals that are keys somewhere: each has a text of its own in a walk."""
        marks = {f"{self.key}__{number}__": place for number, place in enumerate(places)}
        edits: dict[str, list[Edit]] = {}
        for mark, place in marks.items():
            syntax = self.files[place.path]
            plain = syntax.text[place.span.start : place.span.end] == self.key
            edit = Edit(place.span.start, place.span.end, mark) if plain else literal_of(syntax, place.span, mark)
            if edit is not None:
                edits.setdefault(place.path, []).append(edit)
        keys = {key for each in self._walked(edits) for key in each.keys}
        return frozenset(place for mark, place in marks.items() if mark in keys)

    def _walked(self, edits: Mapping[str, Iterable[Edit]]) -> tuple[StateMap, ...]:
        """The state maps with edits made."""
        for path, syntax in self.files.items():
            text = applied(syntax.text, sorted(edits.get(path, ())))
            if self.linter.source(path).text != text:
                self.linter.replace(path, text)
        return self.linter.state_maps(sorted({each.entry for each in self.maps}))

    # --- proof -------------------------------------------------------------------------------------------------------

    def _prove(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Raises `Refused` unless the edits do what they should and nothing else."""
        before = Counter(self._seen(self.maps, edits, self.key))
        after = Counter(self._seen(self._walked(edits), {}, None))
        if before == after:
            return
        odd = min((before - after) or (after - before))
        path, offset = odd[1], odd[2]
        text = applied(self.files[path].text, edits.get(path, ()))
        at = f"{self._relative(path)}:{SourceText(path, text).line_of(min(offset, len(text)))}"
        raise Refused(f"It cannot be shown that the key at {at} would be renamed with the others.")

    def _seen(
        self, maps: Iterable[StateMap], edits: Mapping[str, Sequence[Edit]], key: str | None
    ) -> Iterable[tuple[str, str, int, str, str, str]]:
        """All uses of all apps, as they should be after the edits."""
        for each in maps:
            for access in each.accesses:
                path = access.place.path
                text = self.name if access.key == key else access.key
                around = f"{access.exact} {access.pages} {access.callbacks} {access.element} {access.function}"
                yield each.entry, path, _moved(access.place.span.start, edits.get(path, ())), text, access.use, around


def _moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where an offset that no edit goes over is after the edits."""
    return offset + sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= offset)
