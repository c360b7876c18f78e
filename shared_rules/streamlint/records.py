"""Dataclasses that are cheap to make: every start makes hundreds, and most of their methods are never called.

To Python they are dataclasses with slots (`fields`, `replace` and `match` know them), but `__init__`, `__eq__` and the
like are compiled when they are first called, which makes a class eight times as fast. To type checkers those that stand
for values are frozen. At run time nothing stops a change, because values of a class that does take twice as long to
make.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object):
        return lambda function: function


class HashedOnce:
    """Base of values that keep their hash: those that are nested and asked for it often."""

    __slots__ = ("_hash",)


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def mutable(cls: type[T]) -> type[T]:
    """An object: it may change, and is compared by identity."""
    if not cls.__doc__:
        cls.__doc__ = cls.__name__  # else `dataclass` asks `inspect` for a signature
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    _define(made, "__init__", _initialises)
    _define(made, "__repr__", _represents)
    return made


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(cls: type[T]) -> type[T]:
    """A value: nobody changes it, and it is compared and hashed by its fields."""
    made = mutable(cls)
    _define(made, "__eq__", _compares("__eq__", "=="))
    _define(made, "__hash__", _hashes_once if issubclass(made, HashedOnce) else _hashes)
    return made


@dataclass_transform(frozen_default=True, order_default=True, field_specifiers=(field,))
def ordered(cls: type[T]) -> type[T]:
    """A value that can be sorted, by its fields too."""
    made = immutable(cls)
    for name, operator in (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")):
        _define(made, name, _compares(name, operator))
    return made


def _define(cls: type[Any], name: str, write: Callable[[type[Any]], str]) -> None:
    """Gives the class a method that is compiled when it is first called, unless it has its own."""
    if name in vars(cls):
        return

    def first(self: object, *args: object, **kwargs: object) -> object:
        names: dict[str, Any] = {"MISSING": MISSING}
        for each in fields(cls):
            names |= {f"default_{each.name}": each.default, f"make_{each.name}": each.default_factory}
        exec(compile(write(cls), f"<{cls.__qualname__}>", "exec"), names)
        setattr(cls, name, names[name])
        return names[name](self, *args, **kwargs)

    setattr(cls, name, first)


def _initialises(cls: type[Any]) -> str:
    parameters, lines = ["self"], []
    for each in fields(cls):
        made, given = each.default_factory is not MISSING, each.default is not MISSING
        default = f"make_{each.name}()" if made else f"default_{each.name}"
        if each.init:
            parameters.append(f"{each.name}=MISSING" if made else f"{each.name}={default}" if given else each.name)
            default = f"{default} if {each.name} is MISSING else {each.name}" if made else each.name
        elif not (made or given):
            continue
        lines.append(f"self.{each.name} = {default}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    return f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])


def _values(cls: type[Any], owner: str) -> str:
    """The text of a tuple of what an object is compared by."""
    return f"({''.join(f'{owner}.{each.name}, ' for each in fields(cls) if each.compare)})"


def _compares(name: str, operator: str) -> Callable[[type[Any]], str]:
    return lambda cls: (
        f"def {name}(self, other):\n"
        " if other.__class__ is self.__class__:\n"
        f"  return {_values(cls, 'self')} {operator} {_values(cls, 'other')}\n"
        " return NotImplemented"
    )


def _hashes(cls: type[Any]) -> str:
    return f"def __hash__(self):\n return hash({_values(cls, 'self')})"


def _hashes_once(cls: type[Any]) -> str:
    return (
        "def __hash__(self):\n"
        " try:\n"
        "  return self._hash\n"
        " except AttributeError:\n"
        f"  self._hash = hash({_values(cls, 'self')})\n"
        "  return self._hash"
    )


def _represents(cls: type[Any]) -> str:
    shown = ", ".join(f"{each.name}={{self.{each.name}!r}}" for each in fields(cls) if each.repr)
    return f"def __repr__(self):\n return f'{cls.__qualname__}({shown})'"
