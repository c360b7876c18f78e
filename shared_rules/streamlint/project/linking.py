"""Whether running a piece of a project's code reaches Streamlit: names followed through imports and calls.

This is a question about names, not a proof: it decides which files are scripts, and what a run of them does is worked
out by the floors above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streamlint.facts.ir import Import
from streamlint.project.index import ProjectIndex
from streamlint.project.modules import Module
from streamlint.project.outline import Outline, Part
from streamlint.streamlit_api import catalogue

_STREAMLIT = "streamlit"

# What scripts and helper modules alike call at module level: it defines or configures something and draws nothing.
_QUIET_NAMES = """
App Page cache cache_data cache_resource column_config config connection connections context delta_generator dialog
errors experimental_connection experimental_dialog experimental_fragment experimental_get_query_params
experimental_memo experimental_singleton fragment get_option logger proto query_params runtime secrets set_option
testing type_util util version web
"""
_QUIET = frozenset(_QUIET_NAMES.split())
_QUIET_COMPONENTS = frozenset({"declare_component", "component"})
_DRAWING_USES = frozenset({"session_state", "sidebar"})


class Linker:
    """Follows names on the path that one script gives its imports."""

    def __init__(self, index: ProjectIndex, search: Sequence[str]) -> None:
        self._index = index
        self._search = tuple(search)
        self._seen: set[tuple[str, str]] = set()

    def draws(self, path: str, part: Part) -> bool:
        """Whether this piece of a file calls a Streamlit element or touches session state, itself or in a call."""
        if any(self._is_drawing_use(path, name) for name in part.uses):
            return True
        return any(self._call_draws(path, name) for name in sorted(part.calls))

    def navigates(self, path: str) -> bool:
        """Whether any piece of a file calls `navigation`, of Streamlit or of something that could be it."""
        calls = {name for part in self._index.outline(path).all_parts() for name in part.calls}
        return any(self._is_navigation(path, name) for name in calls if name.split(".")[-1] == "navigation")

    def _is_navigation(self, path: str, name: str) -> bool:
        bound = list(self._bindings(path, name.split(".")[0]))
        return not bound or any(item.level or _top(item) == _STREAMLIT or self._module(path, item) for item in bound)

    def _is_drawing_use(self, path: str, name: str) -> bool:
        parts = self._streamlit_name(path, name)
        return parts is not None and parts[:1] in [[use] for use in _DRAWING_USES]

    def _call_draws(self, path: str, name: str) -> bool:
        first = name.split(".")[0]
        if (path, name) in self._seen:
            return False
        self._seen.add((path, name))
        inner = self._streamlit_name(path, name)
        if inner is not None:
            return _is_element(inner)
        outline = self._index.outline(path)
        return any(self.draws(path, part) for part in outline.parts_of(first)) or self._import_draws(path, name)

    def _import_draws(self, path: str, name: str) -> bool:
        return any(self._call_draws(target, rest) for target, rest in self._targets(path, name))

    def _streamlit_name(self, path: str, name: str) -> list[str] | None:
        """The name inside Streamlit that a dotted name stands for; None if it is not Streamlit's."""
        first, *rest = name.split(".")
        for item in self._bindings(path, first):
            if not item.level and _top(item) == _STREAMLIT:
                return [*_path_inside(item), *rest]
        if self._is_starred(path, first):
            return [first, *rest]
        for target, further in self._targets(path, name, stars_only=True):
            if (target, f"?{further}") not in self._seen:
                self._seen.add((target, f"?{further}"))
                found = self._streamlit_name(target, further)
                if found is not None:
                    return found
        return None

    def _is_starred(self, path: str, name: str) -> bool:
        """Whether `from streamlit import *` gives a file the name."""
        outline = self._index.outline(path)
        stars = any(i.attr == "*" and not i.level and i.module == _STREAMLIT for i in outline.imports)
        return stars and name in catalogue().names() and not _defines(outline, name)

    def _targets(self, path: str, name: str, *, stars_only: bool = False) -> Iterator[tuple[str, str]]:
        """The project's files that a dotted name leads to, each with what remains of the name there."""
        first, *rest = name.split(".")
        outline = self._index.outline(path)
        for item in (item for item in outline.imports if item.attr == "*"):
            module = self._module(path, item)
            if module is not None and module.path is not None and not _defines(outline, first):
                yield module.path, name
        if stars_only:
            return
        for item in self._bindings(path, first):
            module = self._module(path, item)
            if module is not None:
                yield from self._descend(module, [item.attr, *rest] if item.attr else rest)

    def _descend(self, module: Module, names: list[str]) -> Iterator[tuple[str, str]]:
        while names:
            child = self._index.submodule(module, names[0])
            if child is None:
                break
            module, names = child, names[1:]
        if module.path is not None and names:
            yield module.path, ".".join(names)

    def _bindings(self, path: str, name: str) -> Iterator[Import]:
        return (item for item in self._index.outline(path).imports if item.name == name and item.attr != "*")

    def _module(self, path: str, item: Import) -> Module | None:
        module = item.module.split(".")[0] if item.binds_root else item.module
        return self._index.resolve(path, module, item.level, self._search)


def _top(item: Import) -> str:
    return item.module.split(".")[0]


def _path_inside(item: Import) -> list[str]:
    if item.binds_root:
        return []
    return [*item.module.split(".")[1:], *([item.attr] if item.attr else [])]


def _defines(outline: Outline, name: str) -> bool:
    return any(item.name == name for item in outline.imports) or any(True for _ in outline.parts_of(name))


def _is_element(names: list[str]) -> bool:
    if not names or names[0] in _QUIET:
        return False
    return not (names[0] == "components" and names[-1] in _QUIET_COMPONENTS)
