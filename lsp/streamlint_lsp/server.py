"""The protocol: what the server can do, and who answers which request."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from lsprotocol import types as t
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path
from streamlint import __version__
from streamlint.findings import DOCS_URL

from streamlint_lsp import actions, commands, completion, hints, hover, lenses, navigation, renaming, symbols
from streamlint_lsp.diagnostics import diagnostics, result_id
from streamlint_lsp.indexing import Indexing
from streamlint_lsp.options import Options
from streamlint_lsp.projects import Answer
from streamlint_lsp.protocol import PARSE_ERROR, Protocol
from streamlint_lsp.session import Session
from streamlint_lsp.view import View
from streamlint_lsp.watchdog import watch
from streamlint_lsp.workspaces import Workspaces

T = TypeVar("T")
ANALYSED = "streamlint/analysed"
"""The notification after an analysis."""
WATCHED = (
    "**/*.py",
    "**/pyproject.toml",
    "**/{.,}streamlint.toml",
    "**/{.,}ruff.toml",
    "**/{requirements*.txt,*.lock}",
    "**/*baseline*.json",
)
"""The files that others may change, with what rests on them."""


class Server(LanguageServer):
    """One client's server."""

    def __init__(self) -> None:
        full = t.TextDocumentSyncKind.Full
        super().__init__("streamlint", __version__, text_document_sync_kind=full, protocol_cls=Protocol)
        self.session = Session(self.complain, self._publish, self._analysed)
        self.workspaces = Workspaces(self)
        self.session.projects.options = self.workspaces.options
        self.indexing = Indexing(self)
        self.shut_down = False
        """Whether the client has said that it will go."""
        self.watching: asyncio.Task[None] | None = None
        """Looks whether the client is still there."""
        self._published: dict[str, str] = {}
        """What the client was told last of each file, by path."""

    # --- what the client can do ----------------------------------------------------------------------------------

    @property
    def encoding(self) -> str:
        """What the client counts columns in."""
        given = self.server_capabilities.position_encoding
        return given.value if isinstance(given, t.PositionEncodingKind) else str(given or "utf-16")

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics: then they are not sent."""
        text = self.client_capabilities.text_document
        return text is not None and text.diagnostic is not None

    @property
    def shows_related(self) -> bool:
        text = self.client_capabilities.text_document
        found = text and (text.diagnostic or text.publish_diagnostics)
        return bool(found and getattr(found, "related_information", False)) or self.pulls

    @property
    def wants_to_know(self) -> bool:
        """Whether the client asks to be told of each analysis."""
        given: Any = self.client_capabilities.experimental
        for name in ("streamlint", "analysed"):  # the protocol makes objects of what it does not know
            given = given.get(name) if isinstance(given, dict) else getattr(given, name, None)
        return given is True

    # --- documents -----------------------------------------------------------------------------------------------

    def path_of(self, uri: str) -> str | None:
        """The absolute path of a document or folder, if the URI is one of the file system."""
        try:
            path = to_fs_path(uri) if uri.startswith("file:") else None
        except ValueError:
            return None
        return path if path and os.path.isabs(path) and "\0" not in path else None

    def uri_of(self, path: str) -> str:
        """As the client spelled it, if the file is open. From any thread."""
        open_ = self.session.documents.get(path)
        return open_.uri if open_ is not None else str(from_fs_path(path))

    def view(self, uri: str, answer: Answer | None) -> View | None:
        path = self.path_of(uri)
        document = self.session.documents.get(path) if path is not None else None
        if document is None or answer is None:
            return None
        return View(document, answer, self.session.documents, self.encoding)

    async def quick(self, uri: str) -> View | None:
        """The document with the last answer there is."""
        path = self.path_of(uri)
        return self.view(uri, await self.session.known(path)) if path is not None else None

    def last(self, data: Any) -> View | None:
        """The document that something sent earlier was about, by what was sent with it."""
        uri = data.get("uri") if isinstance(data, dict) else None
        path = self.path_of(uri) if isinstance(uri, str) else None
        return self.view(uri, self.session.answers.get(path)) if isinstance(uri, str) and path is not None else None

    async def exact(self, uri: str) -> View | None:
        """The document with the answer about its newest text."""
        path = self.path_of(uri)
        return self.view(uri, await self.session.answer(path)) if path is not None else None

    # --- what the user is told -----------------------------------------------------------------------------------

    def complain(self, text: str) -> None:
        """Shows a problem of settings, or of ours; from any thread."""
        self._loop_call(
            lambda: self.window_show_message(t.ShowMessageParams(t.MessageType.Error, f"streamlint: {text}"))
        )

    def log(self, text: str) -> None:
        self.window_log_message(t.LogMessageParams(t.MessageType.Log, text))

    def _loop_call(self, call: Callable[[], None]) -> None:
        loop = self.workspaces.loop
        if loop is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(call)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors of ours and of clients go to the log: a message box helps nobody, and a closed client gets none."""
        if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)):
            if isinstance(self.protocol, Protocol):
                self.protocol.refuse(None, PARSE_ERROR, f"Parse Error: {error}")
        elif not isinstance(error, JsonRpcException) or isinstance(error, JsonRpcInternalError):
            logging.getLogger(__name__).error("%s: %s", getattr(source, "__name__", source), error)

    def _publish(self, found: dict[str, Answer]) -> None:
        self.indexing.finished()
        changed = False
        for path in found:
            document = self.session.documents.get(path)
            view = self.view(document.uri, found[path]) if document is not None else None
            if document is None or view is None:
                continue
            items = diagnostics(view, self.shows_related)
            before, now = self._published.get(path), result_id(items)
            self._published[path] = now
            changed = changed or before != now
            if not self.pulls:
                self.text_document_publish_diagnostics(
                    t.PublishDiagnosticsParams(uri=document.uri, version=document.version, diagnostics=items)
                )
        workspace = self.client_capabilities.workspace
        if changed and self.pulls and workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)

    def _analysed(self, paths: list[str]) -> None:
        """An analysis has ended, with something new about these files; clients that draw pictures are told."""
        self._refresh_what_is_shown()
        if self.wants_to_know:
            self.protocol.notify(ANALYSED, {"uris": [self.uri_of(path) for path in paths]})

    def _refresh_what_is_shown(self) -> None:
        """Asks the client to ask again for what is shown beside the diagnostics."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def closed(self, uri: str, path: str) -> None:
        """A closed document has no diagnostics."""
        self._published.pop(path, None)
        if not self.pulls:
            self.text_document_publish_diagnostics(t.PublishDiagnosticsParams(uri=uri, diagnostics=[]))


def create_server() -> Server:
    """A server that is not started yet."""
    server = Server()
    for register in (_lifecycle, _documents, _diagnostics, _keys, _shown, _actions, _commands):
        register(server)
    return server


def start() -> int:
    """Serves the client on the standard streams until it goes; gives the exit status that the protocol asks for."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    for noisy in ("pygls", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    gc.set_threshold(100_000, 5, 5)  # each analysis leaves much that only the collector finds
    sys.setswitchinterval(0.001)  # so that a hover need not wait for the analysis to give way
    server = create_server()
    server.start_io()
    return 0 if server.shut_down else 1


def _lifecycle(server: Server) -> None:
    @server.feature(t.INITIALIZE)
    def initialize(params: t.InitializeParams) -> None:
        server.workspaces.begin(asyncio.get_running_loop(), params)
        if params.process_id is not None:
            server.watching = asyncio.ensure_future(watch(params.process_id))

    @server.feature(t.INITIALIZED)
    async def initialized(params: t.InitializedParams) -> None:
        await server.workspaces.register(WATCHED)
        await server.workspaces.pull()

    @server.feature(t.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.shut_down = True

    @server.feature(t.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: t.DidChangeConfigurationParams) -> None:
        await server.workspaces.changed(params.settings)

    @server.feature(t.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders(params: t.DidChangeWorkspaceFoldersParams) -> None:
        await server.workspaces.pull()

    @server.feature(t.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: t.DidChangeWatchedFilesParams) -> None:
        paths = [path for change in params.changes if (path := server.path_of(change.uri)) is not None]
        server.session.changed_outside(paths)


def _documents(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: t.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        path = server.path_of(document.uri)
        if path is None or os.path.isdir(path):
            return
        if document.language_id == "python" or path.endswith(".py"):
            server.indexing.started()
            server.session.write(document.uri, path, document.version, document.text)

    @server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: t.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        path = server.path_of(document.uri)
        if path in server.session.documents and path is not None:
            text = server.workspace.get_text_document(document.uri).source
            server.session.write(document.uri, path, document.version, text)

    @server.feature(t.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: t.DidSaveTextDocumentParams) -> None:
        """Nothing to do: the text is known."""

    @server.feature(t.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: t.DidCloseTextDocumentParams) -> None:
        path = server.path_of(params.text_document.uri)
        if path in server.session.documents and path is not None:
            server.session.close(path)
            server.closed(params.text_document.uri, path)


def _diagnostics(server: Server) -> None:
    options = t.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="streamlint")

    @server.feature(t.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def pulled(params: t.DocumentDiagnosticParams) -> t.DocumentDiagnosticReport:
        uri = params.text_document.uri
        path = server.path_of(uri)
        view = server.view(uri, await server.session.findings(path)) if path is not None else None
        items = diagnostics(view) if view is not None else []
        identity = result_id(items)
        if identity == params.previous_result_id:
            return t.RelatedUnchangedDocumentDiagnosticReport(result_id=identity)
        return t.RelatedFullDocumentDiagnosticReport(items=items, result_id=identity)

    @server.feature(t.WORKSPACE_DIAGNOSTIC)
    async def everything(params: t.WorkspaceDiagnosticParams) -> t.WorkspaceDiagnosticReport:
        known = {each.uri: each.value for each in params.previous_result_ids}
        return t.WorkspaceDiagnosticReport(items=await server.workspaces.diagnostics(known))


def _keys(server: Server) -> None:
    """What is known of the keys of session state."""

    @server.feature(
        t.TEXT_DOCUMENT_COMPLETION,
        t.CompletionOptions(trigger_characters=[".", '"', "'", "["], resolve_provider=True),
    )
    async def complete(params: t.CompletionParams) -> t.CompletionList | None:
        view = await server.quick(params.text_document.uri)
        can = completion.Abilities.of(server.client_capabilities)
        return await completion.complete(view, params.position, can) if view is not None else None

    @server.feature(t.COMPLETION_ITEM_RESOLVE)
    def completed(item: t.CompletionItem) -> t.CompletionItem:
        view = server.last(item.data)
        return completion.resolve(view, item, completion.Abilities.of(server.client_capabilities))

    @server.feature(t.TEXT_DOCUMENT_HOVER)
    async def hovered(params: t.HoverParams) -> t.Hover | None:
        view = await server.quick(params.text_document.uri)
        markdown = hover.takes_markdown(server.client_capabilities)
        return hover.hover(view, params.position, markdown) if view is not None else None

    @server.feature(t.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: t.DefinitionParams) -> list[t.Location] | None:
        view = await server.quick(params.text_document.uri)
        return navigation.definition(view, params.position) if view is not None else None

    @server.feature(t.TEXT_DOCUMENT_REFERENCES)
    async def references(params: t.ReferenceParams) -> list[t.Location] | None:
        view = await server.quick(params.text_document.uri)
        if view is None:
            return None
        return navigation.references(view, params.position, params.context.include_declaration)

    @server.feature(t.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlight(params: t.DocumentHighlightParams) -> list[t.DocumentHighlight] | None:
        view = await server.quick(params.text_document.uri)
        return navigation.highlights(view, params.position) if view is not None else None

    @server.feature(t.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: t.PrepareRenameParams) -> t.PrepareRenamePlaceholder | None:
        view = await server.exact(params.text_document.uri)
        return await renaming.prepare(server, view, params.position) if view is not None else None

    @server.feature(t.TEXT_DOCUMENT_RENAME)
    async def rename(params: t.RenameParams) -> t.WorkspaceEdit | None:
        view = await server.exact(params.text_document.uri)
        if view is None:
            return None
        try:
            return await renaming.rename(server, view, params.position, params.new_name)
        except renaming.Refused as refusal:
            raise JsonRpcInvalidParams(message=str(refusal)) from refusal


def _shown(server: Server) -> None:
    """What is shown without being asked for."""

    @server.feature(t.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outline(params: t.DocumentSymbolParams) -> list[t.DocumentSymbol] | list[t.SymbolInformation] | None:
        view = await server.quick(params.text_document.uri)
        return symbols.document(view, server.client_capabilities) if view is not None else None

    @server.feature(t.WORKSPACE_SYMBOL)
    async def found(params: t.WorkspaceSymbolParams) -> list[t.SymbolInformation] | None:
        return await symbols.workspace(server, params.query)

    @server.feature(t.TEXT_DOCUMENT_CODE_LENS, t.CodeLensOptions(resolve_provider=True))
    async def lens(params: t.CodeLensParams) -> list[t.CodeLens] | None:
        view = await server.quick(params.text_document.uri)
        wanted = view is not None and server.workspaces.options(view.path).code_lens
        return lenses.lenses(view) if view is not None and wanted else None

    @server.feature(t.CODE_LENS_RESOLVE)
    def told(lens: t.CodeLens) -> t.CodeLens:
        return lenses.resolve(server.last(lens.data), lens)

    @server.feature(t.TEXT_DOCUMENT_INLAY_HINT)
    async def hint(params: t.InlayHintParams) -> list[t.InlayHint] | None:
        view = await server.quick(params.text_document.uri)
        wanted = view is not None and server.workspaces.options(view.path).inlay_hints
        return hints.hints(view, params.range) if view is not None and wanted else None


def _actions(server: Server) -> None:
    options = t.CodeActionOptions(code_action_kinds=list(actions.KINDS), resolve_provider=True)

    @server.feature(t.TEXT_DOCUMENT_CODE_ACTION, options)
    async def offered(params: t.CodeActionParams) -> list[t.CodeAction | t.Command] | None:
        return await actions.offered(server, params)

    @server.feature(t.CODE_ACTION_RESOLVE)
    async def resolved(action: t.CodeAction) -> t.CodeAction:
        return await actions.resolve(server, action)


def _commands(server: Server) -> None:
    for name, run in commands.COMMANDS.items():
        server.command(name)(_bound(run))


def _bound(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def command(ls: Server, *arguments: object) -> Any:  # pygls gives the server to a parameter of this name
        return await run(ls, *arguments)

    return command


__all__ = ["DOCS_URL", "Options", "Server", "create_server", "start"]
