"""The state of a data editor: not the table, but a dict of what the user has changed."""

from __future__ import annotations

from streamlint.findings import Place
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.tree import KeyVal
from streamlint.flow.values import Known, Late, Seq, Value

CHANGES = frozenset({"edited_rows", "added_rows", "deleted_rows"})
OF_A_DICT = frozenset(dir(dict))
TABLES = frozenset({
    "dataframe", "table", "data_editor", "line_chart", "bar_chart", "area_chart", "scatter_chart",
})  # fmt: skip
"""Elements that show a table."""


def check_attribute(m: Machine, owner: Value, name: str, place: Place) -> None:
    """`st.session_state.editor.columns`: a dict has no such attribute."""
    key = _editor(m, owner)
    if key is not None and name not in OF_A_DICT and name not in CHANGES:
        step = f"takes `.{name}` of the changes of the data editor `{key}`"
        emit(m, "editor state", place, (), (step, key, f".{name}"), everywhere=True)


def check_item(m: Machine, owner: Value, index: Value, place: Place) -> None:
    """`st.session_state.editor["price"]`: the dict has other keys."""
    key = _editor(m, owner)
    if key is None:
        return
    step = f"takes an item of the changes of the data editor `{key}`"
    if isinstance(index, Known) and index.value not in CHANGES:
        emit(m, "editor state", place, (), (step, key, f"[{index.value!r}]"), everywhere=True)
    elif isinstance(index, Seq) and index.kind == "list":
        emit(m, "editor state", place, (), (step, key, "[[...]]"), everywhere=True)


def given(m: Machine, function: str, args: list[Value], place: Place) -> None:
    """`len(st.session_state.editor)`, `pd.DataFrame(st.session_state.editor)`: the dict has three items."""
    key = _editor(m, args[0]) if args else None
    if key is not None:
        short = function.replace("pandas.", "pd.")
        step = f"gives `{short}` the changes of the data editor `{key}`"
        emit(m, "editor state", place, (), (step, key, f"{short}(...)"), everywhere=True)


def shown(m: Machine, element: str, args: list[Value], place: Place) -> None:
    """`st.dataframe(st.session_state.editor)`: a table is shown that is none."""
    if element in TABLES:
        given(m, f"st.{element}", args, place)


def _editor(m: Machine, owner: Value) -> str | None:
    """The key of a data editor whose state the value is."""
    if not isinstance(owner, Late) or owner.alias not in m.editors:
        return None
    held = m.origin(owner.term)
    return owner.alias if isinstance(held, KeyVal) and held.key == owner.alias else None
