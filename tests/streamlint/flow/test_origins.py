"""What the elements of an app are drawn with: the keys and widgets that it may depend on."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.flow.app import build
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree
from streamlint.flow.tree import WidgetVal
from streamlint.project.apps import find_apps
from streamlint.project.index import ProjectIndex
from streamlint.settings import Settings

HEAD = "import pandas as pd\nimport streamlit as st\nss = st.session_state\n"


def sources(root: Path, text: str, *, shared: bool = True) -> list[str]:
    """The keys, and the widgets by label, that the last `st.text` of an app depends on; unless `shared`, only
    those that it depends on whichever call of a function it is."""
    (root / "app.py").write_text(HEAD + text)
    settings = Settings(root)
    index = ProjectIndex(root, settings=settings)
    machine, program = build(index, find_apps(index)[0], settings)
    tree = Tree.of(program.scripts.values())
    labels = {draw.widget.id: draw.widget.label for draw in tree.draws}
    drawn = max((d for d in machine.displayed.values() if d.element == "text"), key=lambda d: d.place)
    found = Origins(machine, tree, shared=shared).of(*drawn.values)
    return sorted({labels[source.widget] if isinstance(source, WidgetVal) else source.key for source in found})


MADE_OF = {
    "a read": ("st.text(ss.a)", ["a"]),
    "a text": ("label = f'{ss.a} of {len(ss.b)}'\nst.text('<' + label + '>')", ["a", "b"]),
    "arithmetic": ("n = ss.a * 2\nn += ss.get('b', 0)\nst.text(n)", ["a", "b"]),
    "unknown calls": ("frame = pd.DataFrame(ss.rows)\nst.text(frame.head(3)['x'].sum())", ["rows"]),
    "an index": ("st.text(['x', 'y'].index(ss.a))", ["a"]),
    "an item": ("st.text(ss.cfg['title'].upper())", ["cfg"]),
    "a loop": ("for row in ss.rows:\n    st.text(row.name)", ["rows"]),
    "unpacking": ("x, y = ss.point\nst.text(y)", ["point"]),
    "a comprehension": ("st.text(', '.join(str(x) for x in ss.rows if x > ss.least))", ["least", "rows"]),
    "a widget": ("name = st.text_input('Name', ss.first)\nst.text(name.strip())", ["Name"]),
    "two in a circle": (
        "a, b = pd.f(ss.a), pd.f(ss.b)\nwhile pd.more():\n    a, b = pd.f(b), pd.f(a, ss.c)\nst.text(a)",
        ["a", "b", "c"],
    ),
    "objects that hold each other": (
        "class Node:\n    pass\nx, y = Node(), Node()\nx.other, y.other, y.name = y, x, ss.a\nst.text(x)",
        ["a"],
    ),
    "a function": ("def shout(text):\n    return text.upper() + '!'\nst.text(shout(ss.a))", ["a"]),
    "a choice": ("st.text('on' if ss.flag else 'off')", ["flag"]),
    "tests": ("if ss.flag:\n    x = 1\nelse:\n    x = 2\nst.text(x)", ["flag"]),
    "a test around it all": ("if ss.flag:\n    x = ss.a\n    st.text(x)", ["a"]),
    "a body's other values": ("def f(x):\n    ss.b\n    return x\nst.text(f(ss.a))", ["a"]),
    "a constant": ("ss.a\nst.text('x')", []),
    "the last binding alone, once": ("x = ss.a\nst.text('x')", []),
}


@pytest.mark.parametrize(("text", "expected"), MADE_OF.values(), ids=MADE_OF)
def test_what_is_drawn_is_followed_to_where_it_comes_from(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sources(tmp_path, text) == expected


WHICHEVER_CALL = {
    "one call": ("def f(x):\n    st.text(x)\nf(pd.f(ss.a))", ["a"]),
    "two calls": ("def f(x):\n    st.text(x)\nf(pd.f(ss.a, ss.b))\nf(pd.g(ss.b, ss.c))", ["b"]),
    "calls with nothing in common": ("def f(x):\n    st.text(x)\nf(pd.f(ss.a))\nf(pd.f(ss.b))", []),
    "an argument handed on": (
        "def f(x):\n    st.text(x)\ndef g(y):\n    f(pd.g(y, ss.b))\ng(pd.f(ss.a))\ng(pd.f(ss.a, ss.b))",
        ["a", "b"],
    ),
    "thirty, each called twice by the next": (
        "def f0(x):\n    st.text(x)\n"
        + "".join(f"def f{n + 1}(x):\n    f{n}(pd.f(x, ss.k{n}))\n    f{n}(pd.g(x))\n" for n in range(30))
        + "f30(pd.f(ss.a, ss.b))\nf30(pd.g(ss.a))",
        ["a"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WHICHEVER_CALL.values(), ids=WHICHEVER_CALL)
def test_whichever_call_it_is_a_parameter_depends_on_what_all_its_arguments_do(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """The last one has two to the thirtieth ways through its calls: they cannot be gone one by one."""
    assert sources(tmp_path, text, shared=False) == expected
