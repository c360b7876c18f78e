"""State maps as data and as pictures: who sets, reads, draws and deletes which key of an app's session state.

`data` writes a state map out in full. `graph` makes nodes and edges with places of it, which `svg`, `mermaid` and `dot`
draw. None of them knows what a place is to a reader: front ends say that (`places`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from streamlint.pictures.dot import as_dot
from streamlint.pictures.graph import Graph
from streamlint.pictures.mermaid import as_mermaid
from streamlint.pictures.svg import as_svg

PICTURES: dict[str, Callable[[Sequence[Graph]], str]] = {"svg": as_svg, "mermaid": as_mermaid, "dot": as_dot}
"""The formats that are text, each of several graphs in one document."""
