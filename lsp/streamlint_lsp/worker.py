"""One thread for everything that takes time: the engine is not made for several, and the event loop must stay free.

Not pygls' own pool, whose threads also read what the client sends, and none that keeps the process from ending.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """Does one job after the other, in the order they are given."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def do(self, job: Callable[[], T]) -> T:
        """What the job gives, or raises. A caller that is cancelled does not stop it."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="streamlint-analysis", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                result = job()
            except BaseException as error:
                _tell(loop, done, done.set_exception, error)
            else:
                _tell(loop, done, done.set_result, result)

        self._jobs.put(run)
        return await done

    def _work(self) -> None:
        while True:
            self._jobs.get()()


def _tell(loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any], how: Callable[[Any], None], what: Any) -> None:
    def tell() -> None:
        if not done.done():
            how(what)

    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(tell)
