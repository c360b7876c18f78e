"""Session-state keys that well-known libraries write themselves.

A call of any library with `key=` draws a widget of unknown kind; only what that does not tell stands in
`libraries.json`: keys that are written without being named by the caller, and calls that write a key built from an
argument or its default. Each entry names the releases whose source was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from streamlint.records import immutable

_FILE = Path(__file__).parent / "libraries.json"


@immutable
class StateKeyword:
    """The argument that names the key a call writes.

    `position` is None for a keyword-only argument; `default` is the name where the call gives none (None: nothing is
    written, or the argument is required). The key itself is `key(name)`.
    """

    keyword: str
    position: int | None
    default: str | None
    template: str = "{}"
    attribute: str | None = None
    """The attribute of the object that gives the stored list, which is empty at first; None if there is none."""

    def key(self, name: str) -> str:
        """The session-state key for the name that the call gives."""
        return self.template.replace("{}", name)


def library_keys(module: str) -> tuple[str, ...]:
    """Keys written by the library that `module` (`a` or `a.b.c`) belongs to, sorted; empty if nothing is known."""
    return tuple(sorted({key for entry in _entries(module) for key in entry.get("keys", ())}))


def library_state_keyword(module: str, callable_name: str) -> StateKeyword | None:
    """Which key calling `module.callable_name` writes, None if it writes none that `key=` does not tell."""
    for entry in _entries(module):
        call = entry.get("calls", {}).get(callable_name)
        if call is not None:
            return StateKeyword(
                call["keyword"], call["position"], call["default"], call.get("template", "{}"), call.get("attribute")
            )
    return None


def _entries(module: str) -> Iterator[dict[str, Any]]:
    """The entries of a module and the packages around it, the innermost first."""
    while module:
        if module in _libraries():
            yield _libraries()[module]
        module = module.rpartition(".")[0]


@cache
def _libraries() -> dict[str, dict[str, Any]]:
    """The data, read once per process."""
    data: dict[str, dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))
    return data
