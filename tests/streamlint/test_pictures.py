"""The state map of an app as data, as a graph and as pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from streamlint.lint import Linter
from streamlint.pictures import PICTURES
from streamlint.pictures.data import as_data
from streamlint.pictures.graph import Edge, Graph, Node, as_json, graph_of
from streamlint.pictures.layout import arranged, crossings, increasing, tops
from streamlint.pictures.names import page_name
from streamlint.pictures.places import Places
from streamlint.settings import load_settings

ROOT = Path(__file__).parent.parent.parent
SVG = "{http://www.w3.org/2000/svg}"
HEAD = "import streamlit as st\n\n"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "a\"b'c",
    "line\nbreak",
    "emoji 🍵",
    "]]>",
    "%%{init: {}}%%",
    "back\\slash\\n",
    "<!--",
    "end",
    "`md` **b**",
    "a;b#35;",
    "&amp;",
    "style: #35; x",
    "\u2028",
    "\u202eevil",
    "\x1b[31m",
    "{x} | [y]",
    "\ud800",
)
PLAIN = Places(
    lambda path: Path(path).name,
    lambda place: {"file": Path(place.path).name, "start": place.span.start},
    lambda place: {"start": place.span.start},
)


def graphs_of(folder: Path, files: Mapping[str, str], text: str = "", select: str | None = None) -> list[Graph]:
    for name, code in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(HEAD + code, encoding="utf-8")
    overrides = {"extend_select": [select]} if select else {}
    settings = load_settings(folder, isolated=True, overrides=overrides)
    maps, report = Linter(settings, cache=False, mapped=True).judged_maps([folder])
    return [graph_of(each, report.findings, str(folder), text) for each in maps]


def graph(folder: Path, files: Mapping[str, str], text: str = "") -> Graph:
    [found] = graphs_of(folder, files, text)
    return found


def shown(edges: tuple[Edge, ...]) -> set[tuple[str, str, str]]:
    return {(edge.actor, edge.relation, edge.key) for edge in edges}


def labels(found: Graph, column: str) -> list[tuple[str, str, str]]:
    return sorted((node.kind, node.label, node.detail) for node in found.nodes if node.column == column)


# --- who does what -----------------------------------------------------------------------------------------------

SHOP = {
    "Home.py": (
        "from state import init\n\ninit()\n"
        "def reset():\n    st.session_state.pop('cart', None)\n    init()\n\n"
        "st.button('Reset', on_click=reset)\nst.text_input('Name', key='name')\n"
    ),
    "pages/2_Our_cart.py": "st.write(st.session_state.cart, st.session_state.name)\n",
    "pages/10_Empty.py": "st.write('nothing here')\n",
    "state.py": (
        "def init():\n    st.session_state.setdefault('cart', [])\n\ndef unused():\n    del st.session_state.old\n"
    ),
}


def test_a_helper_belongs_to_all_that_call_it_and_a_callback_to_itself(tmp_path: Path) -> None:
    found = graph(tmp_path, SHOP)
    home, reset = "page:Home.py", "callback:Home.py:reset"
    assert shown(found.edges) == {
        (home, "sets", "key:cart"),
        (home, "draws", "key:name"),
        (reset, "sets", "key:cart"),
        (reset, "deletes", "key:cart"),
        ("page:pages/2_Our_cart.py", "reads", "key:cart"),
        ("page:pages/2_Our_cart.py", "reads", "key:name"),
    }
    assert labels(found, "page") == [
        ("entrypoint", "Home", "Home.py"),
        ("page", "Empty", "pages/10_Empty.py"),
        ("page", "Our cart", "pages/2_Our_cart.py"),
    ]
    assert labels(found, "callback") == [("callback", "reset", "Home.py (Home)")]
    assert labels(found, "key") == [("plain", "cart", "list"), ("plain", "old", ""), ("widget", "name", "str")]


def test_reads_with_a_finding_are_unprotected(tmp_path: Path) -> None:
    found = graph(tmp_path, SHOP)
    bare = {edge.key: edge.codes for edge in found.edges if edge.unprotected}
    assert bare == {"key:cart": ("STL102",), "key:name": ("STL102",)}
    [cart] = [node for node in found.nodes if node.label == "cart"]
    assert [finding.code for finding in cart.warnings] == ["STL102"]
    assert cart.survives is True and len(cart.initialisers) == 1


def test_a_page_has_the_warnings_of_the_helpers_that_it_calls(tmp_path: Path) -> None:
    files = {
        "app.py": "st.write(1)\n",
        "pages/a.py": "from helper import show\n\nshow()\n",
        "helper.py": "def show():\n    st.write(st.session_state.gone)\n",
    }
    warned = {node.label: [f.code for f in node.warnings] for node in graph(tmp_path, files).nodes}
    assert warned == {"app": [], "a": ["STL103"], "gone": ["STL103"]}


def test_an_update_sets_and_reads_and_hints_leave_reads_protected(tmp_path: Path) -> None:
    code = "st.session_state['n'] = 0\nst.session_state.n += 1\n"
    [found] = graphs_of(tmp_path, {"app.py": code}, select="STL503")
    edges = {edge.relation: edge for edge in found.edges}
    assert sorted(edges) == ["reads", "sets"]
    assert edges["reads"].codes and not edges["reads"].unprotected


def test_callbacks_of_one_name_are_told_apart(tmp_path: Path) -> None:
    code = "st.button('a', on_click=lambda: st.session_state.update(x=1))\n"
    code += "st.button('b', on_click=lambda: st.session_state.update(y=1))\n"
    found = graph(tmp_path, {"app.py": code})
    assert {(edge.actor, edge.key) for edge in found.edges} == {
        ("callback:app.py:<lambda>", "key:x"),
        ("callback:app.py:<lambda>#2", "key:y"),
    }
    assert {node.label for node in found.nodes if node.column == "callback"} == {"lambda"}


def test_keys_that_are_made_at_run_time(tmp_path: Path) -> None:
    code = "for i in range(st.slider('n')):\n    st.session_state[f'row_{i}'] = i\nst.session_state.row = 1\n"
    found = graph(tmp_path, {"app.py": code})
    assert labels(found, "key") == [("dynamic", "row_…", ""), ("plain", "row", "int")]
    assert {edge.key for edge in found.edges} == {"dynamic:row_…", "key:row"}


def test_pages_of_a_navigation_have_its_titles(tmp_path: Path) -> None:
    files = {
        "app.py": "st.navigation([st.Page('one.py', title='First'), st.Page('two.py'), st.Page('gone.py')]).run()\n",
        "one.py": "st.session_state.a = 1\n",
        "two.py": "st.write('no keys')\n",
    }
    assert labels(graph(tmp_path, files), "page") == [
        ("entrypoint", "app", "app.py"),
        ("page", "First", "one.py"),
        ("page", "two", "two.py"),
    ]


def test_data_has_the_titles_of_a_navigation(tmp_path: Path) -> None:
    code = "import streamlit as st\nst.navigation([st.Page('one.py', title='First'), st.Page('two.py')]).run()\n"
    (tmp_path / "app.py").write_text(code)
    (tmp_path / "one.py").write_text("import streamlit as st\nst.session_state.a = 1\n")
    (tmp_path / "two.py").write_text("import streamlit as st\n")
    (app,), report = Linter(load_settings(tmp_path, isolated=True), cache=False, mapped=True).judged_maps([tmp_path])
    assert as_data(app, report.findings, PLAIN)["titles"]["one.py"] == "First"


def test_a_filter_keeps_keys_that_contain_a_text_and_who_uses_them(tmp_path: Path) -> None:
    found = graph(tmp_path, SHOP, "NAM")
    assert [node.id for node in found.nodes] == ["page:Home.py", "page:pages/2_Our_cart.py", "key:name"]


def test_an_app_without_keys_is_its_pages(tmp_path: Path) -> None:
    found = graph(tmp_path, {"app.py": "st.write(1)\n"})
    assert [column.id for column in found.columns] == ["page"]
    assert (len(found.nodes), found.edges) == (1, ())
    for draw in PICTURES.values():
        assert "app.py" in draw([found])


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("1_🍵_Our_tea.py", "🍵 Our tea"),
        ("10 - Total__sums.py", "Total sums"),
        ("Home.py", "Home"),
        ("42.py", "42"),
        ("_.py", "_"),
    ],
)
def test_pages_are_called_as_in_the_sidebar(name: str, page: str) -> None:
    assert page_name(f"/app/pages/{name}") == page


# --- data --------------------------------------------------------------------------------------------------------

NODE = {
    *("id", "column", "kind", "label", "detail", "types", "survivesPageSwitch", "place", "initialisers"),
    *("warnings", "x", "y", "width", "height"),
}
EDGE = {"id", "from", "to", "relation", "unprotected", "codes", "uses"}


def test_a_graph_as_data(tmp_path: Path) -> None:
    data = json.loads(json.dumps(as_json(graph(tmp_path, SHOP), "shop", PLAIN)))
    assert set(data) == {"version", "app", "root", "width", "height", "columns", "nodes", "edges"}
    assert (data["version"], data["app"], data["root"]) == (1, "Home.py", "shop")
    assert [(each["id"], each["label"]) for each in data["columns"]] == [
        ("page", "Pages"),
        ("key", "Keys"),
        ("callback", "Callbacks"),
    ]
    assert all(set(node) == NODE for node in data["nodes"]) and all(set(edge) == EDGE for edge in data["edges"])
    nodes = {node["id"]: node for node in data["nodes"]}
    assert all(edge["from"] in nodes and nodes[edge["to"]]["column"] == "key" for edge in data["edges"])
    assert nodes["page:Home.py"]["place"] == {"file": "Home.py", "start": 0}
    assert nodes["key:cart"]["types"] == ["list"]
    [warning] = nodes["key:cart"]["warnings"]
    assert set(warning) == {"code", "name", "message", "severity", "place"}
    [drawn] = [edge for edge in data["edges"] if edge["relation"] == "draws"]
    assert drawn["uses"][0]["element"] == "text_input"
    assert set(drawn["uses"][0]) == {"use", "function", "element", "place"}


def test_a_state_map_as_data(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD + "st.session_state.setdefault('a', 1)\n", encoding="utf-8")
    linter = Linter(load_settings(tmp_path, isolated=True), cache=False, mapped=True)
    ([app], report) = linter.judged_maps([tmp_path])
    data = as_data(app, report.findings, PLAIN)
    [key] = data["keys"]
    assert (data["entrypoint"], key["key"], key["kind"], key["types"]) == ("app.py", "a", "plain", ["int"])
    assert [(use["use"], use["file"], use["pages"]) for use in key["uses"]] == [("initialises", "app.py", ["app.py"])]


# --- layout ------------------------------------------------------------------------------------------------------


def test_the_order_has_few_crossings_and_the_first_stays_first() -> None:
    links = [("p", "k3"), ("q", "k1"), ("r", "k2"), ("c", "k1"), ("d", "k3")]
    columns = (["p", "q", "r"], ["k1", "k2", "k3", "alone"], ["c", "d"])
    found = arranged(columns, links, "p")
    assert crossings(found, links) < crossings(columns, links) == 2
    assert found[0][0] == "p" and found[1][-1] == "alone"


def test_nodes_stand_near_what_they_are_linked_to_and_apart() -> None:
    heights = dict.fromkeys(["a", "b", "k1", "k2", "k3", "k4"], 40.0)
    found = tops((["a", "b"], ["k1", "k2", "k3", "k4"], []), heights, [("a", "k3"), ("b", "k3")])
    assert found["k1"] == 0 and found["b"] - found["a"] >= 40
    assert (found["a"] + found["b"]) / 2 == pytest.approx(found["k3"])


def test_numbers_that_do_not_decrease() -> None:
    assert increasing([3, 1, 2, 5, 4]) == [2, 2, 2, 4.5, 4.5]


def boxes(found: Graph) -> list[tuple[int, int, int, int]]:
    return [(node.x, node.y, node.x + node.width, node.y + node.height) for node in found.nodes]


@pytest.mark.parametrize("example", ["shop", "navigation", "booking", "clean"])
def test_nodes_lie_inside_of_the_picture_and_do_not_overlap(example: str) -> None:
    folder = ROOT / "examples" / example
    linter = Linter(load_settings(folder, isolated=True), cache=False, mapped=True)
    maps, report = linter.judged_maps([folder])
    for found in (graph_of(each, report.findings, str(folder)) for each in maps):
        placed = boxes(found)
        assert all(0 < x1 < x2 < found.width and 0 < y1 < y2 < found.height for x1, y1, x2, y2 in placed)
        for place, (x1, y1, x2, y2) in enumerate(placed):
            for left, top, right, bottom in placed[place + 1 :]:
                assert x2 <= left or right <= x1 or y2 <= top or bottom <= y1


# --- pictures ----------------------------------------------------------------------------------------------------


def test_the_pictures_that_are_kept_are_current() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "draw_graphs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/draw_graphs.py\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """An app that sets and reads keys which no decent app has."""
    code = "".join(f"st.session_state[{key!a}] = 1\n" for key in HOSTILE)
    code += "".join(f"st.write(st.session_state[{key!a} + '!'])\n" for key in HOSTILE)
    return graph(tmp_path_factory.mktemp("hostile"), {"app.py": code})


def test_any_key_can_stand_in_an_svg(hostile: Graph) -> None:
    text = PICTURES["svg"]([hostile])
    text.encode("utf-8")
    root = ElementTree.fromstring(text)
    names = {"".join(each.itertext()) for each in root.iter(f"{SVG}text")}
    assert {"a\"b'c", "]]>", "&amp;", "line␊break", "\\u2028", "\\ud800", "␛[31m", "emoji 🍵"} <= names
    assert not list(root.iter(f"{SVG}script")) and not [each for each in root.iter() if each.tag == "script"]


def test_any_key_can_stand_in_mermaid(hostile: Graph) -> None:
    text = PICTURES["mermaid"]([hostile])
    for line in text.splitlines():
        assert line.count('"') in (0, 2), line
        assert not any(each in line for each in ("%%", "`", "\\", "<script", "</")), line
    assert "#37;#37;#123;init#58; #123;#125;#125;#37;#37;" in text


def strings_of_dot(line: str) -> list[str]:
    """The quoted strings of a line of Graphviz' language; all must be closed."""
    found, inside, text = list[str](), False, ""
    characters = iter(line)
    for char in characters:
        if char == "\\" and inside:
            text += char + next(characters)
        elif char == '"':
            if inside:
                found.append(text)
            inside, text = not inside, ""
        else:
            text += char if inside else ""
    assert not inside, line
    return found


def test_any_key_can_stand_in_dot(hostile: Graph) -> None:
    text = PICTURES["dot"]([hostile])
    found = [string for line in text.splitlines() for string in strings_of_dot(line)]
    assert any(string.startswith("a\\\"b'c") for string in found)
    assert any(string.startswith("back\\\\slash\\\\n\\n") for string in found)
    assert "\u2028" not in text and "\x1b" not in text


def test_the_same_app_gives_the_same_pictures(tmp_path: Path) -> None:
    first, second = (graphs_of(tmp_path, SHOP) for _ in range(2))
    assert first == second
    assert all(draw(first) == draw(second) for draw in PICTURES.values())


def test_several_apps_are_one_document(tmp_path: Path) -> None:
    found = graphs_of(tmp_path, {"one/app.py": "st.session_state.a = 1\n", "two/app.py": "st.session_state.b = 1\n"})
    root = ElementTree.fromstring(PICTURES["svg"](found))
    assert {"one/app.py", "two/app.py"} <= {each.text for each in root.iter(f"{SVG}text")}
    assert float(root.attrib["height"]) > sum(each.height for each in found)
    assert PICTURES["mermaid"](found).count("flowchart") == 1
    assert PICTURES["mermaid"](found).count('["one/app.py"]') == 1
    assert PICTURES["dot"](found).count("subgraph cluster_") == 2


def test_a_picture_is_told_to_those_who_do_not_see_it(tmp_path: Path) -> None:
    root = ElementTree.fromstring(PICTURES["svg"]([graph(tmp_path, SHOP)]))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.attrib["role"] == "img" and title is not None and desc is not None
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert title.text == "Session state of Home.py"
    assert "Our cart reads cart (STL102)." in str(desc.text)


def test_lines_differ_in_more_than_colour(tmp_path: Path) -> None:
    text = PICTURES["svg"]([graph(tmp_path, SHOP)])
    assert "prefers-color-scheme:dark" in text
    for look in (".deletes .line{stroke-dasharray", ".reads .line{stroke-width", ".unprotected .line{stroke-width"):
        assert look in text


def test_nodes_know_their_columns(tmp_path: Path) -> None:
    found = graph(tmp_path, SHOP)
    at: dict[str, Any] = {column.id: column for column in found.columns}
    nodes: tuple[Node, ...] = found.nodes
    assert all((node.x, node.width) == (at[node.column].x, at[node.column].width) for node in nodes)
    assert [node.column for node in nodes] == sorted((n.column for n in nodes), key=["page", "key", "callback"].index)
