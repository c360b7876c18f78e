"""Commands for clients."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Awaitable, Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcInvalidParams
from pygls.uris import from_fs_path
from streamlint import __version__
from streamlint.findings import Place

from streamlint_lsp.explaining import explain
from streamlint_lsp.mapping import Writer
from streamlint_lsp.positions import Positions

if TYPE_CHECKING:
    from lsprotocol import types as t

    from streamlint_lsp.projects import Projects
    from streamlint_lsp.server import Server


async def state_map(server: Server, *arguments: Any) -> dict[str, Any]:
    """The apps of a file or folder (by its URI; of all folders without) with their keys."""
    uri = _optional_uri(arguments)
    places = [_path(server, uri)] if uri is not None else list(server.workspaces.folders.values())
    apps: list[dict[str, Any]] = []
    for place in places:
        apps += await server.session.ask(lambda projects, at=place: _apps(server, projects, at))  # type: ignore[misc]
    return {"version": 1, "apps": apps}


def _apps(server: Server, projects: Projects, place: str) -> list[dict[str, Any]]:
    found = projects.judged_maps(place)
    texts: dict[str, Positions | None] = {}

    def range_(place: Place) -> t.Range | None:
        if place.path not in texts:
            source = projects.text(place.path)
            texts[place.path] = Positions(source, server.encoding) if source is not None else None
        positions = texts[place.path]
        return positions.range(place.span) if positions is not None else None

    writer = Writer(server.uri_of, range_, found.findings)
    return [{"root": from_fs_path(found.root), **writer.app(each)} for each in found.maps]


async def restart(server: Server, *arguments: Any) -> None:
    """Forgets everything that is known and looks again."""
    _no_arguments(arguments)
    server.session.forget()


async def show_configuration(server: Server, *arguments: Any) -> dict[str, Any]:
    """What holds for a file or folder, and why."""
    uri = _optional_uri(arguments)
    if uri is None:
        raise JsonRpcInvalidParams(message="streamlint.showConfiguration takes the URI of a file or folder")
    path = _path(server, uri)
    return await server.session.ask(lambda projects: projects.configuration(path))


async def clear_cache(server: Server, *arguments: Any) -> dict[str, Any]:
    """Removes the caches of the open projects from the disk; gives the folders."""
    _no_arguments(arguments)
    folders = list(server.workspaces.folders.values())
    removed = await server.session.ask(lambda projects: projects.clear_caches(folders))
    server.session.forget()
    return {"removed": removed}


async def report_version(server: Server, *arguments: Any) -> dict[str, Any]:
    """What a bug report needs."""
    _no_arguments(arguments)
    capabilities = server.server_capabilities
    features = (name for name in dir(capabilities) if name.endswith("_provider") and getattr(capabilities, name))
    return {
        "streamlint": __version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        **{name: _version(name) for name in ("pygls", "lsprotocol", "astroid")},
        "positionEncoding": server.encoding,
        "diagnostics": "pull" if server.pulls else "push",
        "features": sorted(_camel(name.removesuffix("_provider")) for name in features),
        "commands": sorted(COMMANDS),
    }


COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {
    "streamlint.explain": explain,
    "streamlint.stateMap": state_map,
    "streamlint.restart": restart,
    "streamlint.showConfiguration": show_configuration,
    "streamlint.clearCache": clear_cache,
    "streamlint.version": report_version,
}


def _no_arguments(arguments: Iterable[Any]) -> None:
    given = list(arguments)
    if given:
        raise JsonRpcInvalidParams(message=f"the command takes no arguments, not {given!r}")


def _optional_uri(arguments: tuple[Any, ...]) -> str | None:
    """The URI of a document or folder, which may be given as such or like a text document identifier."""
    match arguments:
        case () | (None,):
            return None
        case (str() as uri,) | ({"uri": str() as uri},):
            return uri
        case _:
            raise JsonRpcInvalidParams(message=f"the command takes the URI of a file or folder, not {arguments!r}")


def _path(server: Server, uri: str) -> str:
    path = server.path_of(uri)
    if path is None or not os.path.isabs(path):
        raise JsonRpcInvalidParams(message=f"{uri!r} is no file or folder")
    if not os.path.exists(path) and path not in server.session.documents:
        raise JsonRpcInvalidParams(message=f"{uri!r} does not exist")
    return path


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
