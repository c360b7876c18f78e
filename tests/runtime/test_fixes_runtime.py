"""A fixed app does not fail where it did, and otherwise shows what it showed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import unmarked
from flow_cases import flow_cases
from pages import Case, all_cases
from runtime.client import Outcome, Runtime
from runtime.judging import failures
from style_cases import repair_cases, style_cases

pytestmark = pytest.mark.runtime
CASES = [case for case in (*all_cases(), *style_cases(), *repair_cases(), *flow_cases()) if case.fixed]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_fixed_app_does_the_same_without_failing(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    unmarked(case).write(bad)
    unmarked(case).write(good)
    for path, text in case.fixed:
        (good / path).write_bytes(text.encode())
    if not all(streamlit.can_take(steps, (text for _, text in case.files)) for steps in case.sequences):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    for steps in case.sequences:
        plain = [step for step in steps if not step.startswith(("shows ", "hides "))]
        before = streamlit.run(bad, case.entrypoint, plain)
        after = streamlit.run(good, case.entrypoint, plain)
        assert not failures(after)
        for old, new in zip(before, after, strict=True):
            assert old.exceptions or by_the_app(old) == by_the_app(new) or lost(case)
    raising = [mark for mark in case.marks if mark.exception]
    assert not raising or any(failures(streamlit.run(bad, case.entrypoint, steps)) for steps in case.sequences)
    if lost(case) and any(step.startswith(("shows ", "hides ")) for steps in case.sequences for step in steps):
        assert any(is_contradicted(streamlit, good, case, steps) for steps in case.sequences)


def by_the_app(outcome: Outcome) -> list[str]:
    """What the app itself shows: up to Streamlit 1.55 a default beside a set key brings a warning with it."""
    return [text for text in outcome.shown if not text.startswith("The widget with key ")]


def lost(case: Case) -> bool:
    """Whether the case is about what is lost without an error: then the fixed app shows something else."""
    return any(not mark.exception and not mark.code.startswith(("STL202", "STL5")) for mark in case.marks)


def is_contradicted(streamlit: Runtime, folder: Path, case: Case, steps: tuple[str, ...]) -> bool:
    """Whether the app does not show what the steps say, which tell of the loss."""
    try:
        streamlit.run(folder, case.entrypoint, steps)
    except RuntimeError:
        return True
    return False
