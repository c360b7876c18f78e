"""Stopping work whose result nobody wants any more: an editor's text that is followed by a newer one.

The work asks at points a fraction of a second apart. What it has done up to there is dropped, so only what it remembers
when it is complete may be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Interrupted(BaseException):
    """The work is not wanted any more. No `Exception`: it is nobody's failure, and nobody may take it for one."""


def _go_on() -> bool:
    return False


_unwanted: ContextVar[Callable[[], bool]] = ContextVar("_unwanted", default=_go_on)


@contextmanager
def interruptible(unwanted: Callable[[], bool]) -> Iterator[None]:
    """Work in this context (of this thread) raises `Interrupted` soon after `unwanted` says so."""
    token = _unwanted.set(unwanted)
    try:
        yield
    finally:
        _unwanted.reset(token)


def checkpoint() -> None:
    """Raises `Interrupted` where the work is not wanted any more."""
    if _unwanted.get()():
        raise Interrupted
