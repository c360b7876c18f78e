"""What is found about the keys of an app and their uses."""

from __future__ import annotations

from collections.abc import Iterable

from streamlint.findings import Finding, Place, Severity
from streamlint.statemap import Access, StateMap


class Judgement:
    """The findings in the files of an app, by what they are about."""

    def __init__(self, app: StateMap, findings: Iterable[Finding]) -> None:
        self._by_key: dict[str, list[Finding]] = {}
        self._by_place: dict[Place, list[Finding]] = {}
        self._by_file: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.place.path in app.modules:
                self._by_place.setdefault(finding.place, []).append(finding)
                self._by_file.setdefault(finding.place.path, []).append(finding)
                if finding.key is not None:
                    self._by_key.setdefault(finding.key, []).append(finding)

    def of_key(self, key: str) -> list[Finding]:
        return self._by_key.get(key, [])

    def in_file(self, path: str) -> list[Finding]:
        return self._by_file.get(path, [])

    def of_use(self, access: Access) -> list[Finding]:
        """What stands on one use of a key."""
        return [f for f in self._by_place.get(access.place, ()) if f.key in (None, access.key)]

    def is_protected(self, access: Access) -> bool:
        """Whether nothing is found about a read: the key is there whenever it comes. Hints are about style."""
        return all(finding.severity is Severity.HINT for finding in self.of_use(access))
