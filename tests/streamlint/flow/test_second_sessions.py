"""The witness of a leak goes on with a second session, and says what that one meets."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow_cases import flow_cases
from pages import Case, all_cases
from streamlint.lint import lint_paths
from streamlint.settings import load_settings

VISIT = "a second session of the same process: first visit of "
LEAKS = [
    case for case in (*flow_cases(), *all_cases()) if any(mark.code.startswith("STL3") for mark in case.marks)
]  # fmt: skip


@pytest.mark.parametrize("case", LEAKS, ids=[case.id for case in LEAKS])
def test_a_leak_is_met_by_a_second_session(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    found = lint_paths([tmp_path], load_settings(tmp_path), cache=False).findings
    for leak in (finding for finding in found if finding.code.startswith("STL3")):
        texts = [step.text for step in leak.witness]
        visits = [number for number, text in enumerate(texts) if text.startswith(VISIT)]
        assert len(visits) == 1 and 0 < visits[0] < len(texts) - 1
        assert all(step.place is not None for step in leak.witness[visits[0] + 1 :])
