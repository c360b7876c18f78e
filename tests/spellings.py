"""Other spellings of an app that mean the same: each rewrites the files of a page's case.

A spelling returns the new text and how far its lines moved, or None where it does not apply to a file (nothing to
change, or the meaning would change). All work on the tree, so strings and comments stay as they are.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pages import Case, Mark

METHODS = frozenset(["clear", "get", "items", "keys", "pop", "popitem", "setdefault", "to_dict", "update", "values"])
MISSING_KEY = frozenset(("AttributeError", "KeyError", "LookupError"))


@dataclass(frozen=True, slots=True)
class Respelt:
    """A case in another spelling with the marks at their new lines."""

    case: Case
    marks: frozenset[Mark]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    first: int = 0
    """Lines from this one on (1-based) moved by `shift`."""
    shift: int = 0


Spelling = Callable[[str], "_Text | None"]


def _apply(text: str, edits: Iterable[tuple[ast.expr, str]]) -> _Text | None:
    """Replaces expressions, none of which may overlap. The pages are ASCII where code stands, which is checked."""
    lines = text.splitlines(keepends=True)
    found = sorted(edits, key=lambda edit: (edit[0].lineno, edit[0].col_offset), reverse=True)
    for node, new in found:
        line = lines[node.lineno - 1]
        assert line.isascii() and node.end_lineno == node.lineno, "a page keeps these expressions on one ASCII line"
        lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
    return _Text("".join(lines)) if found else None


def _import_streamlit(tree: ast.Module) -> ast.Import | None:
    for node in tree.body:
        if isinstance(node, ast.Import) and [(name.name, name.asname) for name in node.names] == [("streamlit", "st")]:
            return node
    return None


def _is_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session_state" and _is_name(node.value, "st")


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _with_import(text: str, line: int, new: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace("import streamlit as st", new, 1)
    return "".join(lines)


def renamed_import(text: str) -> _Text | None:
    """`import streamlit as sl`."""
    tree = ast.parse(text)
    done = _apply(text, [(n, "sl") for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "st"])
    node = _import_streamlit(tree)
    return _Text(_with_import(done.text, node.lineno, "import streamlit as sl")) if done and node else None


def imported_state(text: str) -> _Text | None:
    """`from streamlit import session_state as ss`."""
    tree = ast.parse(text)
    done = _apply(text, [(n, "ss") for n in ast.walk(tree) if isinstance(n, ast.Attribute) and _is_state(n)])
    node = _import_streamlit(tree)
    both = "import streamlit as st; from streamlit import session_state as ss"
    return _Text(_with_import(done.text, node.lineno, both)) if done and node else None


def _catches_missing_key(tree: ast.Module) -> bool:
    """Whether the difference between AttributeError and KeyError matters here."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(names & (MISSING_KEY | {"hasattr", "getattr", "setattr", "delattr"}))


def brackets(text: str) -> _Text | None:
    """`st.session_state["key"]` for `st.session_state.key`."""
    tree = ast.parse(text)
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and _is_state(n.value) and n.attr not in METHODS]
    if _catches_missing_key(tree):
        return None
    in_formats = {id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in ast.walk(n)}
    quoted = {id(node): f"'{node.attr}'" if id(node) in in_formats else f'"{node.attr}"' for node in nodes}
    return _apply(text, [(node, f"st.session_state[{quoted[id(node)]}]") for node in nodes])


def attributes(text: str) -> _Text | None:
    """`st.session_state.key` for `st.session_state["key"]`."""
    tree = ast.parse(text)
    if _catches_missing_key(tree):
        return None
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return _apply(text, [(node, f"st.session_state.{key}") for node in nodes if (key := _literal_key(node))])


def _literal_key(node: ast.Subscript) -> str | None:
    if _is_state(node.value) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
        return key if isinstance(key, str) and key.isidentifier() and key not in METHODS else None
    return None


def _wrap(text: str, head: str, indent: str, tail: str) -> _Text | None:
    """Indents all below the leading imports under `head` and calls it. None where Python would see another program."""
    tree = ast.parse(text)
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in ast.walk(tree)):
        return None
    rest = next((i for i, node in enumerate(tree.body) if not isinstance(node, (ast.Import, ast.ImportFrom))), None)
    if rest is None:
        return None
    start = tree.body[rest - 1].end_lineno if rest else 0
    assert start is not None
    lines = text.splitlines(keepends=True)
    body = textwrap.indent("".join(lines[start:]), indent)
    return _Text("".join(lines[:start]) + head + body + tail, start + 1, head.count("\n"))


def in_function(text: str) -> _Text | None:
    """The whole script in a function that is called."""
    return _wrap(text, "def render_all():\n", "    ", "\nrender_all()\n")


def in_class(text: str) -> _Text | None:
    """The whole script in a method of a class that is made."""
    return _wrap(text, "class Screen:\n    def show(self):\n", "        ", "\nScreen().show()\n")


def crlf(text: str) -> _Text | None:
    """Windows line ends."""
    return _Text(text.replace("\n", "\r\n"))


SPELLINGS: dict[str, Spelling] = {
    "import as sl": renamed_import,
    "from streamlit import session_state": imported_state,
    "brackets": brackets,
    "attributes": attributes,
    "in a function": in_function,
    "in a method": in_class,
    "CRLF": crlf,
}


def _imported(case: Case, path: str) -> bool:
    """Whether another file of the case imports this one: then its names must stay at module level."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    for other, text in case.files:
        for node in ast.walk(ast.parse(text)) if other != path else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            if any(name.split(".")[: len(parts)] == parts for name in names):
                return True
    return False


def respell(case: Case, name: str) -> Respelt | None:
    """The case in the spelling `name`, or None where that changes none of its files."""
    spelling = SPELLINGS[name]
    files, marks, changed = [], set(case.marks), False
    for path, text in case.files:
        wraps = spelling in (in_function, in_class)
        done = None if wraps and _imported(case, path) else spelling(text)
        files.append((path, done.text if done else text))
        if done:
            changed = True
            marks = {_moved(mark, done) if mark.path == path else mark for mark in marks}
    return Respelt(replace(case, files=tuple(files)), frozenset(marks)) if changed else None


def _moved(mark: Mark, done: _Text) -> Mark:
    return replace(mark, line=mark.line + done.shift) if mark.line >= done.first else mark
