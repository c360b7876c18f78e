"""Which file an import means."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.project.index import ProjectIndex
from streamlint.settings import Settings

TREE = """
app.py utils.py types.py plotly.py profile.py loop_a.py loop_b.py
pages/one.py pages/helper.py
pkg/__init__.py pkg/mod.py pkg/sub/__init__.py pkg/sub/deep.py
space/inner/leaf.py data/table.csv streamlit/app.py
src/lib/__init__.py src/lib/core.py src/space/other.py
apps/shop/main.py apps/shop/cart.py apps/shop/ui/widgets.py
"""

CASES = [
    # importer, module, level, file
    ("app.py", "utils", 0, "utils.py"),
    ("app.py", "pkg", 0, "pkg/__init__.py"),
    ("app.py", "pkg.mod", 0, "pkg/mod.py"),
    ("app.py", "pkg.sub.deep", 0, "pkg/sub/deep.py"),
    ("app.py", "pkg.missing", 0, None),
    ("app.py", "space.inner.leaf", 0, "space/inner/leaf.py"),
    ("app.py", "space.other", 0, "src/space/other.py"),
    ("app.py", "lib.core", 0, "src/lib/core.py"),
    ("app.py", "src.lib.core", 0, "src/lib/core.py"),
    ("app.py", "pandas", 0, None),
    ("app.py", "os.path", 0, None),
    ("app.py", "types", 0, None),
    ("app.py", "profile", 0, "profile.py"),
    ("app.py", "streamlit", 0, None),
    ("app.py", "streamlit.app", 0, None),
    ("app.py", "app", 0, None),
    ("plotly.py", "plotly", 0, None),
    ("pkg/mod.py", "", 1, "pkg/__init__.py"),
    ("pkg/mod.py", "sub", 1, "pkg/sub/__init__.py"),
    ("pkg/sub/deep.py", "mod", 2, "pkg/mod.py"),
    ("pkg/sub/__init__.py", "deep", 1, "pkg/sub/deep.py"),
    ("pkg/sub/deep.py", "app", 3, "app.py"),
    ("pkg/sub/deep.py", "app", 9, None),
    ("pages/one.py", "helper", 0, "pages/helper.py"),
    ("pages/one.py", "utils", 0, "utils.py"),
    ("apps/shop/main.py", "cart", 0, "apps/shop/cart.py"),
    ("apps/shop/ui/widgets.py", "cart", 0, "apps/shop/cart.py"),
    ("apps/shop/ui/widgets.py", "apps.shop.cart", 0, "apps/shop/cart.py"),
    ("loop_a.py", "loop_b", 0, "loop_b.py"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in TREE.split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


def index_of(root: Path, **options: object) -> ProjectIndex:
    return ProjectIndex(root, settings=Settings(root), **options)  # type: ignore[arg-type]


def inside(root: Path, path: str | None) -> str | None:
    return None if path is None else Path(path).relative_to(root).as_posix()


@pytest.mark.parametrize(("importer", "module", "level", "file"), CASES)
def test_the_file_an_import_means(root: Path, importer: str, module: str, level: int, file: str | None) -> None:
    index = index_of(root)
    path = str(root / importer)
    found = index.resolve(path, module, level, index.search(path))
    assert inside(root, found.path if found else None) == file


def test_a_namespace_package_has_folders_and_no_file(root: Path) -> None:
    index = index_of(root)
    path = str(root / "app.py")
    space = index.resolve(path, "space", 0, index.search(path))
    assert space is not None and space.path is None
    assert [inside(root, folder) for folder in space.package_dirs] == ["space", "src/space"]
    other = index.submodule(space, "other")
    assert other is not None
    assert (inside(root, other.path), other.name) == ("src/space/other.py", "space.other")


def test_a_folder_of_data_is_no_package(root: Path) -> None:
    index = index_of(root)
    assert index.resolve(str(root / "app.py"), "data", 0, index.search(str(root / "app.py"))) is None


def test_the_first_folder_of_the_path_wins(root: Path) -> None:
    (root / "apps/shop/utils.py").write_text("")
    index = index_of(root)
    path = str(root / "utils.py")
    for entry, file in (("apps/shop/main.py", "apps/shop/utils.py"), ("app.py", "utils.py")):
        importer = str(root / "pages/one.py")
        found = index.resolve(importer, "utils", 0, index.search(str(root / entry)))
        assert found is not None and inside(root, found.path) == file, path


def test_nothing_outside_the_root_is_found(root: Path) -> None:
    index = index_of(root / "pkg" / "sub")
    path = str(root / "pkg/sub/deep.py")
    search = (str(root), str(root / "pkg/sub"))
    assert index.resolve(path, "utils", 0, search) is None
    assert index.resolve(path, "mod", 2, search) is None


def test_a_file_that_exists_only_in_an_editor_is_found(root: Path) -> None:
    index = index_of(root, overlays={str(root / "fresh/new.py"): ""})
    path = str(root / "app.py")
    found = index.resolve(path, "fresh.new", 0, index.search(path))
    assert found is not None and inside(root, found.path) == "fresh/new.py"


IMPORTS = """
import pkg.sub.deep
from pkg import mod
from . import utils
from loop_a import *
import os, pandas as pd
def later():
    from space.inner import leaf
"""


def test_the_files_that_a_file_runs_by_importing(root: Path) -> None:
    (root / "app.py").write_text(IMPORTS)
    index = index_of(root)
    assert [inside(root, path) for path in index.imports(str(root / "app.py"))] == [
        "pkg/__init__.py",
        "pkg/sub/__init__.py",
        "pkg/sub/deep.py",
        "pkg/mod.py",
        "utils.py",
        "loop_a.py",
        "space/inner/leaf.py",
    ]


def test_import_cycles_end(root: Path) -> None:
    (root / "loop_a.py").write_text("import streamlit\nimport loop_b")
    (root / "loop_b.py").write_text("import loop_a")
    index = index_of(root)
    files = {str(root / "loop_a.py"), str(root / "loop_b.py")}
    assert index.reachable(str(root / "loop_b.py")) == files
    assert index.import_graph == {
        str(root / "loop_a.py"): (str(root / "loop_b.py"),),
        str(root / "loop_b.py"): (str(root / "loop_a.py"),),
    }
