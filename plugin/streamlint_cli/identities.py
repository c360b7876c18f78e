"""What a finding is recognised by in other commits: what a baseline recognises it by, which knows no line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from streamlint_cli.entries import Entry

if TYPE_CHECKING:
    from streamlint.baseline import Baseline
    from streamlint.findings import Finding
    from streamlint.fixes import Syntax
    from streamlint.lint import Report


class Identities:
    """The identities of the findings of a report. Each file is parsed once, when it is asked for."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._known: dict[str, tuple[Syntax | None, str]] = {}

    def of(self, finding: Finding) -> str:
        """The path below the working directory, rule, key, function and expression."""
        path = finding.place.path
        if path not in self._known:
            self._known[path] = self._parsed(path)
        known = _nowhere().describe(finding, *self._known[path])
        return "\0".join((known.path, known.code, known.key, known.function, known.text))

    def _parsed(self, path: str) -> tuple[Syntax | None, str]:
        from streamlint.fixes import Syntax

        source = self._report.sources(path)
        try:
            return Syntax(source), source.text
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None, source.text


def _nowhere() -> Baseline:
    from streamlint.baseline import Baseline

    return Baseline(Path.cwd() / "none")


def fingerprints(entries: Sequence[Entry]) -> list[str]:
    """A name for each entry that stays when its line moves; those of the same identity are told apart by counting."""
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        same = entry.identify() if entry.identify is not None else _plain(entry)
        found.append(sha256(f"{same}\0{seen[same]}".encode(errors="surrogatepass")).hexdigest()[:32])
        seen[same] += 1
    return found


def _plain(entry: Entry) -> str:
    return "\0".join((PurePath(entry.location.shown).as_posix(), entry.code, entry.message))
