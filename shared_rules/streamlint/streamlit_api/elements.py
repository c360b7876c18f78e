"""What the catalogue says about one Streamlit name in one version: plain, frozen values.

An `Element` is already resolved for a version, so no field of it needs one. Positions count the arguments of the call
as it is written (`st.x(...)`, `container.x(...)`): `self` is never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from streamlint.records import immutable

Version: TypeAlias = tuple[int, int]
"""Major and minor: no fact of the catalogue changed within a minor."""

Argument: TypeAlias = tuple[Literal["pos"], int] | tuple[Literal["kw"], str]
"""Where a call gives a parameter: its positional argument's index or its keyword."""

Form: TypeAlias = Literal["allowed", "forbidden", "required"]

CALLBACKS = ("on_change", "on_click", "on_select", "on_submit", "on_dismiss")
"""The parameters that take a callback."""


@immutable
class Parameter:
    """One parameter. `position` is None unless it can be given by position; `default` is source text or None."""

    name: str
    kind: Literal["positional", "keyword", "*", "**"]
    position: int | None
    default: str | None

    @property
    def required(self) -> bool:
        """The call fails without it."""
        return self.default is None and self.kind in ("positional", "keyword")


@immutable
class State:
    """What a call means for session state.

    `entry`: its key is readable after the call. `settable`: its key may be assigned before the call (otherwise the call
    raises). `unique_key`: a second call with the key raises. `unique_id`: a second keyless call with equal parameters
    raises. `first` is the state after a first run that gives no default, as source text (`"''"`, `"False"`, `"None"`,
    `"[]"`, `"1"`) or as one of `"first option"`, `"minimum"`, `"today"`, `"now"`, `"edits"`, `"selection"`; None where
    there is no state. `none` is the same if the value parameter is given as None. `types` name what the state can
    hold, `returns` what the call returns.
    """

    entry: bool
    settable: bool
    unique_key: bool
    unique_id: bool
    first: str | None
    none: str | None
    types: frozenset[str]
    returns: str


@immutable
class Element:
    """A public name of Streamlit (`text_input`, `components.v1.html`) as one version has it.

    `kinds` are among widget, trigger, container, chart, display, control, decorator, cache, object, page, component
    and column. `since` and `until` are the first and last minor that have the name; an unknown end is None, and a
    `since` of 1.28 means "or earlier". `plain` is the state of the call as such; `active` the one if the `activation`
    parameter is `"rerun"` or a callback (None where there is no such parameter in this version).

    `value` names the parameter with the default, `quiet` its defaults (source text) beside which an assignment to the
    key in the same run goes without warning (None: it never warns). `many` is a parameter and the literal that turns
    the first value into an empty list. `identity` are the parameters that make a *keyed* widget a new one when they
    change, None if all do. `keys` is the namespace of `key`: widget, form, fragment or option (no key of state).
    `ends_callback` says whether this exit, called in a callback, ends it.
    """

    name: str
    kinds: frozenset[str]
    since: Version
    until: Version | None
    parameters: tuple[Parameter, ...]
    callable: bool
    on_module: bool
    on_container: bool
    plain: State
    active: State | None
    activation: str | None
    value: str | None
    quiet: tuple[str, ...] | None
    many: tuple[str, str] | None
    identity: frozenset[str] | None
    form: Form
    keys: str
    ends_callback: bool
    by_name: Mapping[str, Parameter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {parameter.name: parameter for parameter in self.parameters})

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, None if this version has none."""
        return self.by_name.get(name)

    def argument_index(self, name: str) -> int | None:
        """The parameter's position in a call, None if it is unknown or given by keyword only."""
        parameter = self.parameter(name)
        return parameter.position if parameter else None

    @property
    def is_widget(self) -> bool:
        """A call without further ado keeps a state: `plain.entry`."""
        return self.plain.entry

    @property
    def is_trigger(self) -> bool:
        """Its value lasts one run."""
        return "trigger" in self.kinds

    @property
    def is_container(self) -> bool:
        """It draws, or is, a container (or a list of them)."""
        return "container" in self.kinds

    @property
    def returns_containers(self) -> bool:
        """It returns a list of containers."""
        return self.plain.returns == "containers"

    @property
    def exits(self) -> bool:
        """Nothing behind the call is executed."""
        return self.plain.returns == "never"

    @property
    def takes_key(self) -> bool:
        """It has a `key` that names a widget; form, fragment and option keys are none."""
        return self.keys == "widget" and self.parameter("key") is not None

    @property
    def callback(self) -> str | None:
        """The parameter that takes the callback, if there is one."""
        return next((parameter.name for parameter in self.parameters if parameter.name in CALLBACKS), None)

    @property
    def callback_arguments(self) -> bool:
        """The callback's arguments can be given as `args=` and `kwargs=`."""
        kwargs = self.parameter("kwargs")
        return self.callback is not None and kwargs is not None and kwargs.kind != "**"

    def bind(self, positional: int, keywords: Iterable[str] = ()) -> dict[str, Argument]:
        """Which argument of a call gives which parameter. See `bind`."""
        return bind(self, positional, keywords)


def bind(element: Element, positional: int, keywords: Iterable[str] = ()) -> dict[str, Argument]:
    """Map parameter names to the arguments of a call with `positional` positional arguments and these keywords.

    Arguments that no parameter takes are left out, and so is everything from a starred argument on if the caller counts
    `positional` up to it; a keyword wins over a position (the call would fail anyway).
    """
    found: dict[str, Argument] = {
        parameter.name: ("pos", parameter.position)
        for parameter in element.parameters
        if parameter.position is not None and parameter.position < positional
    }
    names = {parameter.name for parameter in element.parameters if parameter.kind in ("positional", "keyword")}
    found.update({name: ("kw", name) for name in keywords if name in names})
    return found


def submit_button_key(form: str, label: str) -> str:
    """The key of session state that a `form_submit_button` without `key` gets in a form."""
    return f"FormSubmitter:{form}-{label}"
