"""For tests of front ends: reports made by hand, to see how they are shown without analysing anything, and what a run
of the command line leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streamlint.findings import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    Place,
    Related,
    Severity,
    Span,
    Step,
)
from streamlint.lint import Problem, Report, Statistics
from streamlint.source import SourceText


@dataclass(frozen=True)
class Result:
    """The exit code and the output of a process."""

    code: int
    out: str
    err: str


Streamlint = Callable[..., Result]
"""Runs the command line with the given arguments, see `tests/streamlint_cli/conftest.py`."""

TEXT = 'import streamlit as st\n\nst.write("größe 日本", st.session_state.cart)\nst.button("x")\n'
READ = "st.session_state.cart"


def place(path: Path, text: str = READ) -> Place:
    start = TEXT.index(text)
    return Place(str(path), Span(start, start + len(text)))


def finding(path: Path, message: str = "`cart` is read before it is set", **changes: object) -> Finding:
    fix = Fix("Initialise `cart`", (Edit(23, 23, 'st.session_state.setdefault("cart", [])\n'),), Applicability.UNSAFE)
    values: dict[str, object] = {
        "code": "STL901",
        "name": "unused-noqa",
        "message": message,
        "help": "set it at the top of the page",
        "place": place(path),
        "severity": Severity.ERROR,
        "confidence": Confidence.CERTAIN,
        "witness": (Step("first visit of the page"), Step("reads `cart`", place(path))),
        "related": (Related("the button that sets it", place(path, 'st.button("x")')),),
        "fix": fix,
        "key": "cart",
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def report(
    path: Path, *findings: Finding, problems: tuple[Problem, ...] = (), over_budget: tuple[str, ...] = ()
) -> Report:
    return Report(
        findings=findings,
        problems=problems,
        files=(str(path),),
        sources=lambda wanted: SourceText(wanted, TEXT),
        statistics=Statistics(files=1, apps=1, keys=3, over_budget=over_budget),
    )
