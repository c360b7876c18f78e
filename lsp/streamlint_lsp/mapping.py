"""State maps as data: what clients draw pictures and tables of.

Names are in camel case and places are ranges, as the protocol has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types as t
from streamlint.findings import Finding, Place
from streamlint.statemap import Access, StateMap

Json = dict[str, Any]


@dataclass(frozen=True)
class Maps:
    """The state maps of some apps, and what is wrong in their files."""

    root: str
    maps: tuple[StateMap, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Writer:
    """`uri` and `range_` say what a path and a place are to the client; a range is None for a file that is gone."""

    uri: Callable[[str], str]
    range_: Callable[[Place], t.Range | None]
    findings: tuple[Finding, ...] = field(default=())

    def app(self, each: StateMap) -> Json:
        return {
            "entrypoint": self.uri(each.entry),
            "pages": [self.uri(page) for page in each.pages],
            "keys": [self._key(each, key) for key in each.keys],
            "dynamic": [self._use(each, access) for access in each.dynamic],
            "unknown": [self._place(place) for place in each.unknown],
        }

    def _key(self, each: StateMap, key: str) -> Json:
        uses = [self._use(each, access) for access in each.keys[key]]
        files: dict[str, dict[str, int]] = {}
        for use in uses:
            counts = files.setdefault(use["uri"], {})
            counts[use["use"]] = counts.get(use["use"], 0) + 1
        return {
            "key": key,
            "kind": "widget" if each.widgets(key) else "plain",
            "types": list(each.types.get(key, ())),
            "survivesPageSwitch": each.survives(key),
            "initialisers": [self._place(access.place) for access in each.initialisers(key)],
            "files": files,
            "uses": uses,
            "warnings": [self._warning(f) for f in self.findings if f.key == key and f.place.path in each.modules],
        }

    def _use(self, each: StateMap, access: Access) -> Json:
        token = Place(access.place.path, access.token) if access.token is not None else access.place
        return {
            "key": access.key,
            "use": access.use,
            **self._place(access.place),
            "spelled": _range(self.range_(token)),
            "literal": access.literal,
            "function": access.function or None,
            "pages": [self.uri(page) for page in access.pages],
            "callbacks": list(access.callbacks),
            "element": access.element,
            "protected": self._is_protected(access) if access.reads else None,
        }

    def _is_protected(self, access: Access) -> bool:
        """Whether nothing is found about the read: the key is there whenever it comes."""
        return not any(f.place == access.place and f.key in (None, access.key) for f in self.findings)

    def _warning(self, finding: Finding) -> Json:
        return {
            "code": finding.code,
            "name": finding.name,
            "message": finding.message,
            "severity": finding.severity.value,
            **self._place(finding.place),
        }

    def _place(self, place: Place) -> Json:
        return {"uri": self.uri(place.path), "range": _range(self.range_(place))}


def _range(range_: t.Range | None) -> Json | None:
    if range_ is None:
        return None
    return {end: {"line": at.line, "character": at.character} for end, at in _ends(range_)}


def _ends(range_: t.Range) -> Iterable[tuple[str, t.Position]]:
    return ("start", range_.start), ("end", range_.end)
