"""Measures the language server as an editor feels it, as ratios within one run.

    python benchmarks/server.py

An app of 200 files (40 pages, 159 modules that they import) of which one page has 2,000 lines; the server is a real
process. Prints Markdown. Times are seconds on the clock at the median of several, so run it while nothing else runs.
Needs what `pip install -e .[dev]` brings.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types as t
from pygls.lsp.client import LanguageClient
from streamlint.lint import Linter
from streamlint.settings import load_settings
from streamlint_lsp.session import PAUSE

RUNS = 15
MODULES, PAGES, LINES = 159, 39, 2_000
SERVER = (sys.executable, "-m", "streamlint_cli", "server")
BARE = (
    "import sys; from pygls.lsp.server import LanguageServer; from lsprotocol import types as t\n"
    "server = LanguageServer('bare', '1')\n"
    "@server.feature(t.TEXT_DOCUMENT_DID_OPEN)\n"
    "def opened(p): server.text_document_publish_diagnostics(t.PublishDiagnosticsParams(p.text_document.uri, []))\n"
    "server.start_io()"
)


def make(folder: Path) -> Path:
    """Writes the app; gives its long page."""
    (folder / "pyproject.toml").write_text('[project]\nname = "bench"\nversion = "1"\n', encoding="utf-8")
    (folder / "parts").mkdir()
    (folder / "pages").mkdir()
    (folder / "parts" / "__init__.py").touch()
    for number in range(MODULES - 1):
        (folder / "parts" / f"part_{number}.py").write_text(_module(number), encoding="utf-8")
    (folder / "app.py").write_text(_page(0, 4), encoding="utf-8")
    for number in range(1, PAGES):
        (folder / "pages" / f"{number}_page.py").write_text(_page(number, 4), encoding="utf-8")
    page = folder / "pages" / "long.py"
    text = _page(PAGES, LINES // 9)
    page.write_text(text + "# end\n" * (LINES - text.count("\n")), encoding="utf-8")
    return page


def _module(number: int) -> str:
    return f'''import streamlit as st


def show_{number}(title):
    """Draws part {number}."""
    st.session_state.setdefault("seen_{number}", 0)
    if st.button(title, key="more_{number}"):
        st.session_state.seen_{number} += 1
    st.write(title, st.session_state.seen_{number})
'''


def _page(number: int, blocks: int) -> str:
    parts = [(number * 4 + i) % (MODULES - 1) for i in range(4)]
    imports = "\n".join(f"from parts.part_{part} import show_{part}" for part in parts)
    calls = "\n".join(f'show_{part}("Part {part}")' for part in parts)
    body = "\n".join(
        f"""
if "rows_{number}_{i}" not in st.session_state:
    st.session_state["rows_{number}_{i}"] = []
name_{i} = st.text_input("Name {i}", key="name_{number}_{i}")
if st.button("Add {i}", key="add_{number}_{i}") and name_{i}:
    st.session_state["rows_{number}_{i}"].append(name_{i})
st.header("Rows {i}")
st.write(st.session_state["rows_{number}_{i}"])
"""
        for i in range(blocks)
    )
    return f"import streamlit as st\n{imports}\n\n{calls}\n{body}"


# --- the client ----------------------------------------------------------------------------------------------


class Client:
    """One server with one open document."""

    def __init__(self, root: Path, page: Path) -> None:
        self._root = root
        self.uri = page.as_uri()
        self.text = page.read_text(encoding="utf-8")
        self._version = 0
        self._told: asyncio.Queue[int | None] = asyncio.Queue()
        self.client = LanguageClient("bench", "1")

        @self.client.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: t.PublishDiagnosticsParams) -> None:
            if params.uri == self.uri:
                self._told.put_nowait(params.version)

    async def start(self, *command: str) -> None:
        """Ends when the first diagnostics are there."""
        await self.client.start_io(*command, cwd=str(self._root))
        capabilities = t.ClientCapabilities()
        await self.client.initialize_async(t.InitializeParams(capabilities, root_uri=self._root.as_uri()))
        self.client.initialized(t.InitializedParams())
        item = t.TextDocumentItem(self.uri, "python", self._version, self.text)
        self.client.text_document_did_open(t.DidOpenTextDocumentParams(item))
        await self._told.get()

    async def type(self, text: str) -> None:
        """Ends when the diagnostics of the new text are there."""
        self._version += 1
        self.text = text
        document = t.VersionedTextDocumentIdentifier(uri=self.uri, version=self._version)
        change = t.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(t.DidChangeTextDocumentParams(document, [change]))
        while await self._told.get() != self._version:
            pass

    def at(self, text: str, inside: int) -> t.TextDocumentPositionParams:
        """The position behind the first characters of the last occurrence of a text."""
        before = self.text[: self.text.rindex(text) + inside]
        position = t.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)
        return t.TextDocumentPositionParams(t.TextDocumentIdentifier(self.uri), position)

    def megabytes(self) -> float:
        process = self.client._server
        assert process is not None
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def median(work: Callable[[int], Awaitable[object]], runs: int = RUNS) -> float:
    return statistics.median([await seconds(lambda at=at: work(at)) for at in range(runs)])  # type: ignore[misc]


async def starts(root: Path, page: Path, *command: str) -> float:
    """The least of three starts, to the first diagnostics."""
    found = []
    for _ in range(3):
        client = Client(root, page)
        found.append(await seconds(lambda client=client: client.start(*command)))  # type: ignore[misc]
        await client.stop()
    return min(found)


def extraction(page: Path, root: Path) -> float:
    """What the facts of the long page cost, once everything is imported."""
    found = []
    for number in range(7):
        linter = Linter(load_settings(root), cache=False)
        linter.replace(str(page), page.read_text(encoding="utf-8") + f"# {number}\n")
        index = linter._project_of(str(page)).index
        started = time.perf_counter()
        index.extract(str(page))
        found.append(time.perf_counter() - started)
    return min(found[1:])


async def measured(root: Path, page: Path) -> list[tuple[str, str, str, str]]:
    """The rows of the table: what, how long, aim, gap."""
    once = extraction(page, root)
    bare = await starts(root, page, sys.executable, "-c", BARE)
    cold = await starts(root, page, *SERVER)
    client = Client(root, page)
    await client.start(*SERVER)
    text = client.text
    await client.type(text + "z = 0\n")  # the first answer came out of the cache
    await client.type(text)
    before = client.megabytes()
    edit = await median(lambda n: client.type(f"{text}x_{n} = {n}\n")) - PAUSE
    for number in range(30):
        await client.type(f"{text}y = {number}\n")
    after = client.megabytes()
    await client.type(text + '\nst.write(st.session_state["rows_1_1"])\nst.session_state.\n')
    asked = client.client
    await asyncio.sleep(3)  # the keys of the new text are known a little later than what is wrong with it
    where = client.at("st.session_state.\n", len("st.session_state."))
    complete = await median(
        lambda n: asked.text_document_completion_async(t.CompletionParams(where.text_document, where.position))
    )
    key = client.at('"rows_1_1"', 3)
    hover = await median(lambda n: asked.text_document_hover_async(t.HoverParams(key.text_document, key.position)))
    await client.type(text)
    name = client.at('"name_39_7"', 3)
    rename = await median(
        lambda n: asked.text_document_rename_async(t.RenameParams(name.text_document, name.position, f"other_{n}")), 3
    )
    await client.stop()
    return [
        ("facts of the long page (floor)", f"{once * 1000:.0f} ms", "", ""),
        ("edit to diagnostics, beyond the pause", f"{edit * 1000:.0f} ms", "100 ms", _gap(edit, 0.1)),
        ("the same, to the facts of the page", f"{edit / once:.1f}", "3", _gap(edit / once, 3)),
        ("completion", f"{complete * 1000:.1f} ms", "10 ms", _gap(complete, 0.01)),
        ("hover", f"{hover * 1000:.1f} ms", "5 ms", _gap(hover, 0.005)),
        ("rename", f"{rename * 1000:.0f} ms", "", ""),
        ("bare pygls: start to first diagnostics", f"{bare:.2f} s", "", ""),
        ("start to first diagnostics, to that", f"{cold / bare:.2f}", "1.5", _gap(cold / bare, 1.5)),
        ("memory", f"{before:.0f} MB", "", ""),
        ("memory after 45 edits more, to that", f"{after / before:.2f}", "", ""),
    ]


def _gap(found: float, wanted: float) -> str:
    return "none" if found <= wanted else f"{found / wanted:.1f} times"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        page = make(root)
        print("| | measured | aim | gap |\n|---|---:|---:|---|")
        for row in asyncio.run(measured(root, page)):
            print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
