"""The modules outside the project that inference knows: just enough source for astroid to recognise their names."""

from __future__ import annotations

from functools import cache

from streamlint.streamlit_api.stub import stub_modules, stub_source

_ENUM = """
class Enum: ...
class IntEnum(int, Enum): ...
class StrEnum(str, Enum): ...
class Flag(Enum): ...
class IntFlag(int, Flag): ...
def unique(cls):
    return cls
"""
_DATACLASSES = """
def dataclass(cls=None, **options):
    return cls
def field(**options): ...
"""
_TYPING = """
class NamedTuple: ...
class TypedDict(dict): ...
"""
_COLLECTIONS = """
def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None): ...
class OrderedDict(dict): ...
class defaultdict(dict): ...
"""
SMALL_STUBS = {
    "enum": _ENUM,
    "dataclasses": _DATACLASSES,
    "typing": _TYPING,
    "typing_extensions": _TYPING,
    "collections": _COLLECTIONS,
}


def stub(module: str) -> str | None:
    """The source that stands for a module outside the project, None for an empty one."""
    return stub_source(module) if module in _streamlit_modules() else SMALL_STUBS.get(module)


@cache
def _streamlit_modules() -> frozenset[str]:
    return frozenset(stub_modules())
