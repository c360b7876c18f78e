"""When to analyse: after a pause in typing, in the worker's thread, the newest text first and only."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from streamlint.interrupt import Interrupted, checkpoint, interruptible
from streamlint.source import SourceText

from streamlint_lsp.documents import Document
from streamlint_lsp.projects import Answer, Projects
from streamlint_lsp.worker import Worker

T = TypeVar("T")
DIAGNOSED, MAPPED = "diagnosed", "mapped"
PAUSE = 0.15
"""Seconds without a change before an analysis starts."""


class Session:
    """The open documents and the last answer about each. Lives on the event loop."""

    def __init__(
        self,
        say: Callable[[str], None],
        published: Callable[[dict[str, Answer]], None],
        mapped: Callable[[list[str]], None],
    ) -> None:
        """`say` gets problems for the user (from any thread); `published` is called with new answers by path, and
        `mapped` when their state maps are there too, with the paths of those that say something new."""
        self._worker = Worker()
        self.projects = Projects(say)
        self._published = published
        self._mapped = mapped
        self.progress: Callable[[int, int, str], None] = lambda done, total, what: None
        """Called from the worker's thread with the apps analysed, how many there are, and the next one."""
        self.documents: dict[str, Document] = {}
        """By path."""
        self.answers: dict[str, Answer] = {}
        """By path; one about an older text stays until there is a newer one."""
        self.diagnosed: dict[str, Answer] = {}
        """The same, known a little earlier, without state maps."""
        self._task: asyncio.Task[None] | None = None
        self._changes = 0
        self._seen = {DIAGNOSED: -1, MAPPED: -1}
        """How many changes the last answers know of."""
        self._stopped = False
        """Whether the user wants no analysis of what there is now."""
        self._outdated = threading.Event()
        self._waiting: list[asyncio.Future[None]] = []

    # --- documents -----------------------------------------------------------------------------------------------

    def write(self, uri: str, path: str, version: int, text: str) -> None:
        """A document was opened or changed."""
        opened = path not in self.documents
        self.documents[path] = Document(uri, path, version, SourceText(path, text))
        self._submit(lambda: self.projects.write(path, version, text))
        self.schedule(0 if opened else PAUSE)

    def close(self, path: str) -> None:
        """A document was closed: what the disk has counts again."""
        self.documents.pop(path, None)
        self.answers.pop(path, None)
        self.diagnosed.pop(path, None)
        self._submit(lambda: self.projects.close(path))
        self.schedule(PAUSE)

    def changed_outside(self, paths: Iterable[str]) -> None:
        found = tuple(paths)
        self._submit(lambda: self.projects.changed_outside(found))
        self.schedule(PAUSE)

    def forget(self) -> None:
        """Everything is looked at anew: the settings have changed."""
        self._submit(self.projects.forget)
        self.schedule(0)

    def _submit(self, job: Callable[[], None]) -> None:
        task = asyncio.ensure_future(self._worker.do(job))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    # --- analysis ------------------------------------------------------------------------------------------------

    def schedule(self, pause: float) -> None:
        """Analyse after a pause; one that is under way is outdated."""
        self._outdated.set()
        self._changes += 1
        self._stopped = False
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.ensure_future(self._analyse(pause))

    async def _analyse(self, pause: float) -> None:
        await asyncio.sleep(pause)
        outdated = self._outdated = threading.Event()
        paths = tuple(self.documents)

        def progress(done: int, total: int, what: str) -> None:
            checkpoint()
            self.progress(done, total, what)

        def analyse() -> dict[str, Answer]:
            with interruptible(outdated.is_set):
                return self.projects.analyse(paths, progress)

        try:
            found = await self._worker.do(analyse)
        except Interrupted:
            if not outdated.is_set():  # the user has cancelled it
                self._stopped = True
                self._wake()
            return
        except Exception as error:  # nobody awaits this task
            self.projects.say(f"the analysis failed: {type(error).__name__}: {error}")
            found = {}
        if outdated.is_set():  # between the last checkpoint and now
            return
        kept = {path: answer for path, answer in found.items() if path in self.documents}
        self.diagnosed.update(kept)
        self._wake(DIAGNOSED)
        self._published(kept)

        def mapped() -> dict[str, Answer]:
            with interruptible(outdated.is_set):
                checkpoint()
                return {path: self.projects.mapped(kept[path]) for path in kept}

        try:
            kept |= await self._worker.do(mapped)
        except Interrupted:
            return
        except Exception as error:  # nobody awaits this task
            self.projects.say(f"the state maps failed: {type(error).__name__}: {error}")
        kept = {path: answer for path, answer in kept.items() if path in self.documents}
        new = sorted(path for path, answer in kept.items() if self.answers.get(path) != answer)
        self.answers.update(kept)
        self._wake(MAPPED)
        self._mapped(new)

    def _wake(self, what: str | None = None) -> None:
        """Answers are there, or none will come."""
        if what is not None:
            self._seen[what] = self._changes
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def findings(self, path: str) -> Answer | None:
        """What is wrong with the document's newest text, without state maps; None once it is closed."""
        return await self._newest(path, DIAGNOSED)

    async def answer(self, path: str) -> Answer | None:
        """The answer about the document's newest text; None once it is closed."""
        return await self._newest(path, MAPPED)

    async def _newest(self, path: str, what: str) -> Answer | None:
        answers = self.diagnosed if what == DIAGNOSED else self.answers
        while path in self.documents:
            if self._stopped or self._seen[what] == self._changes:
                return answers.get(path)
            await self._next()
        return None

    async def known(self, path: str) -> Answer | None:
        """The last answer there is, whatever its text; waits only for the first one."""
        while path in self.documents:
            if path in self.answers or self._stopped or self._seen[MAPPED] == self._changes:
                return self.answers.get(path)
            await self._next()
        return None

    async def settled(self) -> None:
        """Returns when the analysis that is under way or waits has ended."""
        if self._task is not None and not self._task.done():
            await self._next()

    def _next(self) -> Awaitable[None]:
        """The next answers."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    async def ask(self, job: Callable[[Projects], T]) -> T:
        """What the engine says, from the worker's thread, after the texts and settings given so far."""
        return await self._worker.do(lambda: job(self.projects))
