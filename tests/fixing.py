"""What the tests of fixes have in common: an app written without its marks, fixed, and compared."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from dataclasses import replace
from pathlib import Path

from pages import MARK, Case
from streamlint.findings import Applicability, Finding, Severity
from streamlint.fixing import Fixed, fix_paths
from streamlint.lint import Report
from streamlint.rules import all_rules
from streamlint.settings import load_settings

EVERYTHING = tuple(each.code for each in all_rules() if each.code != "STL503")
"""All rules but the one whose reports depend on what most of the app looks like."""
_MARK = re.compile(rf"[ \t]*{MARK}[^\r\n]*")


def unmarked(case: Case) -> Case:
    """The case without the comments that mark lines: they are no part of the app."""
    return replace(case, files=tuple((path, _MARK.sub("", text)) for path, text in case.files))


def fix(folder: Path, *select: str, least: Applicability = Applicability.UNSAFE) -> Fixed:
    """What fixing gives in the folder; nothing is written. Asserts that nothing failed."""
    overrides = {"select": list(select or EVERYTHING)}
    settings = load_settings(folder, isolated=True, overrides=overrides)
    fixed = fix_paths([folder], settings, least=least, cache=False)
    assert fixed.settled, "the fixes undo each other"
    internal = [problem.message for problem in fixed.report.problems if problem.kind == "internal"]
    assert not internal
    return fixed


def texts(case: Case, folder: Path, fixed: Fixed) -> dict[str, str]:
    """The texts of a case's files as they are now."""
    now = dict(case.files)
    return now | {str(Path(path).relative_to(folder)): text for path, (_, text) in fixed.texts.items()}


def counts(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    """How often each code is reported in each file."""
    return Counter((finding.place.path, finding.code) for finding in findings)


def comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text.replace("\r\n", "\n")).readline)
    return Counter(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)


def line_ends(text: str) -> set[str]:
    return set(re.findall(r"\r\n|\r|\n", text))


def judge(before: Report, fixed: Fixed, least: Applicability) -> None:
    """What holds for every fix: the result is Python, with its line ends and, if safe, its comments; what was fixed is
    gone, and nothing new is reported, unless it stands behind what raised before."""
    for path, (source, text) in fixed.texts.items():
        compile(text, path, "exec")
        assert line_ends(text) <= line_ends(source.text) or not line_ends(source.text)
        if least is Applicability.SAFE:
            assert not comments(source.text) - comments(text), "a safe fix keeps the comments"
    left = [f for f in fixed.report.findings if f.fix is not None and f.fix.applicability >= least]
    assert not left, "applying again changes nothing"
    now, then = counts(fixed.report.findings), counts(before.findings)
    raised = any(finding.severity is Severity.ERROR for finding in fixed.made)
    new = {each for each in now - then if not (raised and each[1].startswith("STL2"))}
    assert not new, "nothing new is reported"
    gone = counts(fixed.made)
    assert all(now[each] <= max(0, then[each] - number) for each, number in gone.items()), "what was fixed is gone"
