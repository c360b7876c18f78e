"""The one entry for all front ends: files and settings in, a report out.

A report about a file depends on the whole app it belongs to, so the apps that run any of the files asked for are
analysed as a whole, and only what lies in those files is reported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from streamlint.findings import Finding
from streamlint.rules import Rule, all_rules, check_of
from streamlint.source import SourceText

if TYPE_CHECKING:
    from streamlint.settings import Settings

ProblemKind: TypeAlias = Literal["syntax", "io", "internal"]
Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all, and what comes next."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a file, or a part of the analysis, has no findings. `line` and `column` are 1-based, columns in code points.

    "syntax": the file is not Python; "io": it cannot be read; "internal": streamlint failed, and says where."""

    path: str
    line: int
    column: int
    message: str
    kind: ProblemKind


@dataclass(frozen=True, slots=True)
class Statistics:
    """The work behind a report: files and apps looked at, session-state keys followed, and the keys among them that
    ran into the analysis budget, so that their silence proves nothing."""

    files: int = 0
    apps: int = 0
    keys: int = 0
    over_budget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong in the files asked for, sorted by place. `suppressed` is what comments in the files silenced.

    `files` are absolute paths; `sources` gives the text (of the disk or the overlay) that the offsets count in, and
    raises `OSError` or `ValueError` for a file that has none."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    sources: Callable[[str], SourceText]
    statistics: Statistics = field(default_factory=Statistics)
    suppressed: tuple[Finding, ...] = ()

    def noqa_row(self, finding: Finding) -> int:
        """The 1-based line where a noqa comment for the finding belongs."""
        return 1
