"""The progress of the first analysis, which reads the whole project."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types as t
from streamlint.interrupt import Interrupted

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

TOKEN = "streamlint-indexing"


class Indexing:
    """Shows one progress, for the first analysis, where the client can; the user may cancel it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._begun = False
        self._shown = False
        self._cancelled = False

    def started(self) -> None:
        """The first document was opened."""
        window = self._server.client_capabilities.window
        if self._begun or window is None or not window.work_done_progress:
            self._begun = True
            return
        self._begun = True
        asyncio.ensure_future(self._show())  # noqa: RUF006 - it ends by itself

    async def _show(self) -> None:
        loop = asyncio.get_running_loop()
        progress = self._server.work_done_progress
        try:
            await asyncio.wait_for(progress.create_async(TOKEN), 5)
        except Exception:  # a client that says it can and cannot
            return
        if self._server.session.diagnosed:
            return
        title = "streamlint: reading the project"
        progress.begin(TOKEN, t.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0))
        self._shown = True

        def step(done: int, total: int, what: str) -> None:
            """In the worker's thread."""
            if self._cancelled or progress.tokens[TOKEN].cancelled():
                self._cancelled = True
                loop.call_soon_threadsafe(self.finished)
                raise Interrupted
            report = t.WorkDoneProgressReport(message=what, percentage=round(100 * done / max(total, 1)))
            loop.call_soon_threadsafe(lambda: progress.report(TOKEN, report) if self._shown else None)

        self._server.session.progress = step

    def finished(self) -> None:
        """The first answers are there, or the user wants none."""
        self._server.session.progress = lambda done, total, what: None
        if self._shown:
            self._shown = False
            self._server.work_done_progress.end(TOKEN, t.WorkDoneProgressEnd())
