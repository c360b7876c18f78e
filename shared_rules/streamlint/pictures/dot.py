"""A graph in the language of Graphviz: `dot -Tpng`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streamlint.pictures.graph import CALLBACK, Edge, Graph, Node
from streamlint.pictures.measures import shown

SHAPES = {
    "entrypoint": 'shape=note, style="filled,bold", fillcolor="#ddf4ff", color="#0969da"',
    "page": 'shape=note, style=filled, fillcolor="#ddf4ff", color="#0969da"',
    "plain": 'shape=box, style=filled, fillcolor="#f6f8fa", color="#6e7781"',
    "dynamic": 'shape=box, style="filled,dashed", fillcolor="#f6f8fa", color="#6e7781"',
    "widget": 'shape=box, style="filled,rounded", fillcolor="#dafbe1", color="#1a7f37"',
    "callback": 'shape=cds, style=filled, fillcolor="#fbefff", color="#8250df"',
}
LINES = {
    "sets": 'color="#0969da", penwidth=1.8',
    "reads": 'color="#6e7781"',
    "draws": 'color="#1a7f37", penwidth=1.8',
    "deletes": 'color="#9a6700", style=dotted, penwidth=1.8',
}
ENDS = {"sets": "normal", "reads": "normal", "draws": "dot", "deletes": "tee"}
UNPROTECTED = 'color="#cf222e", fontcolor="#cf222e", style=dashed, penwidth=2.6'


def as_dot(graphs: Sequence[Graph]) -> str:
    """One directed graph; each app is a cluster, if there are several, with its columns from left to right."""
    lines = [
        "digraph streamlint {",
        "  rankdir=LR;",
        '  node [fontname="monospace", fontsize=11];',
        '  edge [fontname="monospace", fontsize=9];',
    ]
    for number, graph in enumerate(graphs):
        lines += _app(graph, number) if len(graphs) > 1 else _inside(graph, number)
    return "\n".join([*lines, "}", ""])


def _app(graph: Graph, number: int) -> Iterator[str]:
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={quoted(graph.app)};"
    yield from (f"  {line}" for line in _inside(graph, number))
    yield "  }"


def _inside(graph: Graph, number: int) -> Iterator[str]:
    names = {node.id: f"a{number}n{place}" for place, node in enumerate(graph.nodes)}
    nodes = {node.id: node for node in graph.nodes}
    for node in graph.nodes:
        yield f"  {names[node.id]} [{_looks(node)}];"
    for edge in graph.edges:
        yield f"  {_edge(edge, names, nodes[edge.actor].column == CALLBACK)};"


def _looks(node: Node) -> str:
    codes = sorted({finding.code for finding in node.warnings})
    lines = [node.label, node.detail, f"! {', '.join(codes)}" if codes else ""]
    label = "\\n".join(_escaped(line) for line in lines if line)
    return f'label="{label}", {SHAPES[node.kind]}'


def _edge(edge: Edge, names: dict[str, str], from_the_right: bool) -> str:
    """Edges lead to the right, so that the columns stay; at which end the head stands is another matter."""
    ends = [names[edge.actor], names[edge.key]]
    at_key = edge.relation != "reads"
    at_right = at_key != from_the_right
    head = f"arrowhead={ENDS[edge.relation]}" if at_right else f"dir=back, arrowtail={ENDS[edge.relation]}"
    label = " ".join(edge.codes)
    looks = UNPROTECTED if edge.unprotected else LINES[edge.relation]
    told = f"label={quoted(label)}, " if label else ""
    tip = f"tooltip={quoted(edge.relation)}"
    return f"{' -> '.join(ends[::-1] if from_the_right else ends)} [{told}{head}, {looks}, {tip}]"


def quoted(text: str) -> str:
    """A text as a string of the language."""
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """A backslash would begin an escape, and an ampersand the name of a character."""
    return shown(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
