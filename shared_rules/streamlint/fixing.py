"""Fixing: the fixes of findings applied, round by round, until nothing is left to fix.

Fixes that touch the same text wait for the next round, in which everything is analysed again. What a round gives is
parsed before anybody sees it, and a round that leads back to an earlier text is not made.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from streamlint.findings import Applicability, Edit, Finding
from streamlint.fixes.building import applied, parses
from streamlint.lint import Linter, Progress, Report
from streamlint.records import immutable
from streamlint.settings import Settings
from streamlint.source import SourceText

MAX_ROUNDS = 100


@immutable
class Fixed:
    """What fixing gave. `report` is about the texts as they are now; nothing is written yet."""

    report: Report
    texts: Mapping[str, tuple[SourceText, str]]
    """For each changed file what it was, and its new text."""
    made: tuple[Finding, ...]
    """The findings that were fixed, in the order of the rounds."""
    settled: bool = True
    """False where fixes would undo each other for ever."""

    @property
    def counts(self) -> dict[str, Counter[tuple[str, str]]]:
        """How many findings were fixed, by file and then by code and name."""
        found: dict[str, Counter[tuple[str, str]]] = {}
        for finding in sorted(self.made, key=lambda f: (f.place.path, f.code)):
            found.setdefault(finding.place.path, Counter())[(finding.code, finding.name)] += 1
        return found


def fix_paths(
    paths: Sequence[Path | str],
    settings: Settings,
    *,
    least: Applicability = Applicability.SAFE,
    overlays: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cache: bool = True,
    ignore_noqa: bool = False,
    codes: Collection[str] | None = None,
) -> Fixed:
    """Check files and folders like `lint_paths`, with all fixes made that are at least this sure, of these rules if
    `codes` says which.

    Only files that are checked are changed."""
    linter = Linter(settings, overlays=overlays, cache=cache)
    return fix(linter, paths, least=least, progress=progress, ignore_noqa=ignore_noqa, codes=codes)


def fix(
    linter: Linter,
    paths: Sequence[Path | str],
    *,
    least: Applicability = Applicability.SAFE,
    progress: Progress | None = None,
    ignore_noqa: bool = False,
    codes: Collection[str] | None = None,
) -> Fixed:
    """The same with a linter, which has the fixed texts as overlays afterwards."""

    def check() -> Report:
        return linter.lint(paths, progress=progress, ignore_noqa=ignore_noqa)

    report = check()
    originals: dict[str, SourceText] = {}
    seen: set[tuple[tuple[str, str], ...]] = {()}
    made: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        chosen, texts = _round(report, least, originals, codes)
        if not chosen:
            break
        for path in texts:
            originals.setdefault(path, linter.source(path))
        state = _state(linter, originals, texts)
        if state in seen:
            return Fixed(report, _changed(linter, originals), tuple(made), settled=False)
        seen.add(state)
        made += chosen
        for path, text in texts.items():
            linter.replace(path, text)
        report = check()
    else:
        return Fixed(report, _changed(linter, originals), tuple(made), settled=False)
    return Fixed(report, _changed(linter, originals), tuple(made))


def _state(
    linter: Linter, originals: Mapping[str, SourceText], texts: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The files that would differ from what they were, with their texts."""
    found = {path: texts[path] if path in texts else linter.source(path).text for path in originals}
    return tuple(sorted((path, text) for path, text in found.items() if text != originals[path].text))


def _changed(linter: Linter, originals: Mapping[str, SourceText]) -> dict[str, tuple[SourceText, str]]:
    now = {path: linter.source(path).text for path in sorted(originals)}
    return {path: (originals[path], text) for path, text in now.items() if text != originals[path].text}


# --- one round -----------------------------------------------------------------------------------------------


def _round(
    report: Report, least: Applicability, originals: Mapping[str, SourceText], codes: Collection[str] | None
) -> tuple[list[Finding], dict[str, str]]:
    """The findings whose fixes go together, and the texts that they give."""

    def encodings(path: str) -> SourceText:
        return originals.get(path) or report.sources(path)

    known = frozenset(report.files)
    chosen = list[Finding]()
    taken: dict[str, list[Edit]] = {}
    for finding in report.findings:
        fix = finding.fix
        if fix is None or fix.applicability < least or (codes is not None and finding.code not in codes):
            continue
        wanted = {each.path: each.edits for each in fix.by_file(finding.place.path)}
        if wanted.keys() <= known and all(_fits(taken.get(path, ()), edits) for path, edits in wanted.items()):
            trial = {path: sorted({*taken.get(path, ()), *edits}) for path, edits in wanted.items()}
            if all(_is_sound(report.sources(path).text, edits, encodings(path)) for path, edits in trial.items()):
                taken |= trial
                chosen.append(finding)
    return chosen, {path: applied(report.sources(path).text, edits) for path, edits in taken.items()}


def _fits(taken: Iterable[Edit], edits: Iterable[Edit]) -> bool:
    """Whether the edits touch none of those taken; the same edit is wanted twice where two fixes need one thing."""
    return not any(_touch(mine, other) for mine in edits for other in taken if mine != other)


def _touch(a: Edit, b: Edit) -> bool:
    return a.start <= b.end and b.start <= a.end


def _is_sound(text: str, edits: Iterable[Edit], original: SourceText) -> bool:
    """Whether the text is Python with these edits, and the file's encoding has the characters for it."""
    text = applied(text, edits)
    try:
        original.to_bytes(text)
    except UnicodeEncodeError:
        return False
    return parses(text)


# --- writing -------------------------------------------------------------------------------------------------


def write(fixed: Fixed) -> None:
    """Writes the changed files, each in one step, with their encoding and byte order mark. Raises `OSError`."""
    for path, (source, text) in fixed.texts.items():
        write_atomically(Path(path), source.to_bytes(text))


def write_atomically(path: Path, data: bytes) -> None:
    """Give a file this content in one step; its mode stays, and a link stays a link. Raises `OSError`."""
    target = Path(os.path.realpath(path))
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    new = not target.exists()
    try:
        if new:
            target.touch()  # with the mode that new files get here; a temporary one is for its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        if new:
            target.unlink(missing_ok=True)
        raise
