"""What the analysis of apps gave in earlier runs, for apps of which nothing has changed since.

The answer about an app rests on the texts of its modules, on which files their imports mean, on the other files that
inference looked into for their facts, and on what the caller says (settings, rules). The first two are known before
anything is analysed and make the key; the third is kept with the value and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from streamlint.project.apps import App
from streamlint.project.cache import digest
from streamlint.project.index import ProjectIndex

RESULT = "result"


class Results:
    """The cached results of one project's apps."""

    def __init__(self, index: ProjectIndex, given: Iterable[str]) -> None:
        """`given` is what else the results rest on."""
        self._index = index
        self._given = tuple(given)

    def get(self, app: App) -> Any | None:
        """The value put for this very app; None if there is none, or if it may have changed."""
        cache, key = self._index.cache, self._key(app)
        entry = cache.get(RESULT, key) if cache is not None and key is not None else None
        if not isinstance(entry, tuple) or len(entry) != 2:
            return None
        value, others = entry
        return value if others == self._state([path for path, *_ in others]) else None

    def put(self, app: App, value: object) -> None:
        """Keep a value that the analysis of the app has just given: plain data and the engine's own dataclasses."""
        cache, key = self._index.cache, self._key(app)
        if cache is not None and key is not None:
            looked_into = {path for module in app.modules for path, _ in self._index.facts(module).looked_into}
            cache.put(RESULT, key, (value, self._state(sorted(looked_into - app.modules))))

    def _state(self, paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """The files, each with what it holds and whom it imports."""
        return tuple((path, self._index.content_hash(path), *self._index.imports(path)) for path in paths)

    def _key(self, app: App) -> bytes | None:
        if not all(map(self._index.content_hash, app.modules)):
            return None  # one of them cannot be read; perhaps it can the next time
        shape = repr((app.entry, app.pages, app.search, app.page_scripts))
        parts = (*self._given, self._index.root, shape, *self._modules(app))
        return digest(*(part.encode("utf-8", "surrogatepass") for part in parts))

    def _modules(self, app: App) -> Iterator[str]:
        for path in sorted(app.modules):
            # Facts are made with the module's own folder in front, an app runs with its entry's.
            imports = (self._index.imports(path, app.search), self._index.imports(path))
            yield repr((path, self._index.content_hash(path), imports))
