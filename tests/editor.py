"""A client of the language server, over a real process: what tests of editors drive.

Texts may have a cursor, `‸`, which is taken out before anything sees the text.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types as t
from lsprotocol.converters import get_converter
from pytest_lsp import LanguageClient, make_test_lsp_client
from streamlint.source import SourceText
from streamlint_lsp.positions import Positions

CURSOR = "‸"
PATIENCE = 60
SERVER = (sys.executable, "-m", "streamlint_cli", "server")


class Editor:
    """One client with its files under `root`."""

    def __init__(self, root: Path, client: LanguageClient, texts: dict[str, str]) -> None:
        self.root = root
        self.client = client
        self.initialized: t.InitializeResult
        self.registered: list[t.Registration] = []
        self.applied: list[t.WorkspaceEdit] = []
        self._cursors: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        for name, text in texts.items():
            self.texts[name] = self._without_cursor(name, text)
        self.published: dict[str, t.PublishDiagnosticsParams] = {}
        self._news = asyncio.Condition()

    def _without_cursor(self, name: str, text: str) -> str:
        if CURSOR in text:
            self._cursors[name] = text.index(CURSOR)
        return text.replace(CURSOR, "")

    # --- places --------------------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def document(self, name: str) -> t.TextDocumentIdentifier:
        return t.TextDocumentIdentifier(self.uri(name))

    def positions(self, name: str) -> Positions:
        encoding = self.initialized.capabilities.position_encoding or t.PositionEncodingKind.Utf16
        return Positions(SourceText(name, self.texts[name]), getattr(encoding, "value", encoding))

    def cursor(self, name: str) -> t.Position:
        return self.positions(name).position(self._cursors[name])

    def at(self, name: str, text: str, inside: int = 0, occurrence: int = 0) -> t.Position:
        """The position of an occurrence of `text`, `inside` characters further on."""
        start = -1
        for _ in range(occurrence + 1):
            start = self.texts[name].index(text, start + 1)
        return self.positions(name).position(start + inside)

    def shown(self, name: str, range_: t.Range) -> str:
        """The characters of a range."""
        span = self.positions(name).span(range_)
        return self.texts[name][span.start : span.end]

    def name_of(self, uri: str) -> str:
        """The file's name as the test spells it."""
        return next((name for name in self.texts if self.uri(name) == uri), uri)

    # --- documents -----------------------------------------------------------------------------------------------

    @property
    def opened(self) -> frozenset[str]:
        """The names of the open documents."""
        return frozenset(self._versions)

    def open(self, *names: str) -> None:
        for name in names:
            self._versions[name] = 1
            item = t.TextDocumentItem(self.uri(name), "python", 1, self.texts[name])
            self.client.text_document_did_open(t.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        """The user has typed: the whole text is sent."""
        self.texts[name] = self._without_cursor(name, text)
        self._versions[name] += 1
        identifier = t.VersionedTextDocumentIdentifier(uri=self.uri(name), version=self._versions[name])
        change = t.TextDocumentContentChangeWholeDocument(self.texts[name])
        self.client.text_document_did_change(t.DidChangeTextDocumentParams(identifier, [change]))

    def close(self, name: str) -> None:
        self._versions.pop(name, None)
        self.client.text_document_did_close(t.DidCloseTextDocumentParams(self.document(name)))

    def save(self, name: str) -> None:
        (self.root / name).write_text(self.texts[name], encoding="utf-8")
        self.client.text_document_did_save(t.DidSaveTextDocumentParams(self.document(name)))

    async def note(self, params: t.PublishDiagnosticsParams) -> None:
        async with self._news:
            self.published[params.uri] = params
            self._news.notify_all()

    async def diagnostics(self, name: str) -> list[t.Diagnostic]:
        """What is reported of the newest text: waits until it was sent, or asks if the client does."""
        if self.pulls:
            report = await self.client.text_document_diagnostic_async(t.DocumentDiagnosticParams(self.document(name)))
            assert isinstance(report, t.RelatedFullDocumentDiagnosticReport)
            return list(report.items)
        uri, version = self.uri(name), self._versions[name]

        def there() -> bool:
            return uri in self.published and self.published[uri].version == version

        async with asyncio.timeout(PATIENCE) if sys.version_info >= (3, 11) else _forever(), self._news:
            await self._news.wait_for(there)
        return list(self.published[uri].diagnostics)

    async def command(self, name: str, *arguments: Any) -> Any:
        """What one of the server's commands answers, as data."""
        params = t.ExecuteCommandParams(f"streamlint.{name}", list(arguments) or None)
        return _plain(await self.client.workspace_execute_command_async(params))

    async def codes(self, name: str) -> list[str]:
        return [str(each.code) for each in await self.diagnostics(name)]

    @property
    def pulls(self) -> bool:
        capabilities = self.client.capabilities
        return bool(capabilities and capabilities.text_document and capabilities.text_document.diagnostic)

    def edited(self, edit: t.WorkspaceEdit) -> dict[str, str]:
        """The texts of all files that an edit changes, after it; files that it makes are there too."""
        found: dict[str, list[t.TextEdit]] = {}
        for uri, edits in (edit.changes or {}).items():
            found.setdefault(uri, []).extend(edits)
        for change in edit.document_changes or []:
            assert isinstance(change, t.TextDocumentEdit)
            edits = [each for each in change.edits if isinstance(each, (t.TextEdit, t.AnnotatedTextEdit))]
            found.setdefault(change.text_document.uri, []).extend(edits)
        return {self.name_of(uri): self._with(self.name_of(uri), edits) for uri, edits in found.items()}

    def _with(self, name: str, edits: list[t.TextEdit]) -> str:
        text, positions = self.texts[name], self.positions(name)
        spans = sorted(((positions.span(each.range), each.new_text) for each in edits), key=lambda pair: pair[0])
        for span, new in reversed(spans):
            text = text[: span.start] + new + text[span.end :]
        return text


def _plain(value: Any) -> Any:
    """What the client library has made an object of, as data again; it gives new names to what is a word of Python."""
    if hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


@asynccontextmanager
async def _forever() -> AsyncIterator[None]:
    yield


def capabilities_of(client: str) -> t.ClientCapabilities:
    """What a real client said in its first request."""
    given = json.loads((Path(__file__).parent / "data" / "clients" / f"{client}.json").read_text(encoding="utf-8"))
    found: t.ClientCapabilities = get_converter().structure(given, t.ClientCapabilities)
    return found


@asynccontextmanager
async def editor(
    root: Path,
    files: Mapping[str, str],
    *,
    client: str = "nvim-0.7.2",
    encoding: str | None = None,
    options: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    capabilities: t.ClientCapabilities | None = None,
    folders: Sequence[t.WorkspaceFolder] | None = None,
    scoped: Mapping[str, Mapping[str, Any]] | None = None,
    server: Sequence[str] = SERVER,
) -> AsyncIterator[Editor]:
    """A client whose server runs in `root`, where the files are written. `client` is a real one, of which
    `tests/data/clients` has what it says that it can do; `options` go with the first request, `settings` are what the
    client says when it is asked, and `scoped` what it says for folders, by URI."""
    driver = make_test_lsp_client()
    made = Editor(root, driver, dict(files))
    for name, text in made.texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")

    driver.protocol.fm.features.pop(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # the one that is there forgets the version

    @driver.feature(t.CLIENT_REGISTER_CAPABILITY)
    def register(params: t.RegistrationParams) -> None:
        made.registered += params.registrations

    @driver.feature(t.WORKSPACE_APPLY_EDIT)
    def apply(params: t.ApplyWorkspaceEditParams) -> t.ApplyWorkspaceEditResult:
        made.applied.append(params.edit)
        return t.ApplyWorkspaceEditResult(applied=True)

    @driver.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    async def publish(params: t.PublishDiagnosticsParams) -> None:
        await made.note(params)

    if settings is not None:
        driver.set_configuration({"streamlint": dict(settings)})
    for uri, mine in (scoped or {}).items():
        driver.set_configuration({"streamlint": dict(mine)}, scope_uri=uri)
    known = capabilities or capabilities_of(client)
    if encoding is not None:
        known.general = known.general or t.GeneralClientCapabilities()
        known.general.position_encodings = [t.PositionEncodingKind(encoding)]
    await driver.start_io(*server, cwd=str(root))
    try:
        made.initialized = await driver.initialize_session(
            t.InitializeParams(
                capabilities=known,
                root_uri=root.as_uri(),
                initialization_options=options,
                workspace_folders=folders,
            )
        )
        yield made
    finally:
        await driver.shutdown_session()
        await driver.stop()
