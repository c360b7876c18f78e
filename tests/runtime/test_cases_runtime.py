"""The watched apps of `cases/` still do under this Streamlit what `expected.json` says of its version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from runtime.client import Runtime

pytestmark = pytest.mark.runtime
CASES = Path(__file__).parent / "cases"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))

STEPS = {
    "01_del_then_read": ["run", "click logout"],
    "01_init_fix": ["run"],
    "01_init_in_branch": ["run"],
    "01_missing_attr": ["run"],
    "01_missing_delattr": ["run"],
    "01_missing_delitem": ["run"],
    "01_missing_iadd_attr": ["run"],
    "01_missing_iadd_item": ["run"],
    "01_missing_item": ["run"],
    "07_cb_init_after": ["run", "click b"],
    "07_cb_key_mismatch": ["run", "set name Ann"],
    "07_cb_missing_key_widget": ["run", "set name Ann"],
    "07_keyerror_in_cb": ["run", "click b"],
    "08_nav_init_in_entrypoint": ["open p2"],
    "08_nav_init_in_page": ["open p2"],
    "08_pages_deeplink": ["open pages/p2.py"],
    "08_pages_deeplink_fix": ["open pages/p2.py"],
    "15_attr_widget_before": ["run"],
    "15_hasattr_guard": ["run"],
    "15_if_not_in": ["run"],
    "16_missing_key_in_fragment": ["run"],
    "21_del_missing_in_logout": ["run", "click logout"],
    "21_getattr_default_none": ["run"],
}
"""The sessions that `AppTest` can play, by case; the last step is the one that raises, if any does."""


@pytest.mark.parametrize("name", STEPS)
def test_a_watched_app_still_does_what_was_watched(name: str, streamlit: Runtime) -> None:
    folder, steps = CASES / name, STEPS[name]
    sources = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    if not streamlit.can_take(steps, sources):
        pytest.skip(f"Streamlit {streamlit.version} has no such pages or fragments")
    *before, last = streamlit.run(folder, "app.py", steps)
    assert not [raised for outcome in before for raised in outcome.exceptions]
    assert {(raised.type, raised.is_missing_key) for raised in last.exceptions} == {
        (kind, True) for _, kind, _ in first_raised(name, streamlit.version)
    }


def first_raised(name: str, version: tuple[int, ...]) -> list[tuple[str, str, str]]:
    """What was raised first on the watched version that is nearest below `version`."""
    steps = {_numbers(each): steps for versions, steps in EXPECTED[name]["raised"].items() for each in versions.split()}
    watched = max((each for each in steps if each <= version), default=None)
    return steps[watched][:1] if watched else []


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
