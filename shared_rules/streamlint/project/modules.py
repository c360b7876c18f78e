"""Which file of the project an import means.

The answer follows Python's own search: the folders of `sys.path` in order, where the first regular package or module
wins and folders without `__init__.py` together make a namespace package when there is no such winner. Only the
project's own folders are looked at, so the standard library and installed packages resolve to nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from streamlint.records import immutable

INIT = "__init__.py"
_PACKAGE_DEPTH = 3

# A server imports these before it runs the first script, so a project file of that name is never what `import` finds.
_LOADED_NAMES = """
abc array ast asyncio atexit base64 binascii bisect builtins bz2 calendar codecs collections concurrent contextlib
contextvars copy copyreg csv dataclasses datetime decimal dis email encodings enum errno fnmatch fractions functools
gc genericpath gettext hashlib heapq hmac http importlib inspect io ipaddress itertools json keyword linecache
locale logging lzma marshal math mimetypes ntpath numbers opcode operator os pathlib pickle platform posixpath queue
quopri random re reprlib secrets select selectors shlex shutil signal site socket ssl stat string struct subprocess
sys tempfile textwrap threading time timeit token tokenize traceback types typing urllib uuid warnings weakref
zipfile zipimport zlib streamlit __future__
"""
_LOADED = frozenset(_LOADED_NAMES.split())


@immutable
class Module:
    """A module of the project.

    `path` is its file, None for a namespace package; `package_dirs` are the folders its submodules are looked for in,
    none for a plain module. `name` is the dotted name it was found by, without leading dots.
    """

    path: str | None
    package_dirs: tuple[str, ...]
    name: str

    @property
    def package_dir(self) -> str | None:
        """The first folder of a package, None for a plain module."""
        return self.package_dirs[0] if self.package_dirs else None


class FileTree:
    """The names in the project's folders, read once per folder; files that exist only in an editor count.

    Names are compared exactly on every platform, as the import system does. Folders that cannot be read are empty.
    """

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._folders: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._extra: dict[str, tuple[set[str], set[str]]] = {}
        for path in extra:
            self.add(path)

    def add(self, path: str) -> None:
        """Let a file exist that the disk does not have (yet), and forget what was read of its folder."""
        self.forget(path)
        folder, name = os.path.split(path)
        self._extra.setdefault(folder, (set(), set()))[0].add(name)
        while os.path.dirname(folder) != folder:
            folder, name = os.path.split(folder)
            self._extra.setdefault(folder, (set(), set()))[1].add(name)
            self._folders.pop(folder, None)

    def forget(self, path: str) -> None:
        """Read the folder of this file again when it is next asked for."""
        self._folders.pop(os.path.dirname(path), None)

    def discard(self, path: str) -> None:
        """Let a file that was added exist no longer than the disk says."""
        self.forget(path)
        folder, name = os.path.split(path)
        if folder in self._extra:
            self._extra[folder][0].discard(name)

    def is_file(self, folder: str, name: str) -> bool:
        return name in self._listing(folder)[0]

    def is_folder(self, folder: str, name: str) -> bool:
        return name in self._listing(folder)[1]

    def files(self, folder: str) -> list[str]:
        """The names of the files in a folder, sorted."""
        return sorted(self._listing(folder)[0])

    def holds_python(self, folder: str, depth: int = _PACKAGE_DEPTH) -> bool:
        """Whether a folder or one near below it holds a Python file: else it is data and no package."""
        files, folders = self._listing(folder)
        if any(name.endswith(".py") for name in files):
            return True
        below = (name for name in folders if name.isidentifier())
        return depth > 0 and any(self.holds_python(os.path.join(folder, name), depth - 1) for name in below)

    def _listing(self, folder: str) -> tuple[frozenset[str], frozenset[str]]:
        if folder not in self._folders:
            files, folders = _read_folder(folder)
            more_files, more_folders = self._extra.get(folder, ((), ()))
            self._folders[folder] = files.union(more_files), folders.union(more_folders)
        return self._folders[folder]


def _read_folder(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    files: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is(entry.is_dir):
                    folders.add(entry.name)
                elif _is(entry.is_file):
                    files.add(entry.name)
    except OSError:
        pass
    return frozenset(files), frozenset(folders)


def _is(kind: Callable[[], bool]) -> bool:
    try:
        return kind()
    except OSError:  # a link to itself
        return False


class Resolver:
    """Answers imports inside one project; nothing outside `root` is ever looked at."""

    def __init__(self, root: str, tree: FileTree) -> None:
        self._root = root
        self._tree = tree
        self._known: dict[tuple[str, str, int, tuple[str, ...]], Module | None] = {}

    def forget(self) -> None:
        """Drop all answers, because a file appeared or went."""
        self._known.clear()

    def resolve(self, importer: str, module: str, level: int, search: Sequence[str]) -> Module | None:
        """The module that `import module` (or `from <level dots>module import ...`) in the file `importer` means.

        `search` are the folders of `sys.path` in order. When nothing there matches, the importer's folder and the
        folders above its package are tried, because scripts that change `sys.path` mean one of these. None is
        everything that is not the project's: the standard library, installed packages, what does not exist.
        """
        folder = os.path.dirname(importer)
        key = (folder, module, level, tuple(search))
        if key not in self._known:
            found = self._relative(folder, module, level) if level else self._absolute(folder, module, search)
            self._known[key] = found
        found = self._known[key]
        if found is not None and found.path == importer and not level and os.path.basename(importer) != INIT:
            return None  # `utils/plotly.py` that imports plotly means the installed one
        return found

    def submodule(self, module: Module, name: str) -> Module | None:
        """The module `name` (one part of a dotted name) inside a package."""
        return self._find(name, module.package_dirs, f"{module.name}.{name}" if module.name else name)

    def parents(self, module: Module, importer: str, level: int, search: Sequence[str]) -> tuple[Module, ...]:
        """The packages whose `__init__.py` runs before `module` is imported by its absolute name, outermost first."""
        parts = module.name.split(".") if module.name else []
        names = (".".join(parts[:count]) for count in range(1, len(parts)))
        found = (self.resolve(importer, name, level, search) for name in names)
        return tuple(parent for parent in found if parent is not None)

    def _relative(self, folder: str, module: str, level: int) -> Module | None:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        if not self._inside(folder):
            return None
        init = os.path.join(folder, INIT) if self._tree.is_file(folder, INIT) else None
        package = Module(init, (folder,), "")
        return self._descend(package, module.split(".") if module else [])

    def _absolute(self, folder: str, module: str, search: Sequence[str]) -> Module | None:
        parts = module.split(".")
        if parts[0] in _LOADED:
            return None
        found = self._in_folders(parts, tuple(place for place in search if self._inside(place)))
        if found is not None or parts[0] in sys.stdlib_module_names:
            return found
        guesses = (self._in_folders(parts, (place,)) for place in self._guessed_path(folder))
        return next((guess for guess in guesses if guess is not None), None)

    def _in_folders(self, parts: list[str], folders: tuple[str, ...]) -> Module | None:
        top = self._find(parts[0], folders, parts[0])
        found = self._descend(top, parts[1:]) if top is not None else None
        if found is None or found.path is not None:
            return found
        # A folder of data is no package; an installed package of that name would have won.
        dirs = tuple(place for place in found.package_dirs if self._tree.holds_python(place))
        return replace(found, package_dirs=dirs) if dirs else None

    def _descend(self, module: Module, parts: list[str]) -> Module | None:
        found: Module | None = module
        for part in parts:
            found = self.submodule(found, part) if found is not None else None
        return found

    def _find(self, name: str, folders: Sequence[str], full_name: str) -> Module | None:
        portions: list[str] = []
        for folder in folders:
            inner = os.path.join(folder, name)
            if self._tree.is_folder(folder, name):
                if self._tree.is_file(inner, INIT):
                    return Module(os.path.join(inner, INIT), (inner,), full_name)
                portions.append(inner)
            if self._tree.is_file(folder, f"{name}.py"):
                return Module(f"{inner}.py", (), full_name)
        return Module(None, tuple(portions), full_name) if portions else None

    def _guessed_path(self, folder: str) -> Iterator[str]:
        if not self._tree.is_file(folder, INIT):
            yield folder
        while folder != self._root and self._inside(folder):
            folder = os.path.dirname(folder)
            if not self._tree.is_file(folder, INIT):
                yield folder

    def _inside(self, folder: str) -> bool:
        return folder == self._root or folder.startswith(os.path.join(self._root, ""))
