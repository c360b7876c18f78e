"""What Streamlit looks at when a widget with a key is drawn: whether its value may be set, and to what."""

from __future__ import annotations

from streamlint.findings import Place
from streamlint.flow.faults import API, emit
from streamlint.flow.machine import Machine
from streamlint.flow.refusals import Argument, refusals

UNSETTABLE = (*API, "StreamlitValueAssignmentNotAllowedError")
LOOKS_BACK = (1, 65)
"""Since then the first draw of a widget looks at a value that an earlier run has left, too."""


def check_key(m: Machine, name: str, key: str | None, settable: bool, argument: Argument, place: Place) -> None:
    """Emits what Streamlit refuses of the key's value where `st.<name>` is drawn."""
    if key is None:
        return
    if not settable:
        m.unsettable.append(key)
        step = f"draws `st.{name}` with the key `{key}` that this run has set: Streamlit refuses it"
        emit(m, "unsettable key", place, UNSETTABLE, (step, name), subject=key)
        return
    earlier = m.version >= LOOKS_BACK
    for errors, refuses in refusals(name, argument, m.version):
        what = "and raises" if errors else "and takes another one"
        step = f"draws `st.{name}`, which refuses the value of `{key}` {what}"
        emit(m, "refused value", place, errors, (step, name), subject=key, refuses=refuses, earlier=earlier)
