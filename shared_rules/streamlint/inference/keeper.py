"""The front of inference: a lock around the world of astroid modules, and questions about one file at a time."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from streamlint.inference.answers import NO_ANSWER, Answer, NoAnswer, content_hash
from streamlint.records import mutable

if TYPE_CHECKING:
    from astroid import nodes

    from streamlint.inference.world import World

ResolveModule: TypeAlias = Callable[[str, int, str], "str | None"]
"""`(module, level, importer's path)` to the path of a project file, None for a module outside the project."""
Read: TypeAlias = Callable[[str], str]
"""The present text of a project file. May raise `OSError` or `ValueError`, which means an empty module."""

_T = TypeVar("_T")

# astroid's caches belong to the process, so all keepers of the process take turns.
_lock = threading.RLock()


class Inference:
    """Answers questions about expressions of project files.

    Modules outside the project are empty whatever is installed, except the small stubs in `stubs`; the user's code
    is read, never run. Answers follow the texts that `read` gives: a text that differs from the one
    that an earlier answer was based on is noticed when it is looked into again.
    """

    def __init__(self, resolve_module: ResolveModule, read: Read) -> None:
        self._resolve = resolve_module
        self._read = read
        self._world: World | None = None

    def open(self, path: str, text: str | None = None) -> Questions:
        """Questions about the file `path`, whose text is `text` (what `read` gives if None)."""
        return Questions(self, path, text)

    def constant(self, path: str, node: ast.expr) -> Answer | NoAnswer:
        """The constant that `node`, from the `ast` of the file's present text, always is, or `NO_ANSWER`."""
        return self.open(path).constant(node)

    def resolves(self, module: str, level: int, importer: str) -> bool:
        """Whether an import finds a file of the project; no astroid is needed to know."""
        return self._resolve(module, level, importer) is not None

    def forget(self) -> None:
        """Drop all that is remembered, after changes of which paths exist or to free memory."""
        with _lock:
            self._world = None

    def _ask(
        self, questions: Questions, node: ast.expr, query: Callable[[nodes.NodeNG], _T | NoAnswer]
    ) -> _T | NoAnswer:
        from streamlint.inference.world import Stale, World

        with _lock:
            for _ in range(2):
                if self._world is None:
                    self._world = World(self._resolve, self._read)
                try:
                    return self._world.ask(questions.path, questions.text, questions.files, node, query)
                except Stale:
                    self._world.reset()
        return NO_ANSWER


@mutable
class Questions:
    """Questions about one file; `looked_into` grows with the answers."""

    inference: Inference
    path: str
    text: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    """Path and text of the project files looked into so far."""

    def constant(self, node: ast.expr) -> Answer | NoAnswer:
        """The constant that `node` always is, or `NO_ANSWER` if that is unknown or ambiguous."""
        from streamlint.inference.queries import constant

        return self.inference._ask(self, node, constant)

    def type_name(self, node: ast.expr) -> str | NoAnswer:
        """The qualified name of the type of a value (`builtins.dict`, `models.Cart`)."""
        from streamlint.inference.queries import type_name

        return self.inference._ask(self, node, type_name)

    def callee(self, node: ast.expr) -> tuple[str, str] | NoAnswer:
        """File and qualified name inside it of the project's function, method or class that `node` evaluates to."""
        from streamlint.inference.queries import callee

        return self.inference._ask(self, node, callee)

    @property
    def looked_into(self) -> tuple[tuple[str, str], ...]:
        """Path and content hash of the other project files that the answers depend on, sorted."""
        others = {path: text for path, text in self.files.items() if path != self.path}
        return tuple(sorted((path, content_hash(text)) for path, text in others.items()))
