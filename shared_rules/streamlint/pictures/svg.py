"""A graph as a static picture: it needs no script, no font and no other file, and follows the reader's light or dark.

What a line means is told by its form, its ends and its labels, not by its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from streamlint.findings import Severity
from streamlint.pictures.colours import style_sheet
from streamlint.pictures.graph import CALLBACK, KEY, PAGE, Edge, Graph, Node, second_line
from streamlint.pictures.measures import (
    BADGE,
    DETAIL_CELL,
    MARGIN,
    MOST_DETAIL,
    MOST_LABEL,
    PADDING,
    TOP,
    cut,
    shown,
)
from streamlint.pictures.routes import Route, routes

HEADER = 46
"""The height of an app's name and numbers above its graph."""
LEAST_WIDTH = 560
ROW = 26
"""The height of a row of the legend."""
SAMPLE = 40
"""The width of a line in the legend."""
ARROW = 9
FOLD = 11
"""The corner of a page."""
VERBS = {"sets": "sets", "reads": "reads", "draws": "draws a widget with", "deletes": "deletes"}
KINDS = {"plain": "key", "widget": "key of a widget", "dynamic": "key made at run time"}
SHAPES = {
    "page": "page",
    "plain": "key",
    "widget": "widget's key",
    "dynamic": "key made at run time",
    "callback": "callback",
}
"""What has a shape of its own, in the words of the legend."""
_RANKS = (Severity.ERROR, Severity.WARNING, Severity.HINT)


def as_svg(graphs: Sequence[Graph]) -> str:
    """One picture with the graphs below each other and one legend."""
    width = max([LEAST_WIDTH, *(graph.width for graph in graphs)])
    parts: list[str] = []
    top = 0
    for graph in graphs:
        parts.append(f'<g transform="translate(0 {top})">')
        parts += _app(graph)
        parts.append("</g>")
        top += HEADER + graph.height
    legend, bottom = _legend(width, top)
    return "\n".join([*_opening(graphs, width, bottom), *parts, *legend, "</svg>", ""])


def _opening(graphs: Sequence[Graph], width: int, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="streamlint" role="img" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" aria-labelledby="streamlint-title streamlint-desc">'
    )
    apps = ", ".join(graph.app for graph in graphs)
    yield f'<title id="streamlint-title">{_text(f"Session state of {apps}" if apps else "No Streamlit app")}</title>'
    yield f'<desc id="streamlint-desc">{_text(" ".join(map(described, graphs)))}</desc>'
    yield f"<style>\n{style_sheet()}</style>"
    yield f'<rect class="canvas" width="{width}" height="{height}"/>'


def described(graph: Graph) -> str:
    """What the picture shows, for those who do not see it."""
    names = {node.id: node.label for node in graph.nodes}
    bare = [
        f"{names[edge.actor]} reads {names[edge.key]} ({', '.join(edge.codes)})."
        for edge in graph.edges
        if edge.unprotected
    ]
    return " ".join([f"{graph.app}: {counted(graph)}.", *(["Unprotected:", *bare] if bare else [])])


def counted(graph: Graph) -> str:
    """How much there is of everything."""
    found = [_number(graph, PAGE, "page"), _number(graph, KEY, "key"), _number(graph, CALLBACK, "callback")]
    bare = sum(edge.unprotected for edge in graph.edges)
    found += [f"{bare} unprotected {'read' if bare == 1 else 'reads'}"] if bare else []
    return ", ".join(filter(None, found)) or "nothing"


def _number(graph: Graph, column: str, what: str) -> str:
    count = sum(node.column == column for node in graph.nodes)
    if column == KEY and not count:
        return "no keys"
    return f"{count} {what}{'' if count == 1 else 's'}" if count else ""


# --- an app ------------------------------------------------------------------------------------------------------


def _app(graph: Graph) -> Iterator[str]:
    yield _words(MARGIN, 34, cut(graph.app, 48), "head")
    yield _words(MARGIN, 53, counted(graph), "small quiet")
    yield f'<g transform="translate(0 {HEADER})">'
    for column in graph.columns:
        yield _words(column.x + column.width // 2, TOP - 16, column.label, "quiet middle")
    names = {node.id: node.label for node in graph.nodes}
    for route in sorted(routes(graph), key=lambda route: (route.edge.unprotected, route.edge.relation != "reads")):
        yield from _line(route, names)
    for node in graph.nodes:
        yield from _node(node)
    yield "</g>"


# --- nodes -------------------------------------------------------------------------------------------------------


def _node(node: Node) -> Iterator[str]:
    look = {"entrypoint": "page entrypoint", "dynamic": "plain dynamic"}.get(node.kind, node.kind)
    yield f'<g class="{look}" transform="translate({node.x} {node.y})">'
    yield f"<title>{_text(_told(node))}</title>"
    yield _shape(node.kind, node.width, node.height)
    below = cut(second_line(node), MOST_DETAIL)
    middle = node.height // 2
    yield _words(PADDING, middle - 3 if below else middle + 5, cut(node.label, MOST_LABEL), "label")
    if below:
        yield _words(PADDING, middle + 13, below, "small quiet")
    if node.warnings:
        yield from _badge(node)
    yield "</g>"


def _told(node: Node) -> str:
    """What a reader is told who points at a node."""
    lines = [f"{KINDS.get(node.kind, node.kind)}: {node.label}", second_line(node)]
    lines += [f"{finding.code}: {finding.message}" for finding in node.warnings]
    return "\n".join(filter(None, lines))


def _shape(kind: str, width: int, height: int) -> str:
    """Pages have a folded corner, callbacks point away, a widget's key is round."""
    if kind in ("page", "entrypoint"):
        outline = f"M0 0H{width - FOLD}L{width} {FOLD}V{height}H0Z"
        return f'<path class="shape" d="{outline}"/><path class="shape" d="M{width - FOLD} 0V{FOLD}H{width}"/>'
    if kind == "callback":
        point = 12
        return f'<path class="shape" d="M0 0H{width - point}L{width} {height // 2}L{width - point} {height}H0Z"/>'
    radius = min(22, height // 2) if kind == "widget" else 3
    return f'<rect class="shape" width="{width}" height="{height}" rx="{radius}"/>'


def _badge(node: Node) -> Iterator[str]:
    """How many warnings there are; its colour is that of the worst."""
    worst = min(node.warnings, key=lambda finding: _RANKS.index(finding.severity)).severity.value
    corner = FOLD + 5 if node.column == PAGE else PADDING if node.column == CALLBACK else 9
    yield from _mark(node.width - corner - BADGE, 7, str(min(99, len(node.warnings))), worst)


def _mark(x: int, y: int, number: str, severity: str) -> Iterator[str]:
    yield f'<g class="{severity}" transform="translate({x} {y})">'
    yield f'<rect class="fill" width="{BADGE}" height="16" rx="8"/>'
    yield _words(BADGE // 2, 12, f"!{number}", "small label on middle") + "</g>"


# --- lines -------------------------------------------------------------------------------------------------------


def _line(route: Route, names: dict[str, str]) -> Iterator[str]:
    edge = route.edge
    yield f'<g class="{_look(edge)}">'
    yield f"<title>{_text(_said(edge, names))}</title>"
    yield from _stroke(route)
    if edge.codes:
        yield from _code(route)
    yield "</g>"


def _look(edge: Edge) -> str:
    return f"{edge.relation} unprotected" if edge.unprotected else edge.relation


def _said(edge: Edge, names: dict[str, str]) -> str:
    found = f" ({', '.join(edge.codes)})" if edge.codes else ""
    return f"{names[edge.actor]} {VERBS[edge.relation]} {names[edge.key]}{found}"


def _stroke(route: Route) -> Iterator[str]:
    """The line with what stands at its end: the arrow of a read points to the reader, that of a write to the key."""
    way = route.direction
    match route.edge.relation:
        case "sets":
            yield _path("line", route.curve(end=ARROW))
            yield _path("head-of-line", _arrow(route.x2, route.y2, way))
        case "reads":
            yield _path("line", route.curve(start=ARROW))
            yield _path("head-of-line", _arrow(route.x1, route.y1, -way))
        case "draws":
            yield _path("line", route.curve(end=4))
            yield f'<circle class="head-of-line" cx="{route.x2 - 5 * way}" cy="{route.y2}" r="4.5"/>'
        case _:
            x, y = route.x2 - 7 * way, route.y2
            yield _path("line", route.curve(end=7))
            yield _path("cross", f"M{x - 4} {y - 4}L{x + 4} {y + 4}M{x - 4} {y + 4}L{x + 4} {y - 4}")


def _arrow(x: int, y: int, way: int) -> str:
    """A head that points to a place."""
    return f"M{x} {y}L{x - ARROW * way} {y - 4}V{y + 4}Z"


def _path(look: str, way: str) -> str:
    return f'<path class="{look}" d="{way}"/>'


def _code(route: Route) -> Iterator[str]:
    """The codes of what is found, beside the actor."""
    code = " ".join(route.edge.codes[:2]) + (" …" if len(route.edge.codes) > 2 else "")
    wide = round(len(code) * DETAIL_CELL) + 8
    x = route.x1 + (ARROW + 5) * route.direction - (wide if route.direction < 0 else 0)
    yield f'<rect class="canvas" x="{x}" y="{route.y1 - 7}" width="{wide}" height="14" rx="3"/>'
    yield _words(x + wide // 2, route.y1 + 4, code, "small label middle code")


# --- the legend --------------------------------------------------------------------------------------------------


def _legend(width: int, top: int) -> tuple[list[str], int]:
    """What lines and shapes mean, in as many rows as it takes, and where it ends."""
    parts: list[str] = []
    x, y = MARGIN, top + 8
    for sample, text in _samples():
        needed = SAMPLE + 10 + round(len(text) * DETAIL_CELL) + 22
        if x > MARGIN and x + needed > width:
            x, y = MARGIN, y + ROW
        parts += [f'<g transform="translate({x} {y})">', *sample]
        parts += [_words(SAMPLE + 10, 4, text, "small quiet"), "</g>"]
        x += needed
    return parts, y + ROW


def _samples() -> Iterator[tuple[list[str], str]]:
    for relation, text in (("sets", "sets"), ("reads", "reads")):
        yield _sample(relation, False), text
    yield _sample("reads", True), "reads, may be missing"
    for relation, text in (("draws", "draws a widget"), ("deletes", "deletes")):
        yield _sample(relation, False), text
    for kind, text in SHAPES.items():
        look = "plain dynamic" if kind == "dynamic" else kind
        shape = _shape(kind, SAMPLE - 4, 16)
        yield [f'<g class="{look}" transform="translate(2 -8)">{shape}</g>'], text
    yield list(_mark((SAMPLE - BADGE) // 2, -8, "1", "error")), "warnings"


def _sample(relation: str, unprotected: bool) -> list[str]:
    edge = Edge("", "", relation, (), (), unprotected)
    return [f'<g class="{_look(edge)}">', *_stroke(Route(edge, 0, 0, SAMPLE, 0)), "</g>"]


# --- text --------------------------------------------------------------------------------------------------------


def _words(x: int, y: int, text: str, look: str) -> str:
    return f'<text x="{x}" y="{y}" class={quoteattr(look)}>{_text(text)}</text>'


def _text(text: str) -> str:
    """The text as XML may have it, line by line."""
    return "\n".join(escape(shown(line)) for line in text.split("\n"))
