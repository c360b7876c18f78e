"""Forms: which one a call draws into, as Streamlit finds it, and what Streamlit refuses there."""

from __future__ import annotations

from streamlint.findings import Place
from streamlint.flow.claims import SUBMIT, UNKNOWN_FORM
from streamlint.flow.faults import API, emit
from streamlint.flow.machine import Machine
from streamlint.flow.values import Builtin, ClassV, Container, Element, Func, Method, State, Value
from streamlint.streamlit_api import Element as Facts

OUTSIDE = ""
"""Stands in `Machine.forms` for a block that was made outside of all forms: what is drawn into it is in none."""
AREAS = frozenset({"sidebar", "main", "_bottom", "bottom"})
"""Containers that are no blocks: what is drawn in a `with` on them is in the form around it."""
ERRORS = (*API, "StreamlitInvalidLayoutContextError", "StreamlitInvalidFormCallbackError")


def form_of(m: Machine, func: Element) -> str | None:
    """The form that a call draws into: of the container it is called on, else of the innermost `with`."""
    if func.within is not None:
        return func.within.form
    return (m.forms[-1] if m.forms else OUTSIDE) or None


def entered(container: Container) -> str | None:
    """What a `with` on the container means for the calls in it; None if nothing."""
    if container.form is not None or container.kind in AREAS:
        return container.form
    return OUTSIDE


def check(m: Machine, func: Element, facts: Facts, callback: Value | None, place: Place) -> None:
    """Emits what Streamlit refuses of a call because it is, or is not, in a form."""
    form = form_of(m, func)
    name = func.name
    if form is None:
        if name == SUBMIT and not m.unsure_forms:
            step = "draws a submit button outside of a form: Streamlit refuses it"
            m.unsure_submits.add(OUTSIDE)
            emit(m, "submit outside", place, ERRORS, (step, ""))
        return
    inside = f"in the form {form!r}" if not form.startswith(UNKNOWN_FORM) else "in a form"
    if name == "form":
        emit(m, "nested form", place, ERRORS, (f"begins a form {inside}: Streamlit refuses it", inside))
    elif facts.form == "forbidden":
        m.unsure_submits.add(form)
        emit(m, "button in form", place, ERRORS, (f"draws `st.{name}` {inside}: Streamlit refuses it", inside, name))
    elif facts.form == "allowed" and callback is not None and is_callable(callback):
        parameter = facts.callback or "on_change"
        step = f"gives `st.{name}` {inside} a callback: Streamlit refuses it"
        emit(m, "callback in form", place, ERRORS, (step, inside, name, parameter))


def is_callable(value: Value) -> bool:
    """Whether the value is certainly one that can be called."""
    return isinstance(value, Func | ClassV | Builtin) or (isinstance(value, Method) and isinstance(value.owner, State))
