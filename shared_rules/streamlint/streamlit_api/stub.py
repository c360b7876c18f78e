"""The source that stands for Streamlit where its own is not looked at, generated from the catalogue.

It says what a name is and returns, for every name of any version: a user's older call must still have a meaning. What a
call does not tell (a widget's value) is unknown, never a made-up constant: a body of `pass` is what astroid takes
for an abstract function and answers nothing for, while it reads a body of `...` as "returns None". Parameters are left
out, because they would cost most of the time that astroid takes to build the stub; the catalogue knows them.
"""

from __future__ import annotations

from functools import cache

from streamlint.streamlit_api import STATE_METHODS, catalogue, element
from streamlint.streamlit_api.data import NEWEST, OLDEST
from streamlint.streamlit_api.elements import Element, Parameter

_HEADER = '''"""Stand-in for Streamlit, written by streamlint from its catalogue."""


def _unknown():
    pass


class SessionStateProxy:
    """`st.session_state`: a mapping without attributes of its own."""

    def __getitem__(self, key):
        pass
    def __setitem__(self, key, value):
        pass
    def __delitem__(self, key):
        pass
    def __getattr__(self, name):
        pass
    def __setattr__(self, name, value):
        pass
    def __delattr__(self, name):
        pass
    def __contains__(self, key):
        pass
    def __iter__(self):
        pass
    def __len__(self):
        pass
'''

_STATE_PARAMETERS = {
    "get": "key, default=None",
    "pop": "key, default=None",
    "setdefault": "key, default=None",
    "update": "other=(), **kwargs",
}

_OBJECTS = {"session_state": "SessionStateProxy()", "sidebar": "DeltaGenerator()", "bottom": "DeltaGenerator()"}

_RETURNS = {
    "element": "DeltaGenerator()",
    "container": "DeltaGenerator()",
    "context": "DeltaGenerator()",
    "containers": "[DeltaGenerator()]",
    "page": "StreamlitPage()",
    "none": "None",
}
"""What a call returns, as source; what is not here is unknown."""

_DECORATOR = """def {name}({parameters}):
    def decorate(function):
        return function
    return {returned}
"""

_CONTAINER_METHODS = """    def __enter__(self):
        return self
    def __exit__(self, *exc):
        pass
    def update(self, **kwargs):
        pass
    def cell(self, *args, **kwargs):
        return self
"""

_PAGE = """class StreamlitPage:
    title = _unknown()
    icon = _unknown()
    url_path = _unknown()
    def run(self):
        pass
"""


@cache
def stub_source(module: str = "streamlit") -> str:
    """The stub of a module of Streamlit (`streamlit.components.v1`); empty for a module that it does not know."""
    if module == "streamlit":
        return _streamlit()
    submodule = module.removeprefix("streamlit.")
    own = [known for known in _everything() if known.name.rpartition(".")[0] == submodule]
    if own:
        return "\n\n".join(["from streamlit import DeltaGenerator", *map(_define, own)])
    return _REEXPORTS.get(module, "")


def stub_modules() -> tuple[str, ...]:
    """Every module that `stub_source` knows, sorted."""
    submodules = {f"streamlit.{known.name.rpartition('.')[0]}" for known in _everything() if "." in known.name}
    return tuple(sorted({"streamlit", *submodules, *_REEXPORTS}))


_REEXPORTS = {
    "streamlit.delta_generator": "from streamlit import DeltaGenerator\n",
    "streamlit.components": "import streamlit.components.v1 as v1\nimport streamlit.components.v2 as v2\n",
    "streamlit.runtime": "",
    "streamlit.runtime.state": "from streamlit import SessionStateProxy\n",
    "streamlit.runtime.state.session_state_proxy": "from streamlit import SessionStateProxy\n",
}
"""Modules from which apps import what `streamlit` itself holds."""


@cache
def _everything() -> tuple[Element, ...]:
    """Each element as the newest version that has it knows it, sorted by name."""
    versions = [(1, minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = (next(filter(None, (element(name, version) for version in versions))) for name in catalogue().names())
    return tuple(sorted(found, key=lambda known: known.name))


def _streamlit() -> str:
    top = [known for known in _everything() if "." not in known.name]
    parts = [_HEADER + _state_methods(), _container(top), _PAGE]
    parts += [_define(known) for known in top if known.callable and known.on_module]
    parts += [f"{known.name} = {_OBJECTS.get(known.name, '_unknown()')}" for known in top if not known.callable]
    parts += ["import streamlit.column_config as column_config", "import streamlit.components as components"]
    return "\n\n".join(parts) + "\n"


def _state_methods() -> str:
    return "".join(
        f"    def {name}(self{_after_self(_STATE_PARAMETERS.get(name, ''))}):\n        pass\n"
        for name in sorted(STATE_METHODS)
    )


def _after_self(parameters: str) -> str:
    return f", {parameters}" if parameters else ""


def _container(top: list[Element]) -> str:
    methods = [_define(known, bound=True) for known in top if known.callable and known.on_container]
    body = "\n".join(_indent(method) for method in methods)
    return f"class DeltaGenerator:\n{_CONTAINER_METHODS}{body}\n"


def _indent(source: str) -> str:
    return "".join(f"    {line}" for line in source.splitlines(keepends=True))


def _define(known: Element, bound: bool = False) -> str:
    name = known.name.rpartition(".")[2]
    if known.plain.returns == "function":
        return _decorator(name, known.parameters[0])
    value = _RETURNS.get(known.plain.returns)
    return f"def {name}({'self, ' if bound else ''}*args, **kwargs):\n    {f'return {value}' if value else 'pass'}\n"


def _decorator(name: str, first: Parameter) -> str:
    if first.required:
        return _DECORATOR.format(name=name, parameters="*args, **kwargs", returned="decorate")
    returned = f"{first.name} if callable({first.name}) else decorate"
    return _DECORATOR.format(name=name, parameters=f"{first.name}=None, **kwargs", returned=returned)
