"""Plays the steps of pages in Chromium, on Streamlit's own frontend at `streamlit run`.

Knows text fields, checkboxes, selectboxes, buttons and the navigation. A step that starts a run ends with the
server's word, seen in the websocket's frames, that the script has finished; `shows` and `hides` wait for the page.
"""

from __future__ import annotations

import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.source_util import page_icon_and_name

TIMEOUT = 60.0
TEXTS = "[data-testid=stText], [data-testid=stMarkdownContainer], [data-testid=stHeading], [data-testid=stAlert]"
FLAGS = (
    "--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false",
    "--server.fileWatcherType=none",
)  # fmt: skip


@contextmanager
def serving(directory: Path, entrypoint: str) -> Iterator[str]:
    """The address of a server of the app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", entrypoint, f"--server.port={port}", *FLAGS]
    server = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + TIMEOUT
        while not _answers(f"{address}/_stcore/health"):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server did not start: {server.poll()}")
            time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


class Tab:
    """One session: `browser` is Playwright's, and its contexts share nothing."""

    def __init__(self, browser: Any, address: str, entrypoint: str) -> None:
        self.page = browser.new_context().new_page()
        self.address, self.entrypoint = address, entrypoint
        self.finished = 0
        self.visited = False
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._received))

    def _received(self, frame: bytes | str) -> None:
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if message.WhichOneof("type") == "script_finished" and not early:
            self.finished += 1

    def do(self, step: str) -> None:
        name, *words = shlex.split(step)
        before = self.finished
        getattr(self, name)(*words)
        if name not in ("type", "shows", "hides"):
            self._wait(lambda: self.finished > before, f"{step}: no run has finished")

    def _wait(self, holds: Any, why: str) -> None:
        end = time.monotonic() + TIMEOUT
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{why}; the page shows {self.texts()}")
            self.page.wait_for_timeout(20)

    def run(self) -> None:
        if self.visited:
            self.page.evaluate("document.activeElement?.blur()")  # a field would take the letter for itself
            self.page.keyboard.press("r")
        else:
            self._visit("")

    def open(self, page: str) -> None:
        name = page_icon_and_name(Path(page))[1] if page.endswith(".py") else page
        if not self.visited:
            self._visit("" if page == self.entrypoint else name)
            return
        title = name.replace("_", " ")
        self.page.locator("[data-testid=stSidebarNavLink]").filter(has_text=title).first.click()

    def _visit(self, path: str) -> None:
        self.visited = True
        self.page.goto(f"{self.address}/{path}")

    def click(self, name: str) -> None:
        self._either(name, "button", self.page.get_by_role("button", name=name, exact=True)).click()

    def set(self, name: str, value: str) -> None:
        self._enter(name, value, "Enter")

    def type(self, name: str, value: str) -> None:
        self._enter(name, value, "Tab")

    def _enter(self, name: str, value: str, key: str) -> None:
        field = self._either(name, "input, textarea", self.page.get_by_label(name, exact=True))
        if field.get_attribute("type") == "checkbox":
            if field.is_checked() is not (value == "true"):
                field.locator("xpath=ancestor::label").click()
            return
        listed = field.get_attribute("role") == "combobox"
        field.fill(value)
        field.press("Enter" if listed else key)

    def _either(self, name: str, tag: str, labelled: Any) -> Any:
        """An element by its key, which is a class of it, or its label."""
        self._wait(lambda: labelled.count() or self._by_key(name, tag).count(), f"nothing is called {name!r}")
        return (labelled if labelled.count() else self._by_key(name, tag)).first

    def _by_key(self, name: str, tag: str) -> Any:
        return self.page.locator(f'[class~="st-key-{name.replace(" ", "-")}"]').locator(tag)

    def texts(self) -> list[str]:
        return [text.strip() for text in self.page.locator(TEXTS).all_inner_texts()]

    def shows(self, text: str) -> None:
        self._wait(lambda: text in self.texts(), f"{text!r} is not shown")

    def hides(self, text: str) -> None:
        self._wait(lambda: text not in self.texts(), f"{text!r} is shown")
