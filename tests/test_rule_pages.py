"""The rule pages hold for streamlint: each marked line is reported and nothing else, in every spelling.

The other half, that Streamlit does what the pages say, is `tests/runtime/test_pages_runtime.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from linting import Reported, check
from pages import Case, Mark, PageError, all_cases, parse
from spellings import SPELLINGS, Respelt, respell
from streamlint.rules import all_rules, rule

CASES = all_cases()
SILENT_PAGES = {rule.name.replace("-", "_") for rule in all_rules() if rule.code.startswith(("STL2", "STL3", "STL4"))}
SILENT = [case for case in CASES if case.page in SILENT_PAGES]
ABOUT_SPELLING = {("mixed_access_style", "brackets"), ("mixed_access_style", "attributes")}
RESPELT = [
    (name, done)
    for case in CASES
    for name in SPELLINGS
    if (case.page, name) not in ABOUT_SPELLING and (done := respell(case, name))
]


def expected(marks: Iterable[Mark]) -> list[Reported]:
    return sorted(Reported(mark.path, mark.line, mark.code) for mark in marks if mark.code)


def flags(case: Case) -> tuple[str, ...]:
    """A rule that is off by default is on for its own page."""
    own = rule(case.page.replace("_", "-"))
    return ("--extend-select", own.code) if own is not None and not own.by_default else ()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_page_marks_exactly_what_is_reported(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    assert check(tmp_path, *flags(case)) == expected(case.marks)


@pytest.mark.parametrize("name, done", RESPELT, ids=[f"{done.case.id} / {name}" for name, done in RESPELT])
def test_other_spellings_are_reported_alike(name: str, done: Respelt, tmp_path: Path) -> None:
    done.case.write(tmp_path)
    assert check(tmp_path, *flags(done.case)) == expected(done.marks)


# --- the harness itself --------------------------------------------------------------------------------------

PAGE = """# rule

## Example

```py
import streamlit as st

def show():
    st.write(st.session_state.a, st.session_state["b"])  # error: STL101 AttributeError

show()
```

And `pages/More.py`:

```py
x = 1
```

```text run
run
click 'Go on'

open pages/More.py
```

```text browser
run
```

Use instead:

```py
pass
```

## Text

```python
not a test
```
"""


def test_a_page_is_read_into_apps() -> None:
    bad, good = parse(PAGE, "rule")
    assert [path for path, _ in bad.files] == ["app.py", "pages/More.py"]
    assert bad.marks == {Mark("app.py", 4, "STL101", "AttributeError")}
    assert bad.sequences == (("run", "click 'Go on'"), ("open pages/More.py",))
    assert bad.visits == (("run",),)
    assert (good.title, good.files, good.marks, good.sequences) == (
        "Example / use instead", (("app.py", "pass\n"),), frozenset(), (("run",),),
    )  # fmt: skip


def test_a_page_with_two_apps_in_one_section_is_refused() -> None:
    with pytest.raises(PageError, match=r"rule:4: a second app\.py"):
        parse("```py\npass\n```\n```py\npass\n```\n", "rule")


def test_steps_without_an_app_are_refused() -> None:
    with pytest.raises(PageError, match="steps without an app"):
        parse("# Title\n```text run\nrun\n```\n", "rule")


def test_what_is_done_in_a_browser_is_not_done_otherwise_too() -> None:
    (case,) = parse("```py\npass\n```\n```text browser\nrun\nrun\n\nrun\n```\n", "rule")
    assert (case.sequences, case.visits) == ((), (("run", "run"), ("run",)))


def test_pages_without_steps_are_opened_in_turn() -> None:
    (case,) = parse("```py\npass\n```\n`pages/A.py`:\n```py\npass\n```\n", "rule")
    assert case.sequences == (("run",), ("open pages/A.py",))


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("import as sl", "sl.write(sl.session_state.a, sl.session_state[\"b\"])", 4),
        ("from streamlit import session_state", "st.write(ss.a, ss[\"b\"])", 4),
        ("brackets", "st.write(st.session_state[\"a\"], st.session_state[\"b\"])", 4),
        ("attributes", "st.write(st.session_state.a, st.session_state.b)", 4),
        ("in a function", "        st.write(st.session_state.a, st.session_state[\"b\"])", 5),
        ("in a method", "            st.write(st.session_state.a, st.session_state[\"b\"])", 6),
        ("CRLF", "st.write(st.session_state.a, st.session_state[\"b\"])", 4),
    ],
)  # fmt: skip
def test_a_spelling_rewrites_the_code_and_moves_the_mark(name: str, text: str, line: int) -> None:
    done = respell(parse(PAGE, "rule")[0], name)
    assert done is not None and {(mark.path, mark.line) for mark in done.marks} == {("app.py", line)}
    assert text in done.case.files[0][1].splitlines()[line - 1]
    compile(done.case.files[0][1], "app.py", "exec")


def test_a_module_that_others_import_is_not_wrapped() -> None:
    markdown = "```py\nimport money\nmoney.pay()\n```\n`money.py`:\n```py\ndef pay(): pass\n```\n"
    done = respell(parse(markdown, "rule")[0], "in a function")
    assert done is not None and done.case.files[1][1] == "def pay(): pass\n"


def test_brackets_are_kept_where_the_kind_of_exception_matters() -> None:
    markdown = "```py\nimport streamlit as st\ntry:\n    st.session_state.a\nexcept KeyError:\n    pass\n```\n"
    assert respell(parse(markdown, "rule")[0], "brackets") is None


@pytest.mark.parametrize("case", SILENT, ids=[case.id for case in SILENT])
def test_an_example_of_a_silent_loss_says_what_is_seen(case: Case) -> None:
    said = any(step.startswith(("shows ", "hides ")) for steps in (*case.sequences, *case.visits) for step in steps)
    assert said or any(mark.exception for mark in case.marks if mark.code)
