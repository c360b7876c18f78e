"""The second run gives what the first one gave, without analysing what has not changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlint.flow
from streamlint.lint import Report, lint_paths
from streamlint.project.cache import Cache
from streamlint.settings import load_settings

FILES = {
    "app.py": "import streamlit as st\nfrom lib import start\nfrom keys import CART\n"
    "start()\nst.write(st.session_state[CART], st.session_state.user)\n",
    "lib/__init__.py": "from lib.inner import start\n",
    "lib/inner.py": "import streamlit as st\ndef start():\n    st.session_state.setdefault('user', '')\n",
    "keys.py": "from names import CART\n",
    "names.py": "CART = 'cart'\n",
    "pages/page.py": "import streamlit as st\nst.write(st.session_state.user)\n",
    "plain.py": "print('not of the app')\n",
    "src/other.py": "",
}
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The entries of the apps that were analysed, one by one."""
    entries: list[str] = []
    real = streamlint.flow.analyse_app

    def watched(index: object, app: object, settings: object) -> object:
        entries.append(Path(app.entry).name)  # type: ignore[attr-defined]
        return real(index, app, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(streamlint.flow, "analyse_app", watched)
    return entries


@pytest.fixture
def project(tmp_path: Path) -> Path:
    put(tmp_path, FILES)
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def lint(root: Path, *names: str, cache: bool = True, **settings: object) -> Report:
    loaded = load_settings(root, overrides=settings)
    return lint_paths([root / name for name in names or (".",)], loaded, cache=cache)


def same(left: Report, right: Report) -> bool:
    kept = ("findings", "problems", "files", "statistics", "suppressed")
    return all(getattr(left, name) == getattr(right, name) for name in kept)


def test_what_is_known_is_not_analysed_again(project: Path, analysed: list[str]) -> None:
    cold = lint(project)
    assert cold.findings and analysed == ["app.py"]
    assert same(lint(project), cold) and analysed == ["app.py"]
    assert same(lint(project, cache=False), cold)


def test_every_way_to_ask_uses_it(project: Path, analysed: list[str]) -> None:
    cold = lint(project)
    assert lint(project, "pages/page.py").findings == tuple(f for f in cold.findings if "page.py" in f.place.path)
    lint(project, "app.py", "lib", min_confidence="certain", output_format="json", per_file_ignores={"x": ["STL1"]})
    assert analysed == ["app.py"]


CHANGES: dict[str, Callable[[Path], object]] = {
    "the entry": lambda root: put(root, {"app.py": "\n" + FILES["app.py"]}),
    "a module": lambda root: put(root, {"lib/inner.py": FILES["lib/inner.py"].replace("user", "name")}),
    "a page": lambda root: put(root, {"pages/page.py": "import streamlit as st\nst.session_state.x\n"}),
    "a new page": lambda root: put(root, {"pages/new.py": "import streamlit as st\nst.session_state.x\n"}),
    "a page that goes": lambda root: (root / "pages/page.py").unlink(),
    "a module that goes": lambda root: (root / "lib/inner.py").unlink(),
    "a constant of another file": lambda root: put(root, {"names.py": "CART = 'basket'\n"}),
    "a module in front": lambda root: put(root, {"names/__init__.py": "CART = 'basket'\n"}),
    "a package's own code": lambda root: put(root, {"lib/__init__.py": "def start(): ...\n"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_matters_is_noticed(project: Path, analysed: list[str], change: Callable[[Path], object]) -> None:
    cold = lint(project)
    change(project)
    changed = lint(project)
    assert analysed == ["app.py", "app.py"]
    assert same(changed, lint(project, cache=False)) and not same(changed, cold)


def test_settings_that_matter_are_noticed(project: Path, analysed: list[str]) -> None:
    lint(project)
    lint(project, target_version="1.30")
    lint(project, select=["STL103"])
    lint(project, library_keys={"lib": ["cart"]})
    assert len(analysed) == 4
    lint(project, select=["STL103"])
    assert len(analysed) == 4


def test_what_no_app_runs_does_not_matter(project: Path, analysed: list[str]) -> None:
    cold = lint(project)
    put(project, {"plain.py": "print('changed')\n", "tests/test_app.py": "import streamlit as st\nst.title('x')\n"})
    assert lint(project).findings == cold.findings and analysed == ["app.py"]


def test_apps_are_kept_one_by_one(project: Path, analysed: list[str]) -> None:
    put(project, {"second.py": "import streamlit as st\nst.write(st.session_state.x)\n"})
    cold = lint(project)
    put(project, {"second.py": "import streamlit as st\nst.write(st.session_state.x)\n\n"})
    assert lint(project).findings == cold.findings
    assert analysed == ["app.py", "second.py", "second.py"]


@pytest.mark.parametrize("damage", [b"", b"STLPACK1", b"\x00" * 400])
def test_a_damaged_cache_is_none(project: Path, analysed: list[str], damage: bytes) -> None:
    cold = lint(project)
    for pack in (project / ".streamlint_cache").rglob("*.pack"):
        pack.write_bytes(damage)
    assert same(lint(project), cold) and len(analysed) == 2


def test_a_value_of_another_shape_is_none(project: Path, analysed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cold = lint(project)
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: ("else", ()) if kind == "result" else None)
    assert same(lint(project), cold) and len(analysed) == 2


def test_failures_are_not_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> object:
        raise RuntimeError("broken engine")

    with monkeypatch.context() as patch:
        patch.setattr(streamlint.flow, "analyse_app", broken)
        assert [problem.kind for problem in lint(project).problems] == ["internal"]
    assert lint(project).problems == ()


def test_suppressions_are_read_again(project: Path, analysed: list[str]) -> None:
    lint(project)
    put(project, {"plain.py": "# noqa: STL101\n"})
    select = ["STL1", "STL901"]
    cold, warm = lint(project, select=select), lint(project, select=select)
    assert same(cold, warm) and same(warm, lint(project, select=select, cache=False))


def test_the_examples_are_the_same_cold_and_warm(tmp_path: Path) -> None:
    settings = {"cache_dir": str(tmp_path)}
    cold, warm = (lint(EXAMPLES, **settings) for _ in range(2))
    assert cold.findings and same(cold, warm)


def test_a_warm_run_neither_parses_nor_loads_the_engine(project: Path) -> None:
    cold = lint(project)
    script = (
        "import ast, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('parsed')\n"
        "ast.parse = refuse\n"
        "from pathlib import Path\n"
        "from streamlint.lint import lint_paths\n"
        "from streamlint.settings import load_settings\n"
        f"root = Path({str(project)!r})\n"
        "report = lint_paths([root], load_settings(root))\n"
        "heavy = ('astroid', 'streamlint.facts.extract', 'streamlint.flow.machine', 'streamlint.flow.explore')\n"
        "print(len(report.findings), len(report.problems), [name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout == f"{len(cold.findings)} 0 []\n", done.stderr
