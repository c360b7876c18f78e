"""Astroid modules of one project, kept apart from everything else astroid does in this process.

Each module resolves its imports by itself, so neither the search path nor what is installed matters, and two files
that mean different modules by one name do not meet. Nothing stays in astroid's manager and no transform is added, so
a pylint in the same process works as before.
"""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from astroid import MANAGER, nodes
from astroid.bases import Proxy
from astroid.builder import AstroidBuilder
from astroid.context import _invalidate_cache
from astroid.exceptions import AstroidSyntaxError, InferenceError
from astroid.inference_tip import clear_inference_tip_cache
from astroid.interpreter.objectmodel import ObjectModel
from astroid.nodes._base_nodes import LookupMixIn

from streamlint.inference.answers import NO_ANSWER, NoAnswer
from streamlint.inference.stubs import SMALL_STUBS, stub
from streamlint.records import mutable

_T = TypeVar("_T")
_Position = tuple[str, "str | None", "int | None", "int | None", "int | None", "int | None"]

PROJECT_MODULE = "streamlint project file "
"""How the names of the modules of project files begin, which no import statement can spell."""
_MAX_MODULES = 64
_MAX_CHARACTERS = 1_000_000
"""Longer files are data; to inference they are empty."""
_serial = count()


class Stale(Exception):
    """A file has changed since its module was built: the world has to be built anew."""


@mutable
class _Built:
    """A module with the text it was built from and the files that the building looked into (by star imports)."""

    module: nodes.Module
    text: str
    looked_into: dict[str, str]
    twins: dict[_Position, nodes.NodeNG] | None = None


class _Builder(AstroidBuilder):
    """Modules outside the project are shared by all files: assignments to their attributes are not recorded there."""

    def delayed_assattr(self, node: nodes.AssignAttr) -> None:
        try:
            roots = [owner.root() for owner in node.expr.infer() if isinstance(owner, (nodes.NodeNG, Proxy))]
        except InferenceError:
            return
        if all(root.name.startswith(PROJECT_MODULE) for root in roots):
            super().delayed_assattr(node)


class World:
    """Builds modules when they are asked for and forgets those that were not used for long."""

    def __init__(self, resolve: Callable[[str, int, str], str | None], read: Callable[[str], str]) -> None:
        AstroidBuilder(MANAGER)  # the first builder of a process makes the module of builtins
        self._resolve = resolve
        self._read = read
        self._built: OrderedDict[str, _Built] = OrderedDict()
        self._outside: dict[str, nodes.Module] = {}
        self._building: dict[str, nodes.Module] = {}
        self._files: dict[str, str] = {}

    def reset(self) -> None:
        """Forget the files of the project; what is outside never changes."""
        self._built.clear()
        self._building.clear()

    def ask(
        self,
        path: str,
        text: str | None,
        files: dict[str, str],
        node: ast.expr,
        query: Callable[[nodes.NodeNG], _T | NoAnswer],
    ) -> _T | NoAnswer:
        """Ask about the twin of `node` in the file; adds to `files` what was looked into. Raises `Stale`."""
        self._files = files
        if text is not None:
            files.setdefault(path, text)
        with self._visit():
            try:
                twin = self._twin(path, node)
                return NO_ANSWER if twin is None else query(twin)
            except Stale:
                raise
            except Exception:  # whatever astroid stumbles over in a user's code, it has no answer
                return NO_ANSWER
            finally:
                self._files = {}

    @contextmanager
    def _visit(self) -> Iterator[None]:
        """Use astroid's manager and leave it as it was.

        What astroid's own support for enumerations and named tuples imports are our stubs meanwhile."""
        cache = MANAGER.astroid_cache
        before = dict(cache)
        _forget_inferences()  # a cached inference would not tell which files it looked into
        try:
            cache.update({name: self._module_outside(name) for name in SMALL_STUBS})
            yield
        finally:
            cache.clear()
            cache.update(before)
            _forget_inferences()

    def _twin(self, path: str, node: ast.expr) -> nodes.NodeNG | None:
        self._module(path)
        built = self._built.get(path)
        if built is None:
            return None
        if built.twins is None:
            built.twins = {}
            for each in built.module.nodes_of_class(nodes.NodeNG):
                built.twins.setdefault(_position(each), each)  # the outermost of those that claim one place
        return built.twins.get(_position(node))

    # --- modules -----------------------------------------------------------------------------------------

    def _module(self, path: str) -> nodes.Module:
        if path in self._building:
            return self._building[path]  # a circle of star imports
        text = self._text(path)
        built = self._built.get(path)
        if built is None:
            return self._build_project_module(path, text)
        if built.text != text or any(self._text(other) != then for other, then in built.looked_into.items()):
            raise Stale
        self._built.move_to_end(path)
        return built.module

    def _text(self, path: str) -> str:
        """The file's text, the same during all questions of one `Questions`."""
        if path not in self._files:
            try:
                self._files[path] = self._read(path)
            except (OSError, ValueError):
                self._files[path] = ""
        return self._files[path]

    def _build_project_module(self, path: str, text: str) -> nodes.Module:
        before = self._files
        self._files = {path: text}
        try:
            module = self._build_or_empty(path, text)
            looked_into = {other: seen for other, seen in self._files.items() if other != path}
        finally:
            before.update(self._files)
            self._files = before
            self._building.pop(path, None)
        self._built[path] = _Built(module, text, looked_into)
        if len(self._built) > _MAX_MODULES:
            self._built.popitem(last=False)
        return module

    def _build_or_empty(self, path: str, text: str) -> nodes.Module:
        name = f"{PROJECT_MODULE}{next(_serial)}"
        source = text.removeprefix("\ufeff") if len(text) <= _MAX_CHARACTERS else ""
        try:
            return self._build(source, name, path)
        except AstroidSyntaxError:
            return self._build("", name, path)

    def _build(self, source: str, name: str, path: str | None, *, transforms: bool = True) -> nodes.Module:
        """Build a module that asks this world for its imports, also while star imports are expanded."""
        builder = _Builder(MANAGER, apply_transforms=transforms)
        module, rebuilder = builder._data_build(source, name, path)
        self._adopt(module, path)
        if path is not None:
            self._building[path] = module
        builder._post_build(module, rebuilder, "utf-8")
        return module

    def _adopt(self, module: nodes.Module, path: str | None) -> None:
        def import_module(
            modname: str, relative_only: bool = False, level: int | None = None, use_cache: bool = True
        ) -> nodes.Module:
            if path is None:
                return self._module_outside(modname)
            return self._import(modname, 1 if relative_only and level is None else level or 0, path)

        def relative_to_absolute_name(modname: str, level: int | None) -> str:
            return f"{level or 0} {modname}"  # no module is called like this: astroid compares it with its own name

        vars(module).update(import_module=import_module, relative_to_absolute_name=relative_to_absolute_name)

    def _import(self, modname: str, level: int, importer: str) -> nodes.Module:
        found = self._resolve(modname, level, importer)
        if found is not None:
            return self._module(found)
        return self._module_outside("" if level else modname)

    def _module_outside(self, name: str) -> nodes.Module:
        source = stub(name)
        known = name if source is not None else ""
        if known not in self._outside:
            title = known or "streamlint nothing"
            self._outside[known] = self._build(source or "", title, None, transforms=False)
        return self._outside[known]


def _position(node: ast.expr | nodes.NodeNG) -> _Position:
    """Kind, name and place: before Python 3.12 the places inside f-strings are not unique."""
    names = ("id", "attr") if isinstance(node, ast.expr) else ("name", "attrname")
    name = next((getattr(node, each) for each in names if hasattr(node, each)), None)
    return type(node).__name__, name, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _forget_inferences() -> None:
    """Empty the caches of astroid that grow with every inference or keep dropped trees alive. They are only caches."""
    _invalidate_cache()
    clear_inference_tip_cache()
    LookupMixIn.lookup.cache_clear()
    ObjectModel.attributes.cache_clear()
    nodes.ClassDef._metaclass_lookup_attribute.cache_clear()
