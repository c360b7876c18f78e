"""The server: which tools there are, who may ask for what, and what goes wrong as an answer that an agent can read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Lock
from types import new_class
from typing import Annotated, Any, TypeAlias

from mcp.server.mcpserver import Context, ListRoots, MCPServer, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ListRootsResult, ToolAnnotations
from pydantic import Field
from streamlint import __version__

from streamlint_mcp import shapes, tools
from streamlint_mcp.workspace import Refused, Workspace

INSTRUCTIONS = """\
streamlint finds the bugs that reruns and st.session_state cause in Streamlit apps, without running them. Call `lint`
after each edit of an app. Each finding has a `witness`: the steps of a concrete run that ends in the bug; follow it
before you change something. `explain` has the page of a rule, `fix` a diff to review (it writes nothing), and
`state_map` says who sets and who reads which key. Repair the cause; do not silence findings with `# noqa`."""
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Paths: TypeAlias = Annotated[
    Sequence[str],
    Field(description="files and folders, absolute or relative to the workspace; none: all of it", max_length=1000),
]
Select: TypeAlias = Annotated[
    Sequence[str],
    Field(description="codes, beginnings of codes or names of rules; none: as configured", max_length=100),
]
Limit: TypeAlias = Annotated[int, Field(description="the most findings to return", ge=1, le=1000)]
Unsafe: TypeAlias = Annotated[bool, Field(description="also fixes that may change what the app does")]
RuleName: TypeAlias = Annotated[
    str, Field(description="a code such as STL101, or a name", min_length=1, max_length=100)
]


def serve(folders: Sequence[Path]) -> None:
    """Answers on the standard streams until the client closes them. With folders, nothing else may be asked about;
    without, the client's roots hold, or the working directory for a client that has none."""
    make(folders).run()


def make(folders: Sequence[Path]) -> MCPServer[Sequence[Path]]:
    """The server with its tools."""

    @asynccontextmanager
    async def lifespan(_: MCPServer[Sequence[Path]]) -> AsyncIterator[Sequence[Path]]:
        yield folders

    return MCPServer(
        "streamlint",
        title="streamlint",
        version=__version__,
        instructions=INSTRUCTIONS,
        tools=[_strict(Tool.from_function(each, annotations=READS)) for each in (lint, explain, fix, state_map)],
        lifespan=lifespan,
        log_level="WARNING",
    )


def _strict(tool: Tool) -> Tool:
    """The tool, which now refuses arguments that it does not know: one may be misspelt."""
    known = tool.fn_metadata.arg_model
    strict: Any = new_class(known.__name__, (known,), {"extra": "forbid"})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


# --- who may ask for what ----------------------------------------------------------------------------------------


def roots(context: Context[Sequence[Path]]) -> Workspace | ListRoots:
    """The folders given at the start, else those of the client, which is asked where it has some."""
    folders = context.request_context.lifespan_context
    capabilities = context.client_capabilities
    if not folders and capabilities is not None and capabilities.roots is not None:
        return ListRoots()
    with _answering():
        return Workspace.of(folders or [Path.cwd()])


Allowed: TypeAlias = Annotated[Workspace | ListRootsResult, Resolve(roots)]


def _workspace(allowed: Workspace | ListRootsResult) -> Workspace:
    """Raises `Refused`."""
    return (
        Workspace.of_uris(str(root.uri) for root in allowed.roots) if isinstance(allowed, ListRootsResult) else allowed
    )


@contextmanager
def _answering() -> Iterator[None]:
    """One question at a time, as the engine wants it; what is refused is an answer that the agent reads."""
    try:
        with _ENGINE:
            yield
    except Refused as error:
        raise ToolError(str(error)) from error


_ENGINE = Lock()

# --- tools -------------------------------------------------------------------------------------------------------


def lint(allowed: Allowed, paths: Paths = (), select: Select = (), limit: Limit = 100) -> shapes.Linted:
    """Find the bugs that reruns and st.session_state cause in Streamlit apps. Each finding has a witness: the steps of
    a run that ends in the bug. A file is judged with the whole app that it belongs to."""
    with _answering():
        return tools.lint(_workspace(allowed), paths, select, limit)


def explain(rule: RuleName) -> shapes.Explained:
    """Explain a rule: what it finds, why that is bad, what to write instead, and when not to use it."""
    with _answering():
        return tools.explain(rule)


def fix(allowed: Allowed, paths: Paths = (), select: Select = (), unsafe: Unsafe = False) -> shapes.Preview:
    """Show what the fixes would change, as a unified diff. Nothing is written: review the diff, then apply it, or run
    `streamlint check --fix`."""
    with _answering():
        return tools.fix(_workspace(allowed), paths, select, unsafe)


def state_map(allowed: Allowed, paths: Paths = ()) -> shapes.Mapped:
    """List the keys of session state of the apps: what they hold, where they are set, read, deleted and drawn, by which
    page or callback, and which reads may fail."""
    with _answering():
        return tools.state_map(_workspace(allowed), paths)
