"""Which scripts and pages make an app.

An app is what one `streamlit run` serves. Nothing in a project says so, so an entrypoint is a script that draws when it
is run and that no other app runs: not imported by one, not one of its pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from streamlint.project.index import ProjectIndex
from streamlint.project.linking import Linker
from streamlint.project.modules import INIT
from streamlint.records import immutable
from streamlint.settings.globs import GlobSet

PAGES = "pages"
ENTRY_NAMES = frozenset({"app.py", "main.py", "streamlit_app.py"})
MAX_PAGES_OF_A_NAME = 8
"""More files of one name in different folders are hardly the pages of one app."""
_TEST_FOLDERS = frozenset({"test", "tests"})


@immutable
class App:
    """One app. All paths are absolute; tuples of files are sorted."""

    entry: str
    """The script that `streamlit run` is given."""
    pages: tuple[str, ...]
    """The files of the `pages/` folder beside the entry; none if the app calls `st.navigation`."""
    modules: frozenset[str]
    """The entry, its pages and page scripts, and all project files that these import, directly or not."""
    search: tuple[str, ...]
    """`sys.path` inside the project: the entry's folder, then the source roots."""
    page_scripts: tuple[str, ...] = ()
    """Files that strings of an app with `st.navigation` name or end the path of: candidates for its pages."""


def find_apps(index: ProjectIndex, targets: Iterable[str] | None = None) -> tuple[App, ...]:
    """The apps that run any of these files (all apps, if None), sorted by entry.

    The answer for an app does not depend on the targets. A file that no app runs is a library's, and in none.
    """
    wanted = None if targets is None else frozenset(targets)
    index.include(wanted or ())
    apps = apps_among(index, index.files if wanted is None else index.candidates(wanted))
    return tuple(app for app in apps if wanted is None or not wanted.isdisjoint(app.modules))


def apps_among(index: ProjectIndex, files: Sequence[str]) -> tuple[App, ...]:
    """The apps that have one of these files as their entry, sorted by it."""
    entries = _chosen_entries(index, files) if index.settings.entrypoints else _found_entries(index, files)
    return tuple(make_app(index, entry) for entry in sorted(entries))


def in_doubt(index: ProjectIndex, app: App) -> frozenset[str]:
    """The files of an app that a broken one, which is no text or does not parse, may run too: what it names, and the
    pages beside it. Nobody knows what else sets their keys then. Where the settings name the entrypoints, there is no
    doubt."""
    if index.settings.entrypoints:
        return frozenset()
    others = (path for path in index.candidates(app.modules) if path not in app.modules and index.is_streamlit(path))
    broken = [path for path in others if index.problem(path) is not None]
    if any(_may_run(index, path, app.entry) for path in broken):
        return app.modules
    beside = bool(app.pages) and any(os.path.dirname(path) == os.path.dirname(app.entry) for path in broken)
    return app.modules - index.reachable(app.entry, app.search) if beside else frozenset()


def _may_run(index: ProjectIndex, path: str, script: str) -> bool:
    name, _ = _module_name(script)
    return os.path.dirname(path) in _page_homes(index.root, script) or index.says(path, name)


def make_app(index: ProjectIndex, entry: str) -> App:
    """The app of an entrypoint, whether or not it looks like one."""
    search = index.search(entry)
    modules = set(index.reachable(entry, search))
    linker = Linker(index, search)
    if any(linker.navigates(path) for path in sorted(modules)):
        scripts = _page_scripts(index, entry, modules, search)
        return App(entry, (), frozenset(modules), search, tuple(sorted(scripts)))
    pages = _pages_of(index, entry)
    for page in pages:
        modules |= index.reachable(page, search)
    return App(entry, pages, frozenset(modules), search)


def _pages_of(index: ProjectIndex, entry: str) -> tuple[str, ...]:
    folder = os.path.join(os.path.dirname(entry), PAGES)
    names = (name for name in index.folder(folder) if name.endswith(".py") and name != INIT and name[0] != ".")
    return tuple(os.path.join(folder, name) for name in names)


def _page_scripts(index: ProjectIndex, entry: str, modules: set[str], search: tuple[str, ...]) -> set[str]:
    """The scripts that strings name, and those that strings in them name; `modules` grows by what they import."""
    scripts: set[str] = set()
    todo = sorted(modules)
    while todo:
        for script in _named_scripts(index, entry, todo.pop()):
            if script != entry and script not in scripts:
                scripts.add(script)
                new = index.reachable(script, search) - modules
                modules |= new
                todo.extend(sorted(new))
    return scripts


def _named_scripts(index: ProjectIndex, entry: str, path: str) -> Iterator[str]:
    folder = os.path.dirname(entry)
    for name in sorted(index.outline(path).scripts):
        script = os.path.normpath(os.path.join(folder, name))
        if index.contains(script) and index.exists(script):
            yield script
        else:  # the end of a path that is put together, as in `Path("views", "home.py")`
            tail = os.path.normpath(f"{os.sep}{name}")
            found = [f for f in index.files_named(os.path.basename(script), folder) if f.endswith(tail)]
            if not _names_apps(name, len(found)):
                yield from found


def _names_apps(name: str, files: int) -> bool:
    """Whether a bare file name is that of several apps, and not of pages: each folder has one."""
    usual = name in ENTRY_NAMES and files > 1
    return os.path.dirname(name) == "" and (usual or files > MAX_PAGES_OF_A_NAME)


def _chosen_entries(index: ProjectIndex, files: Iterable[str]) -> set[str]:
    globs = GlobSet(index.settings.entrypoints, index.settings.root)
    return {path for path in files if globs.matches(path, os.path.basename(path))}


def _found_entries(index: ProjectIndex, files: Sequence[str]) -> set[str]:
    marked = [path for path in files if index.is_streamlit(path)]
    scripts = _drawing_scripts(index, [*marked, *_launchers(index, files, marked)])
    tops = {path for path in scripts if not list(_page_homes(index.root, path))}
    entries = _not_run_by_others(index, tops, scripts)
    folders = {os.path.dirname(entry) for entry in entries}
    lone_pages = {path for path in scripts if path not in tops and folders.isdisjoint(_page_homes(index.root, path))}
    return _not_run_by_others(index, entries | lone_pages, scripts)


def _launchers(index: ProjectIndex, files: Iterable[str], marked: Sequence[str]) -> list[str]:
    """Files that do not mention Streamlit but import a module that does: `from shop.ui import main` and a call."""
    homes: dict[str, set[str]] = {}
    for path in marked:
        name, home = _module_name(path)
        homes.setdefault(name, set()).add(home)
    return [path for path in files if not index.is_streamlit(path) and _may_import(index, path, homes)]


def _module_name(path: str) -> tuple[str, str]:
    """The last part of a module's name, and the folder that it is in."""
    folder, name = os.path.split(path)
    if name == INIT:
        folder, name = os.path.split(folder)
    return name.removesuffix(".py"), folder


def _may_import(index: ProjectIndex, path: str, homes: Mapping[str, set[str]]) -> bool:
    """Whether an import line could mean one of the modules, given by name and the folders that have one."""
    top = os.path.join(index.root, os.path.relpath(path, index.root).split(os.sep)[0], "")
    for relative, words in index.import_lines(path):
        for name in words & homes.keys():
            for home in homes[name]:
                if os.path.basename(home) in words or home in index.search(path):
                    return True
                if relative and (home + os.sep).startswith(top):
                    return True
    return False


def _drawing_scripts(index: ProjectIndex, files: Sequence[str]) -> dict[str, bool]:
    """The scripts that draw when they are run, and whether they do so only when they are the main script."""
    index.load_outlines(files)
    found: dict[str, bool] = {}
    for path in files:
        if is_test(index.root, path):
            continue
        outline = index.outline(path)
        if Linker(index, index.search(path)).draws(path, outline.guarded):
            found[path] = True
        elif Linker(index, index.search(path)).draws(path, outline.body):
            found[path] = False
    return found


def is_test(root: str, path: str) -> bool:
    """Whether a file is run by pytest and not by Streamlit, by pytest's own conventions of naming."""
    *folders, name = os.path.relpath(path, root).split(os.sep)
    stem = name.removesuffix(".py")
    return (
        stem.startswith("test_")
        or stem.endswith("_test")
        or stem == "conftest"
        or not _TEST_FOLDERS.isdisjoint(folders)
    )


def _page_homes(root: str, path: str) -> Iterator[str]:
    """The folders whose scripts would have this file in or below their `pages/` folder."""
    folder = os.path.dirname(path)
    while folder != root:
        folder, name = os.path.split(folder)
        if name == PAGES:
            yield folder


def _not_run_by_others(index: ProjectIndex, candidates: set[str], scripts: dict[str, bool]) -> set[str]:
    """The candidates less those that another one imports or shows as a page.

    A script with a main guard that draws can be run by itself even when it is imported. Of scripts that import each
    other none is the other's helper.
    """
    apps = {path: make_app(index, path) for path in sorted(candidates)}
    imported = {path: index.reachable(path) for path in candidates}
    return {path for path in candidates if not any(_runs(app, path, imported, scripts) for app in apps.values())}


def _runs(app: App, path: str, imported: dict[str, frozenset[str]], scripts: dict[str, bool]) -> bool:
    if path == app.entry or path not in app.modules or app.entry in imported[path]:
        return False
    return path in app.page_scripts or (path in imported[app.entry] and not scripts[path])
