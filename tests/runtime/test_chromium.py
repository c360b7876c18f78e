"""A sample of the pages in Chromium: what the tests' own browser is told to do, a real one does alike.

Slow, so only `scripts/dev.py browser` runs it; `STREAMLINT_CHROMIUM` names the browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs_pages import docs_cases
from pages import Case, all_cases, parse

CHROMIUM = os.environ.get("STREAMLINT_CHROMIUM")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="`scripts/dev.py browser` runs these")
OWN = parse(Path(__file__).with_name("browser.md").read_text(encoding="utf-8"), "browser")
CASES = [case for case in (*OWN, *docs_cases(), *all_cases()) if case.painted]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_chromium_sees_the_same(case: Case, chromium: Any, tmp_path: Path) -> None:
    from runtime.chromium import Tab, serving  # needs Streamlit, which not all Pythons have here

    case.write(tmp_path)
    with serving(tmp_path, case.entrypoint) as address:
        for steps in case.painted:
            tab = Tab(chromium, address, case.entrypoint)
            for step in steps:
                tab.do(step)
            tab.page.context.close()
