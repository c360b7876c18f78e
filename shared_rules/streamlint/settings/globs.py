"""Globs as Ruff reads them, for `exclude`, `per-file-ignores` and `entrypoints`.

`*` and `?` also match `/`, as in Ruff; `**/` matches any folders, none included; `{a,b}` is a choice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_TOKEN = re.compile(r"\*\*/|/\*\*\Z|\*+|\?|\[!?\]?[^\]]*\]|[{},]|.", re.DOTALL)


_PLAIN = {"**/": "(?:.*/)?", "/**": "/.*", "?": ".", "{": "(?:"}


@lru_cache(maxsize=1024)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """The expression that matches the whole of a path with `/` between its parts."""
    out: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(pattern):
        token = match.group()
        out.append(_translate(token, depth))
        depth += (token == "{") - (token == "}" and depth > 0)
    try:
        return re.compile("".join(out) + ")" * depth, re.DOTALL)
    except re.error:  # such as the range [z-a], which matches nothing
        return re.compile(re.escape(pattern))


def _translate(token: str, depth: int) -> str:
    """The expression for one token, `depth` braces deep."""
    if token in _PLAIN:
        return _PLAIN[token]
    if token[0] == "*":
        return ".*"
    if len(token) > 1:
        negated = token[1] == "!"
        inner = re.sub(r"([\\\[\]^&~|])", r"\\\1", token[1 + negated : -1])
        return f"[^{inner}]" if negated else f"[{inner}]"
    if token in "},":
        closes = ")" if token == "}" else "|"
        return closes if depth else re.escape(token)
    return re.escape(token)


def absolute_glob(pattern: str, root: Path) -> str:
    """A glob with its root before it, `.` and `..` resolved, as `/`-separated text."""
    rooted = pattern if os.path.isabs(pattern) else f"{glob_escape(root.as_posix())}/{pattern}"
    return os.path.normpath(rooted).replace(os.sep, "/")


def glob_escape(text: str) -> str:
    """Text that matches only itself."""
    return re.sub(r"([*?\[{}])", r"[\1]", text)


@lru_cache(maxsize=1024)
def matches(pattern: str, root: Path, path: str, name: str) -> bool:
    """Whether a glob matches a name, or the absolute `/`-separated path that ends in it."""
    if compile_glob(pattern).fullmatch(name):
        return True
    return compile_glob(absolute_glob(pattern, root)).fullmatch(path) is not None


def matches_any(patterns: Iterable[str], root: Path, path: Path) -> bool:
    """Whether one of the globs matches an absolute path."""
    posix = path.as_posix()
    return any(matches(pattern, root, posix, path.name) for pattern in patterns)


class GlobSet:
    """Many globs that are asked about many paths."""

    def __init__(self, patterns: Iterable[str], root: Path) -> None:
        patterns = tuple(patterns)
        # Nearly all are plain names of folders, and a set answers those without an expression.
        self._names = frozenset(pattern for pattern in patterns if not re.search(r"[*?\[{/\\]", pattern))
        globs = [pattern for pattern in patterns if pattern not in self._names]
        self._name = _any_of(globs)
        self._path = _any_of([absolute_glob(pattern, root) for pattern in globs])

    def matches(self, path: str, name: str) -> bool:
        """Whether a glob matches a name, or the absolute path that ends in it."""
        if name in self._names:
            return True
        if self._name is None or self._path is None:
            return False
        return bool(self._name.fullmatch(name) or self._path.fullmatch(path.replace(os.sep, "/")))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    expressions = [f"(?:{compile_glob(pattern).pattern})" for pattern in patterns]
    return re.compile("|".join(expressions), re.DOTALL) if expressions else None
