"""One key spelled otherwise: as an attribute, or in brackets."""

from __future__ import annotations

import ast
import keyword

from streamlint.findings import Edit
from streamlint.fixes.lifted import UNFIT
from streamlint.fixes.refactorings.given import ATTRIBUTE, ITEM, REWRITE, Access, Given, Refactoring, made
from streamlint.fixes.syntax import Syntax


def as_bracket(given: Given) -> Refactoring | None:
    """`state.key` at the cursor as `state["key"]`."""
    access = given.access
    if access is None or access.form != ATTRIBUTE:
        return None
    return _respelled(given, "as-bracket", "in brackets", [access])


def as_attribute(given: Given) -> Refactoring | None:
    """`state["key"]` at the cursor as `state.key`."""
    access = given.access
    if access is None or access.form != ITEM:
        return None
    return _respelled(given, "as-attribute", "as an attribute", [access])


def all_as_bracket(given: Given) -> Refactoring | None:
    """Each `state.key` of the key at the cursor as `state["key"]`."""
    return _all(given, "all-as-bracket", "in brackets", ATTRIBUTE)


def all_as_attribute(given: Given) -> Refactoring | None:
    """Each `state["key"]` of the key at the cursor as `state.key`."""
    return _all(given, "all-as-attribute", "as an attribute", ITEM)


def _all(given: Given, name: str, how: str, form: str) -> Refactoring | None:
    access = given.access
    if access is None or not access.exact:
        return None
    found = [each for each in given.of(access.key) if each.form == form and each.literal]
    # One that stands alone is what the cursor is on, or the only other one.
    return _respelled(given, name, how, found) if len(found) > 1 or (found and found[0] is not access) else None


def _respelled(given: Given, name: str, how: str, accesses: list[Access]) -> Refactoring | None:
    syntax, key = given.syntax, accesses[0].key
    if syntax is None:
        return None
    edits = [_respell(syntax, each) for each in accesses]
    if any(edit is None for edit in edits):
        return None
    number = f" ({len(accesses)} in this file)" if name.startswith("all-") else ""
    # A missing key fails with another exception then.
    noticed = syntax.tells_errors_apart and any(each.use != "sets" for each in accesses)
    title = f"Write `{key}` {how}{number}"
    return made(given, name, REWRITE, title, [edit for edit in edits if edit is not None], noticed)


def _respell(syntax: Syntax, access: Access) -> Edit | None:
    """One access in the other style."""
    if access.owner is None or not access.literal or not is_plain(syntax, access):
        return None
    if access.form == ATTRIBUTE:
        text = f"[{literal(syntax, access)}]"
    elif is_attribute(access.key):
        text = f".{access.key}"
    else:
        return None
    return Edit(access.owner.end, access.place.span.end, text)


def is_attribute(key: str) -> bool:
    """Whether the state has the key as an attribute: a name, which no class mangles and nothing else is called."""
    fits = key.isidentifier() and key.isascii() and not keyword.iskeyword(key)
    return fits and not key.startswith("__") and key not in UNFIT and key != "_abc_impl"


def is_plain(syntax: Syntax, access: Access) -> bool:
    """Whether the access is `owner.key` or `owner["key"]`, just so: where older Pythons misplace what is inside of an
    f-string, it is not."""
    span, token, owner = access.place.span, access.token, access.owner
    if token is None or owner is None or not owner.end <= token.start <= token.end <= span.end:
        return False
    before, spelled, after = (
        syntax.text[owner.end : token.start].strip(),
        syntax.text[token.start : token.end],
        syntax.text[token.end : span.end].strip(),
    )
    if access.form == ATTRIBUTE:
        return (before, spelled, after) == (".", access.key, "")
    return (before, after) == ("[", "]") and spells(spelled, access.key)


def spells(text: str, key: str) -> bool:
    """Whether it is a literal of the key."""
    try:
        return bool(ast.literal_eval(text) == key)
    except (SyntaxError, ValueError):
        return False


def literal(syntax: Syntax, access: Access) -> str:
    """The key as a literal; inside of an f-string in the other quotation marks than its own."""
    node = syntax.find(access.place.span, ast.Attribute)
    outer = next((each for each in syntax.around(node) if isinstance(each, ast.JoinedStr)), None) if node else None
    if outer is None:
        return syntax.quoted(access.key)
    text = syntax.of(outer).lstrip("rRfFbBuU")
    return f'"{access.key}"' if text.startswith("'") else f"'{access.key}'"
