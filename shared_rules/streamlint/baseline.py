"""The findings that a team lives with for now: they stay quiet, new ones are reported.

A known finding is recognised by what it is about and not by its line: rule, key of the session state, function and
expression. So code that moves, is reformatted or gets into another file or function does not bring it back.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from streamlint.facts.scopes import Scope, scopes
from streamlint.findings import Finding
from streamlint.fixes import Syntax
from streamlint.records import immutable, ordered
from streamlint.settings import SettingsError

VERSION = 1


@ordered
class Known:
    """What a finding is recognised by. `path` is relative to the baseline's folder, with `/`; `key` is "" where the
    finding is about none, `function` the qualified name of the function around it, "" outside of all; `text` is the
    expression, without its formatting."""

    path: str
    code: str
    key: str
    function: str
    text: str


Counts: TypeAlias = "Counter[Known]"
"""How often each stands in the code."""


@immutable
class Split:
    """Findings that are `new`, those that were `known`, and what is `gone` of the baseline, which is fixed."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: Counts


class Baseline:
    """One baseline file. `counts` are its entries."""

    def __init__(self, file: Path, counts: Counts | None = None) -> None:
        self.file = file
        self.counts: Counts = counts if counts is not None else Counter()

    @staticmethod
    def load(file: Path) -> Baseline:
        """Reads a baseline. Raises `SettingsError` if it cannot be read, or is none."""
        try:
            return Baseline(file, _counts(json.loads(file.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            hint = "`streamlint check --write-baseline` writes one"
            raise SettingsError(f"the baseline {file} does not exist; {hint}") from None
        except OSError as error:
            raise SettingsError(f"the baseline {file} cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"{file} is no baseline of streamlint: {error}") from error

    def path_of(self, known: Known) -> str:
        """The absolute path of the file of an entry."""
        return os.path.abspath(self.file.parent / known.path)

    def describe(self, finding: Finding, syntax: Syntax | None, text: str) -> Known:
        """What a finding of the file with this text is recognised by."""
        span = finding.place.span
        function = _function_around(syntax, span.start) if syntax is not None else ""
        path = _relative(finding.place.path, self.file.parent)
        return Known(path, finding.code, finding.key or "", function, _plain(text[span.start : span.end]))

    def split(self, findings: Sequence[Finding], describe: Callable[[Finding], Known]) -> Split:
        """Tells new findings from known ones. What matches exactly comes first, then what stands in another function
        now, then what stands in another file because its own is gone."""
        left, described = Counter(self.counts), [describe(finding) for finding in findings]
        known = set[int]()
        for likeness, candidates in (
            (lambda entry: entry, left),
            (lambda entry: (entry.path, entry.code, entry.key, entry.text), left),
            (lambda entry: (entry.code, entry.key, entry.text), filter(self._is_lost, left)),
        ):
            _match(described, known, left, likeness, sorted(candidates))
        return Split(
            tuple(finding for at, finding in enumerate(findings) if at not in known),
            tuple(finding for at, finding in enumerate(findings) if at in known),
            +left,
        )

    def _is_lost(self, entry: Known) -> bool:
        return not os.path.exists(self.path_of(entry))

    def with_only(self, findings: Iterable[Known], replaced: Callable[[Known], bool]) -> Baseline:
        """The baseline with these findings in place of the entries that are to be `replaced`."""
        kept = Counter({entry: count for entry, count in self.counts.items() if not replaced(entry)})
        return Baseline(self.file, kept + Counter(findings))

    def without(self, gone: Counts) -> Baseline:
        """The baseline with fewer entries."""
        return Baseline(self.file, self.counts - gone)

    def to_json(self) -> str:
        """The text of the file: sorted, one entry a line, so that changes of it can be read and merged."""
        files: dict[str, list[str]] = {}
        for entry in sorted(self.counts):
            files.setdefault(entry.path, []).append(json.dumps(_to_json(entry, self.counts[entry]), ensure_ascii=False))
        blocks = [
            f"    {json.dumps(path, ensure_ascii=False)}: [\n      " + ",\n      ".join(lines) + "\n    ]"
            for path, lines in files.items()
        ]
        inside = "{\n" + ",\n".join(blocks) + "\n  }" if blocks else "{}"
        return f'{{\n  "version": {VERSION},\n  "files": {inside}\n}}\n'


def _match(
    described: Sequence[Known],
    known: set[int],
    left: Counts,
    likeness: Callable[[Known], object],
    candidates: Iterable[Known],
) -> None:
    """Moves what is like a finding that is not known yet from `left` to `known`."""
    waiting: dict[object, list[Known]] = {}
    for entry in candidates:
        waiting.setdefault(likeness(entry), []).extend([entry] * left[entry])
    for at, entry in enumerate(described):
        alike = waiting.get(likeness(entry))
        if at not in known and alike:
            left[alike.pop()] -= 1
            known.add(at)


def _to_json(entry: Known, count: int) -> dict[str, Any]:
    found: dict[str, Any] = {"code": entry.code, "key": entry.key, "function": entry.function, "text": entry.text}
    return {name: value for name, value in found.items() if value != ""} | ({"count": count} if count > 1 else {})


def _counts(data: Any) -> Counts:
    """The entries of a parsed file. Raises `ValueError`, which says what is wrong."""
    if not isinstance(data, Mapping) or not isinstance(data.get("files"), Mapping):
        raise ValueError("there is no table `files`")
    if data.get("version") != VERSION:
        raise ValueError(f"its version is {data.get('version')!r}, and this streamlint reads {VERSION}")
    counts: Counts = Counter()
    for path, entries in data["files"].items():
        if not isinstance(entries, Sequence) or isinstance(entries, str):
            raise ValueError(f"`files` has no list for {path!r}")
        for entry in entries:
            known, count = _entry(path, entry)
            counts[known] += count
    return counts


def _entry(path: str, entry: Any) -> tuple[Known, int]:
    if not isinstance(entry, Mapping):
        raise ValueError(f"an entry of {path!r} is no table: {entry!r}")
    names = ("code", "key", "function", "text")
    parts = [entry.get(name, "") for name in names]
    count = entry.get("count", 1)
    if not all(isinstance(part, str) for part in parts) or not isinstance(count, int) or count < 1:
        raise ValueError(f"an entry of {path!r} is not as it should be: {entry!r}")
    return Known(path, *parts), count


def _relative(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


def _plain(text: str) -> str:
    """A text without what formatters change. Python's own way to write an expression differs between its versions."""
    return "".join(text.split()).replace("'", '"').replace(",)", ")").replace(",]", "]").replace(",}", "}")


def _function_around(syntax: Syntax, offset: int) -> str:
    line = syntax.source.line_of(offset)
    around: list[Scope] = [each for each in scopes(syntax) if not each.is_class and each.first <= line <= each.last]
    return max(around, key=lambda each: (each.first, -each.last)).name
