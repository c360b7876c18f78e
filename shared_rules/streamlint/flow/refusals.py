"""Which values of its key a widget refuses when it is drawn: measured on Streamlit 1.28, 1.40 and 1.67.

A widget looks at what this run has assigned (earlier ones too where `Fault.earlier` says so). Some values make it
raise, others it replaces without a word. A check gets a constant, or a `Seq` or `Mapping`, and says in words what is
wrong with it; None where it is right or not known to be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from streamlint.flow.tree import Tag
from streamlint.flow.values import Known, Mapping, Seq, Text, Value

Check: TypeAlias = Callable[[object], str | None]
Argument: TypeAlias = Callable[[str], Value | None]
"""The value that the call gives for a parameter."""
Refusal: TypeAlias = tuple[tuple[str, ...], Callable[[Hashable], str | None]]
"""The exceptions that a refused value raises (none: it is replaced), and the check."""

LISTS, DICTS = ("list", "tuple", "set"), ("dict",)
STREAMLIT = ("StreamlitAPIException", "LocalizableStreamlitException")


def refusals(name: str, argument: Argument, version: tuple[int, int]) -> list[Refusal]:
    """What a call of the element refuses."""
    found: list[tuple[tuple[str, ...], Check]] = []
    if name in ACCEPTED:
        found.append((("TypeError",), _unless(*ACCEPTED[name])))
    elif name in ("date_input", "time_input", "datetime_input"):
        found += _of_dates(name, argument, version)
    elif name == "dataframe" and version >= (1, 56):
        found.append((STREAMLIT, _no_selection))
    elif name in ("slider", "number_input"):
        found += _of_numbers(name, argument, version)
    else:
        found += _of_options(name, argument, version)
    return [(errors, _constant(check)) for errors, check in found]


ACCEPTED: dict[str, tuple[str, ...]] = {
    "text_input": ("NoneType", "str", "bytes"),
    "text_area": ("NoneType", "str", "bytes"),
    "checkbox": ("bool", "int"),
    "toggle": ("bool", "int"),
    "expander": ("bool", "int"),
    "popover": ("bool", "int"),
    "color_picker": ("str", "bytes"),
}


def _constant(check: Check) -> Callable[[Hashable], str | None]:
    """The check for what a key holds."""

    def run(held: Hashable) -> str | None:
        value = held.name if isinstance(held, Tag) else held
        known = isinstance(value, str | bytes | int | float | Seq | Mapping | Text) or value is None
        return check(value) if known else None

    return run


def kind_of(value: object) -> str:
    """The name of the value's type in Python."""
    match value:
        case Seq(kind=kind):
            return kind
        case Mapping():
            return "dict"
        case Text():
            return "str"
        case _:
            return type(value).__name__


def shown(value: object) -> str:
    """The value as code, if it is short."""
    match value:
        case Seq(kind, items, True, ()) if all(isinstance(i, Known) for i in items):
            inside = ", ".join(repr(i.value) for i in items if isinstance(i, Known))
            text = {"list": f"[{inside}]", "tuple": f"({inside}{',' * (len(items) == 1)})"}.get(kind, f"{{{inside}}}")
        case Mapping(items, True) if not items:
            text = "{}"
        case Seq() | Mapping() | Text():
            text = f"a {kind_of(value)}"
        case _:
            text = repr(value)
    return text if len(text) <= 30 else f"a {kind_of(value)}"


def _unless(*accepted: str) -> Check:
    wanted = accepted[1] if accepted[0] == "NoneType" else accepted[0]

    def check(value: object) -> str | None:
        return None if kind_of(value) in accepted else f"{shown(value)} is no `{wanted}`"

    return check


# --- numbers -------------------------------------------------------------------------------------------------


def _number(value: Value | None) -> int | float | None:
    if isinstance(value, Known) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        return value.value
    return None


def _of_numbers(name: str, argument: Argument, version: tuple[int, int]) -> list[tuple[tuple[str, ...], Check]]:
    given = [argument(part) for part in ("min_value", "max_value", "value", "step")]
    if name == "number_input":
        out = _outside(_number(given[0]), _number(given[1]))
        quiet: list[tuple[tuple[str, ...], Check]] = [((), out)] if version >= (1, 53) else []
        return [(("TypeError",), _unless("NoneType", "int", "float", "bool")), *quiet]
    low, high, start, step = given
    if any(part is not None and _number(part) is None and not _is_pair(part) for part in given):
        return []  # of dates or times, or not known
    bounded = [end for end in (low, high) if end is not None]
    limits = _number(low), _number(high)
    if not bounded and start is None and step is None:
        limits = 0, 100
    found: list[tuple[tuple[str, ...], Check]] = [(("TypeError", "ValueError"), _no_number(version))]
    if version >= (1, 67):
        found.append(((*STREAMLIT, "StreamlitValueAboveMaxError", "StreamlitValueBelowMinError"), _outside(*limits)))
    return found


def _is_pair(value: Value) -> bool:
    return isinstance(value, Seq) and value.exact and all(_number(i) is not None for i in value.items)


def _outside(low: int | float | None, high: int | float | None) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, Seq) and _is_pair(value):
            return next((wrong for end in value.items if (wrong := check(_number(end)))), None)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        if low is not None and value < low:
            return f"{value!r} is less than the minimum {low!r}"
        if high is not None and value > high:
            return f"{value!r} is greater than the maximum {high!r}"
        return None

    return check


def _no_number(version: tuple[int, int]) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, Seq | int | float | Text):
            return None
        if isinstance(value, str | bytes) and version >= (1, 41):
            try:
                float(value)
            except ValueError:
                return f"{shown(value)} is no number"
            return None  # a text of digits was taken in 1.67, refused in 1.40
        return f"{shown(value)} is no number"

    return check


# --- dates ---------------------------------------------------------------------------------------------------

MOMENTS = ("", "now", "today")
"""Texts of which nothing is said: some are accepted in some versions."""


def _of_dates(name: str, argument: Argument, version: tuple[int, int]) -> list[tuple[tuple[str, ...], Check]]:
    bounded = argument("min_value") is not None or argument("max_value") is not None
    quiet = name == "date_input" and bounded and version >= (1, 41)
    errors = () if quiet else ("TypeError", "AttributeError", "ValueError", *STREAMLIT)
    wanted = {"date_input": "date", "time_input": "time", "datetime_input": "datetime"}[name]

    def check(value: object) -> str | None:
        text = isinstance(value, Text) or (isinstance(value, str) and value not in MOMENTS)
        pair = isinstance(value, Seq | Mapping) and name != "date_input"
        if text or pair or isinstance(value, int | float | bytes):
            return f"{shown(value)} is no `{wanted}`"
        return None

    return [(errors, check)]


def _no_selection(value: object) -> str | None:
    if isinstance(value, Mapping) and (not value.exact or value.get(Known.of("selection")) is not None):
        return None
    return f"{shown(value)} is no selection"


# --- options -------------------------------------------------------------------------------------------------

QUIET_SINCE = {
    "selectbox": (1, 53), "multiselect": (1, 53), "radio": (1, 54), "select_slider": (1, 54), "pills": (1, 55),
    "segmented_control": (1, 55), "feedback": (1, 55),
}  # fmt: skip
"""Since when a value that is no option is replaced; before, the widget raised."""
MARKS = {"thumbs": 2, "faces": 5, "stars": 5}


def _of_options(name: str, argument: Argument, version: tuple[int, int]) -> list[tuple[tuple[str, ...], Check]]:
    since = QUIET_SINCE.get(name)
    if since is None:
        return []
    errors: tuple[str, ...] = () if version >= since else ("ValueError", *STREAMLIT)
    options = _options(name, argument)
    open_ = argument("accept_new_options")
    free = options is None or not (open_ is None or (isinstance(open_, Known) and not open_.value))
    mode = argument("selection_mode")
    if mode is not None and not isinstance(mode, Known):
        return []
    if name == "multiselect" or (isinstance(mode, Known) and mode.value == "multi"):
        loud: tuple[tuple[str, ...], Check] = (("TypeError", *STREAMLIT), _no_list(name, version))
        several = [] if free else [(errors, _not_all(options or ()))]
        return [loud, *several, *_too_many(argument)]
    if free or (name == "select_slider" and not isinstance(argument("value"), Known | None)):
        return []
    return [(errors, _no_option(options or (), name))]


def _options(name: str, argument: Argument) -> tuple[object, ...] | None:
    """The options, if all of them are known constants."""
    if name == "feedback":
        mark = argument("options")
        known = "thumbs" if mark is None else mark.value if isinstance(mark, Known) else None
        return tuple(range(MARKS[known])) if isinstance(known, str) and known in MARKS else None
    given = argument("options")
    items: tuple[Value, ...]
    match given:
        case Seq(items=items, exact=True, only_if=()):
            pass
        case Mapping(pairs, True):
            items = tuple(key for key, _ in pairs)
        case _:
            return None
    return tuple(i.value for i in items if isinstance(i, Known)) if all(isinstance(i, Known) for i in items) else None


def _no_option(options: tuple[object, ...], name: str) -> Check:
    def check(value: object) -> str | None:
        if value is None or not options or isinstance(value, Mapping | Text):
            return None
        if isinstance(value, Seq) and name == "select_slider":
            return None
        if not isinstance(value, Seq) and value in options:
            return None
        return f"{shown(value)} is none of its options"

    return check


def _no_list(name: str, version: tuple[int, int]) -> Check:
    def check(value: object) -> str | None:
        if value is None and name != "multiselect" and version < (1, 55):
            return None
        return f"{shown(value)} is no list" if value is None or isinstance(value, int | float) else None

    return check


def _not_all(options: tuple[object, ...]) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, str):
            return f"{shown(value)} is none of its options" if value and value not in options else None
        if not isinstance(value, Seq) or not value.exact or value.only_if:
            return None
        strange = [i for i in value.items if isinstance(i, Known) and i.value not in options]
        return f"{shown(strange[0].value)} is none of its options" if strange and options else None

    return check


def _too_many(argument: Argument) -> list[tuple[tuple[str, ...], Check]]:
    limit = argument("max_selections")
    if not isinstance(limit, Known) or not isinstance(limit.value, int):
        return []
    most = limit.value

    def check(value: object) -> str | None:
        many = isinstance(value, Seq) and value.exact and not value.only_if and len(value.items) > most
        return f"{shown(value)} is more than {most} selections" if many else None

    return [(STREAMLIT, check)]
