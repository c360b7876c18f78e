"""The project's files and what is known of each: the store of facts that everything above asks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from streamlint.facts.ir import Import, ModuleFacts, SyntaxProblem
from streamlint.inference import Inference
from streamlint.project import store
from streamlint.project.cache import Cache, digest
from streamlint.project.modules import FileTree, Module, Resolver
from streamlint.project.outline import Outline, outline_of
from streamlint.project.scope import Scope
from streamlint.project.texts import Texts
from streamlint.source import DecodeError, SourceText

if TYPE_CHECKING:
    from streamlint.settings import Settings

FACTS = "facts"
OUTLINE = "outline"


class ProjectIndex:
    """The Python files under one root, read lazily; nothing outside the root is ever read.

    `overlays` are texts that win over the disk (an editor's unsaved files, flake8's lines), by absolute path. All paths
    in and out are absolute. What the cache holds is used where it is provably current. Not safe for several threads.
    """

    def __init__(
        self,
        root: Path,
        *,
        settings: Settings,
        overlays: Mapping[str, str] | None = None,
        cache: Cache | None = None,
    ) -> None:
        self.root = os.path.abspath(root)
        self.settings = settings
        self.cache = cache
        self._texts = Texts(overlays)
        self._scope = Scope(self.root, settings)
        self._tree = FileTree(self.overlays)
        self._resolver = Resolver(self.root, self._tree)
        self._files: tuple[str, ...] | None = None
        self._by_name: dict[str, list[str]] | None = None
        self._included: frozenset[str] = frozenset()
        self._facts: dict[str, ModuleFacts] = {}
        self._checked: set[str] = set()
        self._outlines: dict[str, Outline] = {}
        self._imports: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._inference = Inference(self._path_of_import, self._texts.plain)
        self.source_roots = tuple(os.path.abspath(os.path.join(self.root, folder)) for folder in settings.src)

    @property
    def overlays(self) -> Mapping[str, str]:
        """The texts that win over the disk, by path; changed by `replace` only."""
        return self._texts.overlays

    # --- files and texts -----------------------------------------------------------------------------------------

    @property
    def files(self) -> tuple[str, ...]:
        """The Python files under the root that the settings do not exclude, the overlays and what was included."""
        if self._files is None:
            found = self._scope.everything.union(self._included, self._overlaid())
            self._files = tuple(sorted(path for path in found if self.contains(path)))
        return self._files

    def candidates(self, targets: Iterable[str]) -> tuple[str, ...]:
        """The files among which the apps that run the targets are looked for: those of the project, or if this is none
        (see `scope`) those beside and above the targets."""
        if self._scope.whole:
            return self.files
        wanted = frozenset(targets)
        folders = {folder for target in wanted for folder in self._scope.folders_of(target)}
        overlaid = (path for path in self._overlaid() if os.path.dirname(path) in folders)
        found = self._scope.near(wanted).union(overlaid, wanted & self._included)
        return tuple(sorted(path for path in found if self.contains(path)))

    def _overlaid(self) -> Iterator[str]:
        return (path for path in self.overlays if path.endswith(".py"))

    def files_named(self, name: str, folder: str) -> list[str]:
        """The files below a folder whose last part is this name, sorted."""
        if self._scope.whole:
            return [path for path in self._files_named(name) if path.startswith(os.path.join(folder, ""))]
        return [path for path in self._scope.nearest(folder) if os.path.basename(path) == name]

    def _files_named(self, name: str) -> list[str]:
        if self._by_name is None:
            self._by_name = {}
            for path in self.files:
                self._by_name.setdefault(os.path.basename(path), []).append(path)
        return self._by_name.get(name, [])

    def include(self, paths: Iterable[str]) -> None:
        """Let files that are asked for by name count as the project's, even if the settings exclude them."""
        new = frozenset(paths) - self._included
        if new:
            self._included |= new
            self._by_name = None
            self._files = self._files if self._files and new.issubset(self._files) else None

    @property
    def streamlit_files(self) -> tuple[str, ...]:
        """The project's files that mention Streamlit or session state."""
        return tuple(path for path in self.files if self.is_streamlit(path))

    def is_streamlit(self, path: str) -> bool:
        """Whether a file's bytes mention Streamlit or session state: all that files without it cost is this look."""
        return self._texts.is_streamlit(path)

    def is_unreadable(self, path: str) -> bool:
        """Whether nobody can say if a file is Streamlit code, because it cannot be read."""
        return self._texts.is_unreadable(path)

    def import_lines(self, path: str) -> list[tuple[bool, frozenset[str]]]:
        """Of each import line of a file whether it is relative, and its words, by a look at its bytes."""
        return self._texts.import_lines(path)

    def says(self, path: str, word: str) -> bool:
        """Whether a word stands anywhere in a file, by a look at its bytes."""
        return self._texts.says(path, word)

    def exists(self, path: str) -> bool:
        """Whether there is such a file, on disk or in an editor."""
        return self._tree.is_file(*os.path.split(path))

    def contains(self, path: str) -> bool:
        """Whether a path lies under the root."""
        return path.startswith(os.path.join(self.root, ""))

    def folder(self, folder: str) -> list[str]:
        """The names of the files in a folder, on disk or in an editor, sorted."""
        return self._tree.files(folder)

    def source(self, path: str) -> SourceText:
        """The text of a file. Raises OSError or `DecodeError`, which `problem` explains without raising."""
        return self._texts.source(path)

    def problem(self, path: str) -> SyntaxProblem | None:
        """Why a file has no facts: it cannot be read, decoded or parsed. None if it has."""
        return self.outline(path).problem

    def content_hash(self, path: str) -> str:
        """A hash of a file's bytes; the empty string for a file that cannot be read."""
        return self._texts.content_hash(path)

    def size(self, path: str) -> int:
        """How many bytes a file has; 0 if it cannot be read."""
        return self._texts.size(path)

    # --- facts ---------------------------------------------------------------------------------------------------

    def facts(self, path: str) -> ModuleFacts:
        """The facts of a file, from memory, the cache or its text. A file that cannot be read or does not parse has
        empty facts that say why; nothing is raised."""
        if path not in self._facts:
            cached = self.cached_facts(path)
            self.remember(path, self.extract(path) if cached is None else cached, fresh=cached is None)
        return self._facts[path]

    def has_facts(self, path: str) -> bool:
        """Whether `facts` would answer without work."""
        return path in self._facts

    def load(self, paths: Iterable[str]) -> None:
        """Make the facts of many files available, over several processes where that pays."""
        store.load(self, paths)

    def extract(self, path: str) -> ModuleFacts:
        """The facts of a file from its text, whatever is known already."""
        try:
            text = self.source(path).text
        except DecodeError as error:
            return _without_facts(path, SyntaxProblem(error.message, error.line, error.column))
        except OSError as error:
            return _without_facts(path, SyntaxProblem(f"cannot read the file: {error.strerror or error}", 1, 0))
        from streamlint.facts.extract import extract_module  # of no use where the cache knows everything

        return extract_module(path, text, inference=self._inference)

    def _path_of_import(self, module: str, level: int, importer: str) -> str | None:
        found = self.resolve(importer, module, level, self.search(importer))
        return found.path if found is not None else None

    def cached_facts(self, path: str) -> ModuleFacts | None:
        """The facts of a file as an earlier run left them, if everything they rest on is as it was then."""
        if self.cache is None or path in self._checked or not self.content_hash(path):
            return None
        entry = self.cache.get(FACTS, self._facts_key(path))
        if not isinstance(entry, tuple) or len(entry) != 2 or not isinstance(entry[0], ModuleFacts):
            return None
        facts, resolution = entry
        self._checked.add(path)  # files may look into each other
        current = self._looked_into_is_current(facts) and resolution == self._resolution(facts)
        self._checked.discard(path)
        return facts if current else None

    def remember(self, path: str, facts: ModuleFacts, *, fresh: bool) -> None:
        """Take the facts of a file as known; fresh ones go to the cache too."""
        self._facts[path] = facts
        if fresh and self.cache is not None and self.content_hash(path):
            self.cache.put(FACTS, self._facts_key(path), (facts, self._resolution(facts)))

    def _facts_key(self, path: str) -> bytes:
        # Places and paths are part of facts, so the same text elsewhere has other facts.
        return digest(path.encode("utf-8", "surrogatepass"), self.content_hash(path).encode())

    def _looked_into_is_current(self, facts: ModuleFacts) -> bool:
        return all(self._texts.plain_hash(path) == known for path, known in facts.looked_into)

    def _resolution(self, facts: ModuleFacts) -> tuple[str | None, ...]:
        """Which files the imports mean, here and in the files that were looked into: an answer about a file changes
        when another one appears in front of it."""
        others = ((path, self.outline(path).imports) for path, _ in facts.looked_into)
        found = (
            self.resolve(path, item.module, item.level, self.search(path))
            for path, imports in ((facts.path, facts.imports), *others)
            for item in imports
        )
        return tuple(module.path if module is not None else None for module in found)

    def outline(self, path: str) -> Outline:
        """Whom a file imports and what its pieces call; rests on nothing but the file's own text."""
        if path not in self._outlines:
            cached = self._cached_outline(path)
            self._outlines[path] = cached if cached is not None else self._fresh_outline(path)
        return self._outlines[path]

    def load_outlines(self, paths: Iterable[str]) -> None:
        """Make the outlines of many files available, and the facts of those that are not cached."""
        self.load([path for path in paths if path not in self._outlines and self._cached_outline(path) is None])

    def _cached_outline(self, path: str) -> Outline | None:
        if self.cache is None or not self.content_hash(path):
            return None
        cached = self.cache.get(OUTLINE, self._facts_key(path))
        return cached if isinstance(cached, Outline) else None

    def _fresh_outline(self, path: str) -> Outline:
        outline = outline_of(self.facts(path))
        if self.cache is not None and self.content_hash(path):
            self.cache.put(OUTLINE, self._facts_key(path), outline)
        return outline

    # --- imports -------------------------------------------------------------------------------------------------

    def search(self, script: str) -> tuple[str, ...]:
        """`sys.path` inside the project when Streamlit runs this script: its folder, then the source roots."""
        return tuple(dict.fromkeys((os.path.dirname(script), *self.source_roots)))

    def resolve(self, importer: str, module: str, level: int, search: Sequence[str]) -> Module | None:
        """The project's module that an import in `importer` means, see `Resolver.resolve`."""
        return self._resolver.resolve(importer, module, level, search)

    def submodule(self, module: Module, name: str) -> Module | None:
        """The module `name` inside a package of the project."""
        return self._resolver.submodule(module, name)

    def imports(self, path: str, search: Sequence[str] | None = None) -> tuple[str, ...]:
        """The project's files that a file's import statements (at any depth) run, in order, each once."""
        places = self.search(path) if search is None else tuple(search)
        key = (path, places)
        if key not in self._imports:
            found = (target for item in self.outline(path).imports for target in self._targets(path, item, places))
            self._imports[key] = tuple(dict.fromkeys(target for target in found if target != path))
        return self._imports[key]

    def _targets(self, importer: str, item: Import, search: Sequence[str]) -> Iterator[str]:
        module = self.resolve(importer, item.module, item.level, search)
        if module is None:
            return
        child = self.submodule(module, item.attr) if item.attr not in (None, "*") else None
        parents = self._resolver.parents(module, importer, item.level, search)
        for found in (*parents, module, child):
            if found is not None and found.path is not None:
                yield found.path

    @property
    def import_graph(self) -> dict[str, tuple[str, ...]]:
        """For each Streamlit file, and each file that these import directly or not, the files that it imports."""
        graph: dict[str, tuple[str, ...]] = {}
        todo = list(self.streamlit_files)
        while todo:
            path = todo.pop()
            if path not in graph:
                graph[path] = self.imports(path)
                todo.extend(graph[path])
        return graph

    def reachable(self, entry: str, search: Sequence[str] | None = None) -> frozenset[str]:
        """The entry and every file it imports, directly or not, with `search` (the entry's own, if None) as path."""
        places = self.search(entry) if search is None else tuple(search)
        seen = {entry}
        todo = [entry]
        while todo:
            new = set(self.imports(todo.pop(), places)) - seen
            seen |= new
            todo.extend(new)
        return frozenset(seen)

    # --- changes -------------------------------------------------------------------------------------------------

    def replace(self, path: str, text: str | None) -> frozenset[str]:
        """Let a file have this text from now on, or what is on disk if None; a file may appear or go by this.

        What is known of it is forgotten, and so is what was inferred about others by looking into it. Returns the files
        whose facts are no longer known, this one included.
        """
        existed = self.exists(path)
        before = {} if existed and text is not None else self._resolutions()
        self._texts.replace(path, text)
        if text is None:
            self._tree.discard(path)
        else:
            self._tree.add(path)
        stale = self._forget_answers(before) if self.exists(path) != existed else set()
        stale.update(known for known, facts in self._facts.items() if self._looks_into(facts, path))
        stale.add(path)
        for known in stale:
            self._forget_facts(known)
        return frozenset(stale)

    def _resolutions(self) -> dict[str, tuple[str | None, ...]]:
        return {path: self._resolution(facts) for path, facts in list(self._facts.items())}

    def _forget_answers(self, before: dict[str, tuple[str | None, ...]]) -> set[str]:
        """Forget which file an import means; returns the files whose imports mean something else than before."""
        self._resolver.forget()
        self._inference.forget()
        self._imports.clear()
        self._files = self._by_name = None
        self._scope = Scope(self.root, self.settings)
        return {path for path, resolution in self._resolutions().items() if resolution != before.get(path)}

    def _looks_into(self, facts: ModuleFacts, changed: str) -> bool:
        return any(path == changed for path, _ in facts.looked_into)

    def _forget_facts(self, path: str) -> None:
        self._facts.pop(path, None)
        self._outlines.pop(path, None)
        for key in [key for key in self._imports if key[0] == path]:
            del self._imports[key]


def _without_facts(path: str, problem: SyntaxProblem) -> ModuleFacts:
    return ModuleFacts(
        path=path,
        body=(),
        functions=(),
        classes=(),
        imports=(),
        strings=frozenset(),
        mentions_streamlit=False,
        has_main_guard=False,
        syntax_error=problem,
    )
