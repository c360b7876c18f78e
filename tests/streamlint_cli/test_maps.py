"""`streamlint keys` and `streamlint graph`: the tables, the documents and the exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from reports import Result, Streamlint

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
EVIL = "</script><script>alert(1)</script>"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLES / "shop", tmp_path / "shop")


def plain(done: Result) -> str:
    assert done.code == 0, done.err
    return done.out


# --- keys --------------------------------------------------------------------------------------------------------


def test_the_keys_as_a_table(streamlint: Streamlint, shop: Path) -> None:
    out = plain(streamlint("keys", cwd=shop))
    lines = out.splitlines()
    assert lines[0] == "Home.py: 4 pages, 16 keys, 3 callbacks, 6 unprotected reads"
    assert max(map(len, lines)) <= 80 and "\x1b" not in out
    rows = {line.split()[0]: line.split() for line in lines if line[:1].isalpha()}
    assert rows["login_name"] == ["login_name", "text_input", "str", "Home", "lost"]
    assert rows["season"] == ["season", "plain", "str", "Home", "Catalog!", "kept", "STL102"]
    assert rows["currency"][3:] == ["every", "page", "every", "page", "kept"]
    assert rows["coupon_input"][-2:] == ["use_coupon()", "lost"]


def test_a_table_is_as_wide_as_the_terminal_and_in_colour_if_wanted(streamlint: Streamlint, shop: Path) -> None:
    wide = plain(streamlint("keys", cwd=shop, env={"COLUMNS": "140"}))
    assert any("Cart, Checkout, add()" in line for line in wide.splitlines())
    assert "\x1b[1;31m" in plain(streamlint("keys", cwd=shop, env={"FORCE_COLOR": "1", "TERM": "xterm"}))
    command = [sys.executable, "-m", "streamlint_cli", "keys"]
    env = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=shop, env=env, capture_output=True, check=True)
    assert done.stdout.isascii() and b"| every page" in done.stdout


def test_an_app_of_one_page_has_no_column_for_page_switches(streamlint: Streamlint, app: Path) -> None:
    out = plain(streamlint("keys"))
    assert "switch" not in out and "app.py: 1 page, 1 key, 1 unprotected read" in out


def test_the_keys_as_json(streamlint: Streamlint, shop: Path) -> None:
    data = json.loads(plain(streamlint("keys", "--output-format", "json", cwd=shop)))
    [found] = data["apps"]
    assert (data["version"], found["root"], found["entrypoint"]) == (1, ".", "Home.py")
    assert found["pages"] == ["pages/1_Catalog.py", "pages/2_Cart.py", "pages/3_Checkout.py"]
    [season] = [each for each in found["keys"] if each["key"] == "season"]
    assert season["files"] == {"Home.py": {"sets": 1}, "pages/1_Catalog.py": {"reads": 1}}
    assert season["initialisers"] == [{"file": "Home.py", "line": 7, "column": 1, "endLine": 7, "endColumn": 24}]
    assert [(use["use"], use["protected"]) for use in season["uses"]] == [("sets", None), ("reads", False)]
    assert [warning["code"] for warning in season["warnings"]] == ["STL102"]


def test_settings_hold_as_for_check(streamlint: Streamlint, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.streamlint]\nignore = ["STL102"]\nexclude = ["pages/2_Cart.py"]\n')
    assert "STL102" not in plain(streamlint("keys", cwd=shop))
    assert "STL102" in plain(streamlint("keys", "--isolated", cwd=shop))
    assert "STL101" not in plain(streamlint("keys", "--ignore", "STL1", cwd=shop))
    wrong = streamlint("keys", "--select", "STL999", cwd=shop)
    assert wrong.code == 2 and "STL999" in wrong.err and "Traceback" not in wrong.err


def test_a_baseline_protects_nothing(streamlint: Streamlint, shop: Path) -> None:
    assert streamlint("check", "--write-baseline", cwd=shop).code == 0
    assert "6 unprotected reads" in plain(streamlint("keys", cwd=shop))


# --- graph -------------------------------------------------------------------------------------------------------


def test_the_suffix_says_how_to_draw(streamlint: Streamlint, shop: Path) -> None:
    begins = {"a.svg": "<svg", "a.mmd": "flowchart", "a.gv": "digraph", "a.json": "{", "deep/down/a.HTML": "<!doctype"}
    for name, beginning in begins.items():
        assert plain(streamlint("graph", "-o", name, cwd=shop)) == ""
        assert (shop / name).read_text(encoding="utf-8").startswith(beginning)
    assert plain(streamlint("graph", cwd=shop)).startswith("flowchart LR\n")
    assert plain(streamlint("graph", "--format", "dot", "-o", "a.txt", cwd=shop)) == ""
    unclear = streamlint("graph", "-o", "a.png", cwd=shop)
    assert unclear.code == 2 and "--format is needed: `.png`" in unclear.err


@pytest.mark.parametrize("name", ["shop.svg", "shop.mmd", "shop.dot"])
def test_the_pictures_of_the_shop(streamlint: Streamlint, shop: Path, name: str) -> None:
    kept = Path(__file__).parent.parent / "data" / "pictures" / name
    assert plain(streamlint("graph", "-o", name, cwd=shop)) == ""
    assert (shop / name).read_bytes() == kept.read_bytes()


def test_the_graph_as_json(streamlint: Streamlint, shop: Path, tmp_path: Path) -> None:
    [found] = json.loads(plain(streamlint("graph", "--format", "json", str(shop), cwd=tmp_path)))["graphs"]
    assert (found["app"], found["root"]) in (("shop/Home.py", "."), ("Home.py", "shop"))
    [bare] = [edge for edge in found["edges"] if edge["to"] == "key:curency"]
    assert (bare["relation"], bare["unprotected"], bare["codes"]) == ("reads", True, ["STL103"])
    [use] = bare["uses"]
    assert use["place"]["file"].endswith("pages/3_Checkout.py")
    assert (use["place"]["line"], use["place"]["endColumn"] - use["place"]["column"]) == (25, 24)


def test_several_apps_are_in_one_document(streamlint: Streamlint, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(f"import streamlit as st\nst.session_state.{name} = 1\n")
    data = json.loads(plain(streamlint("graph", "--format", "json")))
    assert [graph["app"] for graph in data["graphs"]] == ["one/app.py", "two/app.py"]
    svg = ElementTree.fromstring(plain(streamlint("graph", "--format", "svg")))
    assert {"one/app.py", "two/app.py"} <= {each.text for each in svg.iter()}
    only = json.loads(plain(streamlint("graph", "--format", "json", "one")))
    assert len(only["graphs"]) == 1
    assert "two/app.py: 1 page, 1 key" in plain(streamlint("keys"))


def test_broken_files_are_told_and_the_rest_is_drawn(streamlint: Streamlint, shop: Path) -> None:
    (shop / "pages" / "2_Cart.py").write_text("import streamlit as st\nst.write(\n")
    for arguments in (["keys"], ["graph"], ["graph", "--format", "html"], ["keys", "--output-format", "json"]):
        done = streamlint(*arguments, cwd=shop)
        assert done.code == 2 and "currency" in done.out
        assert "error: pages/2_Cart.py:2:" in done.err and "Traceback" not in done.err
    (shop / "pages" / "2_Cart.py").write_bytes(b"import streamlit as st\nst.write('\xff')\n")
    done = streamlint("graph", "--format", "json", cwd=shop)
    assert done.code == 2 and len(json.loads(done.out)["graphs"][0]["nodes"]) > 10
    gone = streamlint("graph", "gone.py", cwd=shop)
    assert gone.code == 2 and "gone.py" in gone.err


def test_where_there_is_no_app(streamlint: Streamlint, tmp_path: Path) -> None:
    done = streamlint("keys")
    assert (done.code, done.out) == (0, "") and "No Python files" in done.err
    (tmp_path / "tool.py").write_text("print(1)\n")
    for form in ("svg", "mermaid", "dot", "html", "json"):
        done = streamlint("graph", "--format", form)
        assert done.code == 0 and "No Streamlit apps" in done.err
    assert streamlint("keys", "--quiet").err == ""


def test_what_cannot_be_written_is_told(streamlint: Streamlint, shop: Path) -> None:
    (shop / "file").write_text("")
    done = streamlint("graph", "-o", "file/a.svg", cwd=shop)
    assert done.code == 2 and "--output-file file/a.svg" in done.err and "Traceback" not in done.err


# --- the page ----------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a page in order, with their attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.elements:
            tag, attributes, text = self.elements[-1]
            self.elements[-1] = (tag, attributes, text + data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for each, attributes, text in self.elements if each == tag]


def page_of(streamlint: Streamlint, folder: Path) -> tuple[str, Page]:
    plain(streamlint("graph", "-o", "map.html", cwd=folder))
    text = (folder / "map.html").read_text(encoding="utf-8")
    return text, Page(text)


def allowed(policy: str, kind: str) -> set[str]:
    [found] = [each for each in policy.split("; ") if each.startswith(kind)]
    return set(found.split()[1:])


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_page_holds_all_that_it_needs(streamlint: Streamlint, shop: Path) -> None:
    text, page = page_of(streamlint, shop)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert page.all("title")[0][1] == "Session state of Home.py"
    assert page.all("main") == [({"id": "map"}, "")]
    [(data, found), (code, script)] = page.all("script")
    assert (data["type"], data["id"], code) == ("application/json", "streamlint-data", {})
    graphs: list[dict[str, Any]] = json.loads(found)["graphs"]
    assert [graph["app"] for graph in graphs] == ["Home.py"]
    picture = text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    [policy] = [str(each["content"]) for each, _ in page.all("meta") if "http-equiv" in each]
    assert allowed(policy, "default-src") == {"'none'"}
    assert allowed(policy, "script-src") == {digest(script)}
    assert allowed(policy, "style-src") == {digest(style) for _, style in page.all("style")}


def test_the_page_asks_nobody_for_anything(streamlint: Streamlint, shop: Path) -> None:
    _, page = page_of(streamlint, shop)
    assert not [each for each in page.elements if {"src", "href", "style", "onload"} & each[1].keys()]
    assert not {"link", "iframe", "object", "img", "base"} & {tag for tag, _, _ in page.elements}


def test_no_key_ends_the_page_too_soon(streamlint: Streamlint, tmp_path: Path) -> None:
    keys = [EVIL, "</noscript><img src=x>", "]]>", "<!--", "\u2028", "\\", "</style>", "\ud800"]
    code = "".join(f"st.session_state[{key!a}] = 1\n" for key in keys)
    (tmp_path / "app.py").write_text(f"import streamlit as st\n{code}")
    text, page = page_of(streamlint, tmp_path)
    assert len(page.all("script")) == 2 and not page.all("img")
    assert text.count("</noscript>") == text.count("</main>") == 1
    [graph] = json.loads(page.all("script")[0][1])["graphs"]
    assert sorted(keys) == sorted(node["label"] for node in graph["nodes"] if node["column"] == "key")
    assert not re.search("[<>&\u2028]", page.all("script")[0][1])
