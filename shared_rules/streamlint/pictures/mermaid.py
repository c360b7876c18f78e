"""A graph as a Mermaid flowchart, which Markdown on many sites shows as a picture.

Mermaid has no arrows that point back, so each arrow leads from who does something to the key, with what it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streamlint.pictures.graph import Edge, Graph, Node
from streamlint.pictures.measures import shown

PLAIN = frozenset(" _-./,()…·")
"""What may stand in a quoted text as it is, besides letters and digits."""
SHAPES = {
    "entrypoint": ("[[", "]]"),
    "page": ("[", "]"),
    "plain": ("[", "]"),
    "dynamic": ("[", "]"),
    "widget": ("([", "])"),
    "callback": ("{{", "}}"),
}
ARROWS = {"sets": "-->", "reads": "-.->", "draws": "--o", "deletes": "--x"}
UNPROTECTED = "==>"
STYLES = (
    "classDef page stroke:#0969da",
    "classDef widget stroke:#1a7f37",
    "classDef dynamic stroke-dasharray:6 4",
    "classDef callback stroke:#8250df",
    "classDef warned stroke:#cf222e,stroke-width:2px",
)


def as_mermaid(graphs: Sequence[Graph]) -> str:
    """One flowchart; of several apps each is a subgraph, with its columns as subgraphs of that."""
    lines = ["flowchart LR"]
    unprotected: list[int] = []
    edges = 0
    for number, graph in enumerate(graphs):
        names = {node.id: f"a{number}n{place}" for place, node in enumerate(graph.nodes)}
        lines += _app(graph, number, names) if len(graphs) > 1 else _columns(graph, number, names)
        lines += [f"  {_edge(edge, names)}" for edge in graph.edges]
        unprotected += [edges + place for place, edge in enumerate(graph.edges) if edge.unprotected]
        edges += len(graph.edges)
    lines += [f"  {style}" for style in STYLES]
    if unprotected:
        listed = ",".join(map(str, unprotected))
        lines.append(f"  linkStyle {listed} stroke:#cf222e,stroke-dasharray:7 4")
    return "\n".join(lines) + "\n"


def _app(graph: Graph, number: int, names: dict[str, str]) -> Iterator[str]:
    yield f'  subgraph a{number}["{quoted(graph.app)}"]'
    yield from (f"  {line}" for line in _columns(graph, number, names))
    yield "  end"


def _columns(graph: Graph, number: int, names: dict[str, str]) -> Iterator[str]:
    for column in graph.columns:
        yield f'  subgraph a{number}{column.id}["{column.label}"]'
        yield from (f"    {_node(node, names)}" for node in graph.nodes if node.column == column.id)
        yield "  end"


def _node(node: Node, names: dict[str, str]) -> str:
    begin, end = SHAPES[node.kind]
    label = quoted(node.label) + (f"<br>{quoted(node.detail)}" if node.detail else "")
    look = "page" if node.kind == "entrypoint" else node.kind
    styled = f":::{look}" if look != "plain" else ""
    if node.warnings:
        codes = sorted({finding.code for finding in node.warnings})
        label, styled = f"{label}<br>⚠ {quoted(', '.join(codes))}", ":::warned"
    return f'{names[node.id]}{begin}"{label}"{end}{styled}'


def _edge(edge: Edge, names: dict[str, str]) -> str:
    arrow = UNPROTECTED if edge.unprotected else ARROWS[edge.relation]
    label = " ".join([edge.relation, *edge.codes])
    return f'{names[edge.actor]} {arrow}|"{label}"| {names[edge.key]}'


def quoted(text: str) -> str:
    """A text that means nothing but itself between Mermaid's quotes."""
    return "".join(map(_escaped, shown(text)))


def _escaped(char: str) -> str:
    if char == "\\":
        return "#92;#8288;"  # else Mermaid takes a following "n" for a line break, after it has put in the characters
    return char if char.isalnum() or char in PLAIN or ord(char) > 0xFF else f"#{ord(char)};"
