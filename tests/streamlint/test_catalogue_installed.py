"""The catalogue tells the truth about the Streamlit that is installed, whichever that is."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from streamlint.streamlit_api import NEWEST, OLDEST, Element, catalogue, element, parse_version

st = pytest.importorskip("streamlit")
VERSION = parse_version(st.__version__)
KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}

pytestmark = [
    pytest.mark.runtime,
    pytest.mark.skipif(not OLDEST <= VERSION <= NEWEST, reason="no catalogue for this version of Streamlit"),
]


def installed(name: str, on_container: bool = False) -> Any:
    """The object behind `st.<name>` or the method of a container."""
    if on_container:
        from streamlit.delta_generator import DeltaGenerator

        return getattr(DeltaGenerator, name)
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(f"streamlit.{module}" if module else "streamlit"), attribute)


def signature_of(function: Any) -> inspect.Signature:
    """The signature without `self`; a decorator object's is that of its call."""
    callee = function if inspect.isroutine(function) or inspect.isclass(function) else type(function).__call__
    signature = inspect.signature(callee)
    parameters = list(signature.parameters.values())
    if parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    return signature.replace(parameters=parameters)


def shape(signature: inspect.Signature) -> list[tuple[str, str, int | None]]:
    """Name, kind and position of every parameter."""
    return [
        (name, KINDS[parameter.kind], index if KINDS[parameter.kind] == "positional" else None)
        for index, (name, parameter) in enumerate(signature.parameters.items())
    ]


def callables() -> list[Element]:
    return [known for known in catalogue().elements(VERSION) if known.callable]


def public_callables(owner: Any) -> Iterator[str]:
    for name in dir(owner):
        if not name.startswith("_"):
            value = inspect.getattr_static(owner, name)
            if callable(value) and not isinstance(value, ModuleType | property):
                yield name


@pytest.mark.parametrize("known", callables(), ids=lambda known: known.name)
def test_parameters_of_every_element(known: Element) -> None:
    owners = [on_container for on_container, there in ((False, known.on_module), (True, known.on_container)) if there]
    for on_container in owners:
        signature = signature_of(installed(known.name, on_container))
        expected = sorted(shape(signature), key=lambda parameter: parameter[0])
        assert sorted((p.name, p.kind, p.position) for p in known.parameters) == expected


@pytest.mark.parametrize("known", callables(), ids=lambda known: known.name)
def test_defaults_of_every_element(known: Element) -> None:
    signature = signature_of(installed(known.name, on_container=not known.on_module))
    for parameter in known.parameters:
        real = signature.parameters[parameter.name].default
        if parameter.kind in ("positional", "keyword"):
            assert parameter.required == (real is inspect.Parameter.empty), parameter.name
        if parameter.default is not None and is_literal(parameter.default):
            assert ast.literal_eval(parameter.default) == real, parameter.name


def is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except ValueError:
        return False
    return True


def test_every_public_callable_is_known() -> None:
    from streamlit.delta_generator import DeltaGenerator

    on_module = {name for name in public_callables(st) if callable(getattr(st, name))}
    on_container = set(public_callables(DeltaGenerator))
    assert {name for name in on_module if element(name, VERSION) is None} == set()
    assert {name for name in on_container if element(name, VERSION) is None} == set()


def test_every_object_is_there() -> None:
    for known in catalogue().elements(VERSION):
        assert hasattr(st, known.name) or "." in known.name or not known.on_module, known.name


@pytest.mark.parametrize("known", callables(), ids=lambda known: known.name)
def test_the_facts_name_real_parameters(known: Element) -> None:
    """A fact about a parameter that the installed version does not have would never apply, silently."""
    names = {parameter.name for parameter in known.parameters}
    assert known.identity is None or known.identity <= names
    if known.many:
        assert known.many[0] in names
    if known.value and known.value not in ("default", "selection_default"):
        assert known.value in names


def test_state_methods_are_those_of_the_proxy() -> None:
    from streamlint.streamlit_api import MUTATORS, STATE_METHODS

    public = {name for name in dir(type(st.session_state)) if not name.startswith("_")}
    assert public == STATE_METHODS
    assert MUTATORS <= STATE_METHODS
