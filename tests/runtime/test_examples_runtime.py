"""The example apps under a real Streamlit: their seeded bugs raise where they are marked, all else works."""

from __future__ import annotations

from pathlib import Path

import pytest
from runtime.client import Outcome, Runtime

pytestmark = pytest.mark.runtime
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
LOGIN = ("run", "type login_name Ann", "click 'Log in'")

RAISING = [
    ("shop", "Home.py", ["open pages/1_Catalog.py"], "pages/1_Catalog.py", "STL102"),
    ("shop", "Home.py", ["open pages/2_Cart.py"], "store/cart.py", "STL102"),
    (
        "shop",
        "Home.py",
        ["run", "open pages/1_Catalog.py", "click add_tea", "open pages/2_Cart.py", "click 'Remove the coupon'"],
        "pages/2_Cart.py",
        "STL101",
    ),
    (
        "shop",
        "Home.py",
        [*LOGIN, "open pages/3_Checkout.py", "click 'Print the receipt'"],
        "pages/3_Checkout.py",
        "STL101",
    ),
    (
        "shop",
        "Home.py",
        [*LOGIN, "open pages/3_Checkout.py", "type street 'High Street'", "click Order", "click 'Print the receipt'"],
        "pages/3_Checkout.py",
        "STL103",
    ),
    ("navigation", "app.py", ["open task"], "views/task.py", "STL102"),
    (
        "navigation",
        "app.py",
        ["open login", "type role_choice editor", "click 'Sign in'", "open report"],
        "views/report.py",
        "STL101",
    ),
    ("navigation", "app.py", ["open report", "set Details true"], "views/report.py", "STL103"),
    ("booking", "app.py", ["run", "click Clear"], "app.py", "STL104"),
    ("booking", "app.py", ["run", "set part Nights", "set nights '[\"2026-05-04\"]'"], "app.py", "STL113"),
    ("booking", "app.py", ["run", "set part Compare", "set 'With stars' true"], "app.py", "STL106"),
    ("booking", "app.py", ["run", "set part Guests", "click 'Greet Ann'"], "guests.py", "STL109"),
    ("booking", "app.py", ["run", "set part Group"], "guests.py", "STL108"),
    ("booking", "app.py", ["run", "set part Budget"], "app.py", "STL112"),
]

RAISED = {
    "STL104": {"StreamlitAPIException"},
    "STL106": {"StreamlitAPIException", "DuplicateWidgetID", "StreamlitDuplicateElementKey"},
    "STL108": {"StreamlitAPIException", "StreamlitInvalidFormCallbackError"},
    "STL109": {"TypeError"},
    "STL112": {"TypeError"},
    "STL113": {"ValueError"},
}
"""What other rules than those of missing keys say is raised, in some version of Streamlit."""

WORKING = [
    (
        "shop",
        "Home.py",
        [
            *LOGIN,
            "click 'Use this currency'",
            "open pages/1_Catalog.py",
            "click add_mug",
            "open pages/2_Cart.py",
            "set coupon_input spring",
            "open pages/3_Checkout.py",
            "type street Here",
            "click Order",
        ],
    ),
    ("shop", "Home.py", ["open pages/3_Checkout.py", "click 'Continue as a guest'"]),
    (
        "navigation",
        "app.py",
        ["run", "type new_task Sleep", "click Add", "click task_2", "open task", "set note x", "click Save"],
    ),
    (
        "navigation",
        "app.py",
        ["open login", "click 'Sign in'", "click 'Sign out'", "open report", "click 'Count the words'"],
    ),
    (
        "clean",
        "Home.py",
        ["run", "type numbers_text '1 2'", "click Load", "open pages/Statistics.py", "click Remember"],
    ),
    (
        "clean",
        "Home.py",
        ["run", "type numbers_text no", "click Load", "type numbers_text '3 4'", "click Load", "click Forget"],
    ),
    (
        "booking",
        "app.py",
        [
            "run",
            "set query tow",
            "set part Compare",
            "set chosen '[\"Tower\"]'",
            "set part Guests",
            "click 'Greet Bea'",
        ],
    ),
    ("clean", "Home.py", ["open pages/Statistics.py", "run"]),
    (
        "clean",
        "Home.py",
        [
            "open pages/Wizard.py",
            "set wizard_name Ann",
            "click 'Keep the name'",
            "click Next",
            "click Next",
            "click Back",
        ],
    ),
]


@pytest.mark.parametrize(("app", "entrypoint", "steps", "path", "code"), RAISING)
def test_a_seeded_bug_raises_where_it_is_marked(
    app: str, entrypoint: str, steps: list[str], path: str, code: str, streamlit: Runtime
) -> None:
    *before, last = take(streamlit, app, entrypoint, steps)
    assert not [raised for outcome in before for raised in outcome.exceptions]
    (raised,) = last.exceptions
    assert raised.is_missing_key if code not in RAISED else raised.type in RAISED[code], raised
    if code != "STL109":  # Streamlit calls a callback from its own code
        line = (EXAMPLES / app / path).read_text(encoding="utf-8").splitlines()[raised.place[1] - 1]
        assert raised.place[0] == path and line.endswith(f"# bug: {code}")


def test_every_seeded_bug_is_raised_by_a_test() -> None:
    marked = {
        (path.relative_to(EXAMPLES).as_posix(), line.rpartition("# bug: ")[2])
        for path in EXAMPLES.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "# bug: " in line
    }
    assert marked == {(f"{app}/{path}", code) for app, _, _, path, code in RAISING}


@pytest.mark.parametrize(("app", "entrypoint", "steps"), WORKING)
def test_the_rest_works(app: str, entrypoint: str, steps: list[str], streamlit: Runtime) -> None:
    outcomes = take(streamlit, app, entrypoint, steps)
    assert not [raised for outcome in outcomes for raised in outcome.exceptions]


def take(streamlit: Runtime, app: str, entrypoint: str, steps: list[str]) -> list[Outcome]:
    if not streamlit.can_take(steps, [(EXAMPLES / app / entrypoint).read_text(encoding="utf-8")]):
        pytest.skip(f"Streamlit {streamlit.version} has no such pages")
    return streamlit.run(EXAMPLES / app, entrypoint, steps)
