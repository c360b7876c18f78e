"""The client's folders: their settings, what is watched in them, and what is wrong in all of their files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t
from pygls.uris import from_fs_path, to_fs_path

from streamlint_lsp.diagnostics import diagnostics, result_id
from streamlint_lsp.documents import Document
from streamlint_lsp.options import Options
from streamlint_lsp.projects import Answer, Projects
from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

SECTION = "streamlint"
PATIENCE = 5.0
"""Seconds that a client has to answer what its settings are; afterwards there are none."""


class Workspaces:
    """The folders that the client has open."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.loop: asyncio.AbstractEventLoop | None = None
        self._global = Options()
        self._of_folders: dict[Path, Options] = {}
        self._said: set[str] = set()

    def begin(self, loop: asyncio.AbstractEventLoop, params: t.InitializeParams) -> None:
        """The settings that come with the first request count until others come."""
        self.loop = loop
        given = params.initialization_options
        if isinstance(given, Mapping):
            given = given.get("settings", given.get(SECTION, given))
        [self._global] = self._read(given)

    @property
    def folders(self) -> dict[str, str]:
        """The folders' paths by their URI."""
        found = {uri: to_fs_path(uri) for uri in self._server.workspace.folders}
        if not found and self._server.workspace.root_uri:
            found[self._server.workspace.root_uri] = to_fs_path(self._server.workspace.root_uri)
        return {uri: path for uri, path in found.items() if path is not None}

    def options(self, path: str) -> Options:
        """The settings of the innermost folder around a file. Called from both threads."""
        around = [folder for folder in self._of_folders if Path(path).is_relative_to(folder)]
        return self._of_folders[max(around, key=lambda folder: len(folder.parts))] if around else self._global

    # --- settings ------------------------------------------------------------------------------------------------

    async def register(self, watched: Sequence[str]) -> None:
        """Asks to be told of changed settings and files."""
        workspace = self._server.client_capabilities.workspace
        wanted: list[t.Registration] = []
        if workspace and (watch := workspace.did_change_watched_files) and watch.dynamic_registration:
            watchers = [t.FileSystemWatcher(glob_pattern=pattern) for pattern in watched]
            options: Any = t.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            wanted.append(t.Registration("streamlint-files", t.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
        if workspace and (change := workspace.did_change_configuration) and change.dynamic_registration:
            options = t.DidChangeConfigurationRegistrationOptions(section=SECTION)
            wanted.append(t.Registration("streamlint-settings", t.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
        if wanted:
            await self._asked(self._server.client_register_capability_async(t.RegistrationParams(wanted)))

    async def pull(self) -> None:
        """Asks for the settings of each folder. A client that never answers has none."""
        workspace = self._server.client_capabilities.workspace
        if not workspace or not workspace.configuration:
            return
        folders = self.folders
        items = [t.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in (None, *folders)]
        found = await self._asked(self._server.workspace_configuration_async(t.ConfigurationParams(items)))
        if not isinstance(found, (list, tuple)) or len(found) != len(items):
            return
        before = (self._global, self._of_folders)
        given = [each for each in found if each is not None]
        options = iter(self._read(*given))
        if found[0] is not None:
            self._global = next(options)
        pairs = zip(folders.values(), found[1:], strict=True)
        self._of_folders = {Path(path): next(options) for path, each in pairs if each is not None}
        if before != (self._global, self._of_folders):
            self._server.session.forget()

    async def changed(self, settings: object) -> None:
        """The client says that settings have changed, or even which they are now."""
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.configuration:
            await self.pull()
        elif isinstance(settings, Mapping) and isinstance(settings.get(SECTION), Mapping):
            [self._global] = self._read(settings[SECTION])
            self._server.session.forget()

    def _read(self, *given: object) -> list[Options]:
        """The options; each mistake in them is said once, until it is gone."""
        read = [Options.of(each) for each in given]
        problems = {problem for _, mine in read for problem in mine}
        for problem in sorted(problems - self._said):
            self._server.complain(problem)
        self._said = problems
        return [options for options, _ in read]

    async def _asked(self, answer: Any) -> Any:
        """The client's answer; None if it refuses or stays silent."""
        try:
            return await asyncio.wait_for(answer, PATIENCE)
        except Exception as error:  # whatever a client may send
            self._server.log(f"the client did not answer: {type(error).__name__} {error}")
            return None

    # --- all files -----------------------------------------------------------------------------------------------

    async def diagnostics(self, known: Mapping[str, str]) -> list[t.WorkspaceDocumentDiagnosticReport]:
        """What is wrong in the files of all folders. `known` are result ids by URI."""
        server = self._server
        found: dict[str, Answer] = {}
        for folder in self.folders.values():
            if self.options(folder).enable and self.options(folder).workspace_diagnostics:
                found |= await server.session.ask(lambda projects, at=folder: _answers(projects, at))  # type: ignore[misc]
        reports: list[t.WorkspaceDocumentDiagnosticReport] = []
        told: set[str] = set()
        for path, answer in found.items():
            document = server.session.documents.get(path)
            uri = document.uri if document is not None else str(from_fs_path(path))
            told.add(uri)
            shown = document or Document(uri, path, 0, answer.source)
            items = diagnostics(View(shown, answer, server.session.documents, server.encoding))
            reports.append(_report(uri, document.version if document is not None else None, items, known.get(uri)))
        reports += [_report(uri, None, [], known[uri]) for uri in known if uri not in told]
        return reports


def _report(
    uri: str, version: int | None, items: list[t.Diagnostic], before: str | None
) -> t.WorkspaceDocumentDiagnosticReport:
    identity = result_id(items)
    if identity == before:
        return t.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, version=version, result_id=identity)
    return t.WorkspaceFullDocumentDiagnosticReport(uri=uri, version=version, items=items, result_id=identity)


def _answers(projects: Projects, folder: str) -> dict[str, Answer]:
    return projects.everything(folder)
