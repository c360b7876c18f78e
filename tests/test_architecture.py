"""The house keeps its plan (docs/architecture.md): who may import whom, and how large a file may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "shared_rules" / "streamlint"
PLUGINS = {
    "flake8_streamlint": ROOT / "plugin" / "flake8_streamlint",
    "streamlint_cli": ROOT / "plugin" / "streamlint_cli",
    "streamlint_mcp": ROOT / "plugin" / "streamlint_mcp",
    "streamlint_lsp": ROOT / "lsp" / "streamlint_lsp",
}
FLOORS = {
    "source": 0,
    "findings": 0,
    "stack": 0,
    "interrupt": 0,
    "records": -1,
    "fixes": 1,
    "settings": 1,
    "streamlit_api": 1,
    "adopting": 2,
    "inference": 2,
    "facts": 3,
    "project": 4,
    "flow": 5,
    "rules": 6,
    "suppressions": 7,
    "baseline": 7,
    "statemap": 7,
    "pictures": 8,
    "lint": 8,
    "fixing": 9,
    "renaming": 9,
}
"""A module of the engine imports only from floors below its own, and from its own package."""

MAX_LINES = {"rules": 200}
MAX_LINES_ELSEWHERE = 700
PRODUCT = sorted(path for folder in (ENGINE, *PLUGINS.values()) for path in folder.rglob("*.py"))
TESTS_AND_SCRIPTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "scripts").glob("*.py")])


def ids(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The absolute modules that a file imports, with their lines; imports for type checkers only are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            yield from _imported_from(str(node.module), node)


def _imported_from(module: str, node: ast.ImportFrom) -> Iterator[tuple[str, int]]:
    for alias in node.names:
        inner = module == "streamlint" and alias.name in FLOORS
        yield (f"{module}.{alias.name}" if inner else module), node.lineno


def room(path: Path) -> str | None:
    """The part of the engine that a file belongs to; None for the package's own `__init__`."""
    first = path.relative_to(ENGINE).parts[0].removesuffix(".py")
    return None if first == "__init__" else first


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=ids(sorted(ENGINE.rglob("*.py"))))
def test_the_engine_imports_downwards_only(path: Path) -> None:
    here = room(path)
    assert here is None or here in FLOORS, f"give {here} a floor in docs/architecture.md and here"
    for module, line in imports(path):
        top, _, rest = module.partition(".")
        assert top not in PLUGINS, f"line {line}: the engine knows no front end"
        there = rest.partition(".")[0]
        if top == "streamlint" and there and here and there != here:
            assert FLOORS[there] < FLOORS[here], f"line {line}: {here} imports {there}, which is no floor below"


@pytest.mark.parametrize("path", PRODUCT, ids=ids(PRODUCT))
def test_nothing_imports_what_it_must_not(path: Path) -> None:
    for module, line in imports(path):
        top = module.partition(".")[0]
        assert top != "streamlit", f"line {line}: linting must not need Streamlit"
        keeper = path.is_relative_to(ENGINE / "inference")
        assert top != "astroid" or keeper, f"line {line}: astroid has one keeper, streamlint.inference"


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS_AND_SCRIPTS], ids=ids([*PRODUCT, *TESTS_AND_SCRIPTS]))
def test_source_roots_are_not_packages(path: Path) -> None:
    """From the repository root `import lsp...` would work by accident, as a second copy of the module."""
    for module, line in imports(path):
        assert module.partition(".")[0] not in ("lsp", "plugin", "shared_rules"), f"line {line}: {module}"


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=ids(sorted(ENGINE.rglob("*.py"))))
def test_the_engine_neither_prints_nor_exits(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "exit", "quit", "sys.exit", "os._exit"), f"line {node.lineno}: {called}"
        if isinstance(node, ast.Raise) and node.exc is not None:
            assert "SystemExit" not in ast.unparse(node.exc), f"line {node.lineno}"


@pytest.mark.parametrize("path", PRODUCT, ids=ids(PRODUCT))
def test_files_stay_small_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < MAX_LINES.get(path.parent.name, MAX_LINES_ELSEWHERE)
