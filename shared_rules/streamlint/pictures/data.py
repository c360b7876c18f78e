"""A state map as plain data, in camel case: the app, its pages, and per key its kind, types, uses and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from streamlint.findings import Finding
from streamlint.pictures.judging import Judgement
from streamlint.pictures.places import Json, Places, spelled, warning
from streamlint.statemap import Access, StateMap


def as_data(app: StateMap, findings: Iterable[Finding], places: Places) -> Json:
    """All that is known of an app's keys, and what is found about them."""
    return _Writer(app, places, Judgement(app, findings)).app_as_data()


class _Writer:
    def __init__(self, app: StateMap, places: Places, judgement: Judgement) -> None:
        self._app = app
        self._places = places
        self._judgement = judgement

    def app_as_data(self) -> Json:
        return {
            "entrypoint": self._places.file(self._app.entry),
            "pages": [self._places.file(page) for page in self._app.pages],
            "titles": {self._places.file(page): title for page, title in sorted(self._app.titles.items())},
            "keys": [self._key(key) for key in self._app.keys],
            "dynamic": [self._use(access) for access in self._app.dynamic],
            "unknown": [self._places.place(place) for place in self._app.unknown],
        }

    def _key(self, key: str) -> Json:
        accesses = self._app.keys[key]
        return {
            "key": key,
            "kind": "widget" if self._app.widgets(key) else "plain",
            "types": list(self._app.types.get(key, ())),
            "survivesPageSwitch": self._app.survives(key),
            "initialisers": [self._places.place(access.place) for access in self._app.initialisers(key)],
            "files": self._files(accesses),
            "uses": [self._use(access) for access in accesses],
            "warnings": [warning(finding, self._places) for finding in self._judgement.of_key(key)],
        }

    def _files(self, accesses: Iterable[Access]) -> dict[str, dict[str, int]]:
        """How often each thing is done to a key, file by file."""
        files: dict[str, Counter[str]] = {}
        for access in accesses:
            files.setdefault(self._places.file(access.place.path), Counter())[access.use] += 1
        return {file: dict(counts) for file, counts in files.items()}

    def _use(self, access: Access) -> Json:
        return {
            "key": access.key,
            "use": access.use,
            **self._places.place(access.place),
            "spelled": self._places.range_(spelled(access)),
            "literal": access.literal,
            "function": access.function or None,
            "pages": [self._places.file(page) for page in access.pages],
            "callbacks": list(access.callbacks),
            "element": access.element,
            "protected": self._judgement.is_protected(access) if access.reads else None,
        }
