"""Room for deep recursion, for the rare code that is nested or calls deeper than Python recurses by default."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

_STACK_BYTES = 256 * 1024 * 1024
_RECURSION_LIMIT = 30_000
_lock = threading.Lock()


def deep(work: Callable[[], _T]) -> _T:
    """Run `work`; if it needs more stack than there is, once more, from its beginning, in a thread that has plenty."""
    try:
        return work()
    except (RecursionError, MemoryError):
        if threading.current_thread().name == _NAME:
            raise  # this is that thread already
    return _in_deep_thread(work)


_NAME = "streamlint-deep"


def _in_deep_thread(work: Callable[[], _T]) -> _T:
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    with _lock:  # stack size and recursion limit belong to the process
        limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
        sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
        try:
            thread = threading.Thread(target=run, name=_NAME, daemon=True)
            thread.start()
            thread.join()
        finally:
            sys.setrecursionlimit(limit)
            threading.stack_size(size)
    if errors:
        raise errors[0]
    return results[0]
