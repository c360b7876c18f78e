"""The playground in Chromium: the engine answers there, and people with and without a mouse can use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from docs.conftest import Visit
from docs_site.blocks import fragment

pytestmark = [pytest.mark.docs, pytest.mark.timeout(300)]
BROKEN = "import streamlit as st\n\nst.write(st.session_state.user)\n"
ASTRAL = "import streamlit as st\n\nst.title('\U0001f600'); st.write(st.session_state.user)\n"
LATE = 'import streamlit as st\n\nst.text_input("Name", key="name")\nst.write(st.session_state["name"])\n'


GO = """begin => {
  document.body.dataset.state = "waiting";
  if (location.hash.slice(1) === begin) dispatchEvent(new Event("hashchange"));
  else location.hash = begin;
}"""


class Playground(Visit):
    """The page, with what a person does there."""

    def open(self, address: str, *files: tuple[str, str]) -> None:
        """Opens an app by its address, in the same page where that is the playground already: Python takes its time."""
        wanted, begin = f"{address}playground/app/", fragment(files) if files else ""
        if self.page.url.startswith(wanted):
            self.page.evaluate(GO, begin)
        else:
            self.page.goto(f"{wanted}#{begin}")
        self.settle()

    def settle(self) -> None:
        """Waits until what is shown is about the text as it is."""
        self.page.wait_for_selector("body[data-state=checked]", timeout=120_000)

    def says(self, status: str) -> None:
        """Waits until the status says so."""
        self.page.locator("[role=status]", has_text=status).wait_for(timeout=60_000)

    @property
    def codes(self) -> list[str]:
        return [each.split()[-1] for each in self.page.locator("#findings .code").all_inner_texts()]

    @property
    def text(self) -> str:
        return "\n".join(self.page.locator(".cm-line").all_text_contents())

    @property
    def status(self) -> str:
        return str(self.page.locator("[role=status]").inner_text())


@pytest.fixture(scope="module")
def shared(chromium: Any, address: str) -> Iterator[Playground]:
    """One page for all tests, as Python takes seconds to start."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield Playground(context.new_page(), address)
    context.close()


@pytest.fixture
def playground(shared: Playground) -> Iterator[Playground]:
    yield shared
    assert (shared.outside, shared.errors) == ([], [])


def test_it_finds_what_the_first_example_has(playground: Playground, address: str) -> None:
    playground.open(address)
    assert (playground.codes, playground.status) == (["STL104", "STL101"], "2 findings")
    assert playground.page.locator(".cm-lintRange-error").count() >= 2
    steps = playground.page.locator("#findings li").nth(0).locator("ol li").all_inner_texts()
    assert steps[0] == "first visit of app.py" and 'click button "Add"' in steps


def test_a_click_makes_a_fix(playground: Playground, address: str) -> None:
    playground.open(address)
    playground.page.get_by_role("button", name="Fix: Initialise shopping").click()
    playground.says("1 finding")
    assert 'st.session_state.setdefault("shopping", [])' in playground.text and playground.codes == ["STL104"]


def test_a_squiggle_says_why_and_offers_the_fix(playground: Playground, address: str) -> None:
    playground.open(address)
    playground.page.locator(".cm-lintRange-error").last.hover()
    tooltip = playground.page.locator(".cm-tooltip-lint")
    tooltip.wait_for()
    assert "1. first visit of `app.py`" in tooltip.inner_text()
    tooltip.get_by_role("button", name="Fix").click()
    playground.says("1 finding")


def test_it_checks_what_is_typed_and_tab_leaves_the_editor(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", LATE))
    assert playground.status == "No findings"
    playground.page.locator(".cm-content").focus()
    playground.page.keyboard.press("Control+End")
    playground.page.keyboard.type("st.session_state.name = 1\n")
    playground.says("1 finding")
    assert playground.codes == ["STL104"]
    playground.page.keyboard.press("Tab")
    assert playground.page.evaluate("!document.activeElement.closest('#editor')")


def test_a_step_leads_to_its_file(playground: Playground, address: str) -> None:
    files = (("app.py", "import streamlit as st\n\nst.session_state.user = 1\n"), ("pages/Other.py", BROKEN))
    playground.open(address, *files)
    assert playground.codes == ["STL102"]
    playground.page.locator("#findings ol .place").last.click()
    assert playground.page.locator("#files [aria-selected=true]").inner_text().startswith("pages/Other.py")
    assert playground.text == BROKEN
    playground.page.locator("#files [aria-selected=true]").focus()
    playground.page.keyboard.press("ArrowLeft")
    assert playground.page.locator("#files :focus").inner_text().startswith("app.py")


def test_files_are_added_renamed_and_deleted(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", "from state import init\n\ninit()\n" + BROKEN))
    names = iter(["states.py", "state.py"])
    playground.page.on("dialog", lambda box: box.accept(next(names)) if box.type == "prompt" else box.accept())
    playground.page.get_by_role("button", name="Add a file").click()
    playground.page.get_by_role("button", name="Rename").click()
    playground.page.locator(".cm-content").focus()
    playground.page.keyboard.press("Control+End")
    playground.page.keyboard.type("def init():\nst.session_state.user = 1\n")
    playground.says("No findings")
    playground.page.get_by_role("button", name="Delete").click()
    playground.says("1 finding")


def test_an_app_is_shared_by_its_address(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", BROKEN))
    playground.page.locator(".cm-content").focus()
    playground.page.keyboard.type("# ä \U0001f600\n")
    playground.page.get_by_role("button", name="Share").click()
    playground.says("address")
    url, text = playground.page.url, playground.text
    playground.page.goto("about:blank")
    playground.page.goto(url)
    playground.settle()
    assert playground.text == text and "# ä \U0001f600" in text


def test_a_text_that_is_no_python_says_where(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", "import streamlit as st\n\nif st.button('x')\n    pass\n"))
    assert "SyntaxError" in playground.page.locator("#findings").inner_text()
    playground.page.get_by_role("button", name="app.py:3").click()
    assert playground.page.locator(".cm-activeLine").inner_text().startswith("if st.button")


def test_settings_count_and_mistakes_in_them_are_said(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", BROKEN), ("pyproject.toml", '[tool.streamlint]\nignore = ["STL1"]\n'))
    assert playground.status == "No findings"
    playground.open(address, ("app.py", BROKEN), ("pyproject.toml", "[tool.streamlint]\nignor = []\n"))
    assert "did you mean ignore" in playground.page.locator("#findings").inner_text()


def test_columns_are_right_behind_characters_of_two_units(playground: Playground, address: str) -> None:
    playground.open(address, ("app.py", ASTRAL))
    assert playground.page.locator(".cm-lintRange-error").first.inner_text() == "st.session_state.user"


def test_the_state_map_leads_to_the_code(playground: Playground, address: str) -> None:
    playground.open(address)
    playground.page.get_by_role("tab", name="State map").click()
    frame = playground.page.frame_locator("iframe[title='State map']")
    frame.locator("svg text", has_text="shopping").first.wait_for()
    playground.page.get_by_role("tab", name="State map").focus()
    playground.page.keyboard.press("ArrowLeft")
    assert playground.page.locator("#findings").is_visible()


def test_everything_has_a_name_for_screen_readers(playground: Playground, address: str) -> None:
    playground.open(address)
    nameless = playground.page.evaluate(
        "[...document.querySelectorAll('button, select, a, [role=tabpanel], iframe, .cm-content')]"
        ".filter(e => !(e.innerText || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title"
        " || e.labels?.length)).map(e => e.outerHTML)"
    )
    assert nameless == []


def test_it_fits_a_phone(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    playground = Playground(context.new_page(), address)
    playground.open(address)
    assert playground.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (playground.codes, playground.outside, playground.errors) == (["STL104", "STL101"], [], [])
    context.close()
