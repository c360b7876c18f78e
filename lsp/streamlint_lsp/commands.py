"""Commands for clients."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, TypeVar

from pygls.exceptions import JsonRpcInvalidParams
from pygls.uris import from_fs_path
from streamlint import __version__
from streamlint.pictures import PICTURES
from streamlint.pictures.data import as_data
from streamlint.pictures.graph import Graph, as_json, graph_of
from streamlint.rules import all_rules

from streamlint_lsp.actions import fix_all
from streamlint_lsp.adopting import proposals
from streamlint_lsp.explaining import explain
from streamlint_lsp.mapping import Maps, places

if TYPE_CHECKING:
    from streamlint_lsp.projects import Projects
    from streamlint_lsp.server import Server

T = TypeVar("T")


async def state_map(server: Server, *arguments: Any) -> dict[str, Any]:
    """The apps of a file or folder (by its URI; of all folders without) with their keys."""
    uri = _optional_uri(arguments)
    return {"version": 1, "apps": await _of_apps(server, uri, lambda projects, at: _apps(server, projects, at))}


async def graph(server: Server, *arguments: Any) -> dict[str, Any]:
    """The same apps as graphs: as data, or as the text of a picture."""
    wanted = Wanted.of(arguments[1:])
    uri = _optional_uri(arguments[:1])
    write = PICTURES.get(wanted.format)
    if write is None:
        drawn = await _of_apps(server, uri, lambda projects, at: _graphs_as_data(server, projects, at, wanted.filter))
        return {"version": 1, "graphs": drawn}
    graphs = await _of_apps(server, uri, lambda projects, at: _graphs(projects.judged_maps(at), wanted.filter))
    return {"text": await server.session.ask(lambda _: write(graphs))}


async def _of_apps(server: Server, uri: str | None, ask: Callable[[Projects, str], list[T]]) -> list[T]:
    """What is said of the apps of a file or folder; of all folders if there is no URI."""
    found: list[T] = []
    for place in [_path(server, uri)] if uri is not None else list(server.workspaces.folders.values()):
        found += await server.session.ask(lambda projects, at=place: ask(projects, at))  # type: ignore[misc]
    return found


def _apps(server: Server, projects: Projects, place: str) -> list[dict[str, Any]]:
    found = projects.judged_maps(place)
    told = places(server.uri_of, projects.text, server.encoding)
    return [{"root": from_fs_path(found.root), **as_data(each, found.findings, told)} for each in found.maps]


def _graphs(found: Maps, text: str) -> list[Graph]:
    return [graph_of(each, found.findings, found.root, text) for each in found.maps]


def _graphs_as_data(server: Server, projects: Projects, place: str, text: str) -> list[dict[str, Any]]:
    found = projects.judged_maps(place)
    told = places(server.uri_of, projects.text, server.encoding)
    root = str(from_fs_path(found.root))
    return [as_json(each, root, told) for each in _graphs(found, text)]


@dataclass(frozen=True)
class Wanted:
    """What a client wants of graphs: a format, and only the keys that contain a text."""

    format: str = "json"
    filter: str = ""

    @classmethod
    def of(cls, arguments: tuple[Any, ...]) -> Wanted:
        """Raises `JsonRpcInvalidParams`."""
        match arguments:
            case () | (None,):
                return cls()
            case (dict() as given,) if given.keys() <= {"format", "filter"}:
                wanted = cls(**{name: value for name, value in given.items() if value is not None})
            case _:
                raise JsonRpcInvalidParams(message=f"the command takes a URI and {{format, filter}}, not {arguments!r}")
        if wanted.format not in ("json", *PICTURES):
            known = ", ".join(("json", *PICTURES))
            raise JsonRpcInvalidParams(message=f"the format is one of {known}, not {wanted.format!r}")
        if not isinstance(wanted.filter, str):
            raise JsonRpcInvalidParams(message=f"the filter is a text, not {wanted.filter!r}")
        return wanted


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


async def rules(server: Server, *arguments: Any) -> list[dict[str, Any]]:
    """All rules, in the order of their codes."""
    _no_arguments(arguments)
    return [
        {"code": each.code, "name": each.name, "summary": each.summary, "severity": each.severity.value}
        for each in all_rules()
    ]


async def initialise(server: Server, *arguments: Any) -> list[dict[str, Any]]:
    """The configuration of the project in a folder as it would be with streamlint in it; writes nothing."""
    uri = _optional_uri(arguments)
    if uri is None:
        raise JsonRpcInvalidParams(message="streamlint.initialise takes the URI of a folder")
    return proposals(_path(server, uri))


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
    "streamlint.rules": rules,
    "streamlint.fixAll": fix_all,
    "streamlint.initialise": initialise,
    "streamlint.stateMap": state_map,
    "streamlint.graph": graph,
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
