"""The keys of apps as tables for people: who sets and reads them, and what is wrong."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from operator import gt
from typing import TYPE_CHECKING, TextIO

from streamlint.pictures.graph import CALLBACK, KEY, PAGE, Edge, Graph, Node
from streamlint.pictures.measures import shown
from streamlint.pictures.svg import counted
from streamlint.source import display_width

from streamlint_cli.terminal import encodable, wants_colour

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

WIDTH = 80
"""Of tables that no terminal shows."""
EVERYBODY = 3
"""As many pages, if they are all, are "every page"."""
NOTE = "! reads it where it may be missing: `streamlint check` tells how"


def show(graphs: Sequence[Graph], stream: TextIO) -> None:
    """Prints the tables, as wide as the terminal; in colour if the stream is for eyes."""
    width = shutil.get_terminal_size((WIDTH, 24)).columns
    text = _printed(graphs, width, stream, colour=wants_colour(stream))
    stream.write(encodable(text, stream))


def plain(graphs: Sequence[Graph]) -> str:
    """The tables for a file."""
    return _printed(graphs, WIDTH, io.StringIO(), colour=False)


def _printed(graphs: Sequence[Graph], width: int, stream: TextIO, *, colour: bool) -> str:
    from rich.console import Console

    output = io.StringIO()
    console = Console(
        file=output, width=width, force_terminal=colour, no_color=not colour, emoji=False, highlight=False
    )
    ascii_only = not (stream.encoding or "utf-8").lower().startswith("utf")
    for number, graph in enumerate(graphs):
        if number:
            console.print()
        _print_app(graph, console, ascii_only=ascii_only)
    if any(edge.unprotected for graph in graphs for edge in graph.edges):
        console.print(f"\n{NOTE}", style="dim", markup=False)
    text = output.getvalue()
    return text if colour else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _print_app(graph: Graph, console: Console, *, ascii_only: bool) -> None:
    from rich.text import Text

    console.print(Text.assemble((shown(graph.app), "bold"), f": {counted(graph)}"), soft_wrap=True)
    keys = sorted((node for node in graph.nodes if node.column == KEY), key=lambda node: (node.label, node.id))
    if keys:
        console.print(_table(graph, keys, console.width, ascii_only=ascii_only))


def _table(graph: Graph, keys: Iterable[Node], width: int, *, ascii_only: bool) -> Table:
    from rich import box
    from rich.table import Table

    paged = any(node.survives is not None for node in graph.nodes)
    names = ("Key", "Kind", "Types", "Set by", "Read by", *(["Page switch"] if paged else []), "Warnings")
    rows = [list(_cells(graph, key, paged)) for key in keys]
    look, between = (box.ASCII2, 3) if ascii_only else (box.SIMPLE_HEAD, 2)
    table = Table(box=look, pad_edge=False, padding=(0, 1, 0, between - 2), show_edge=False)
    columns = [
        [name, *(cell.plain for cell in cells)] for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]
    for name, wide in zip(names, _widths(columns, width - between * (len(names) - 1)), strict=True):
        table.add_column(name, overflow="fold", width=wide)
    for row in rows:
        table.add_row(*row)
    return table


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """As wide as the texts, or else the widest columns give way: lines are broken before words are."""
    found = [max(map(display_width, column)) for column in columns]
    words = [max(display_width(word) for cell in column for word in cell.split()) for column in columns]
    for least in (words, [1] * len(words)):
        while sum(found) > room and any(map(gt, found, least)):
            slack = [wide if wide > fewest else 0 for wide, fewest in zip(found, least, strict=True)]
            found[slack.index(max(slack))] -= 1
    return found


def _cells(graph: Graph, key: Node, paged: bool) -> Iterator[Text]:
    from rich.text import Text

    edges = [edge for edge in graph.edges if edge.key == key.id]
    yield Text(shown(key.label), "bold")
    yield Text(_kind(key, edges))
    yield Text(shown(", ".join(key.types)))
    yield _actors(graph, [edge for edge in edges if edge.relation in ("sets", "draws")])
    yield _actors(graph, [edge for edge in edges if edge.relation == "reads"])
    if paged:
        yield Text({True: "kept", False: "lost", None: ""}[key.survives])
    yield Text(", ".join(sorted({finding.code for finding in key.warnings})), "red")


def _kind(key: Node, edges: Iterable[Edge]) -> str:
    """A widget's key is called by its widget."""
    elements = sorted({use.element for edge in edges for use in edge.uses if use.element})
    shown_kind = [] if key.kind == "widget" and elements else [key.kind]
    return " ".join([*shown_kind, *elements])


def _actors(graph: Graph, edges: Sequence[Edge]) -> Text:
    """Pages by their names, callbacks with parentheses; "!" where a read may fail."""
    from rich.text import Text

    open_ = {edge.actor for edge in edges if edge.unprotected}
    mine = {edge.actor for edge in edges}
    pages = [node.id for node in graph.nodes if node.column == PAGE]
    names: list[Text] = []
    if len(pages) >= EVERYBODY and mine.issuperset(pages) and not open_:
        names, mine = [Text("every page")], mine.difference(pages)
    for node in graph.nodes:
        if node.id in mine:
            name = shown(node.label) + ("()" if node.column == CALLBACK else "")
            names.append(Text(f"{name}!", "bold red") if node.id in open_ else Text(name))
    return Text(", ").join(names)
