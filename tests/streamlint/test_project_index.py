"""The store of facts: lazy, current, and the same whatever it was taken from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlint.facts.ir import ModuleFacts
from streamlint.project import store
from streamlint.project.apps import find_apps
from streamlint.project.cache import Cache
from streamlint.project.index import ProjectIndex
from streamlint.settings import Settings

APP = "import streamlit as st\nfrom keys import CART\nst.session_state[CART] = 1\n"


def put(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)


def index_of(root: Path, **options: object) -> ProjectIndex:
    return ProjectIndex(root, settings=Settings(root), **options)  # type: ignore[arg-type]


def test_only_streamlit_code_and_what_it_imports_is_read_as_code(tmp_path: Path) -> None:
    put(tmp_path, app=APP, keys="CART = 'cart'", alone="print(1)", state="def f(s): s.session_state.x = 1")
    index = index_of(tmp_path)
    find_apps(index)
    graph = index.import_graph
    assert [Path(path).name for path in index.files] == ["alone.py", "app.py", "keys.py", "state.py"]
    assert [Path(path).name for path in index.streamlit_files] == ["app.py", "state.py"]
    assert sorted(Path(path).name for path in graph) == ["app.py", "keys.py", "state.py"]
    assert not index.has_facts(str(tmp_path / "alone.py"))


def test_what_is_wrong_with_a_file_is_said_and_not_raised(tmp_path: Path) -> None:
    put(tmp_path, bad="import streamlit\nx = (\n")
    (tmp_path / "latin.py").write_bytes(b"import streamlit\nx = '\xe9'\n")
    index = index_of(tmp_path)
    problems = [index.problem(str(tmp_path / name)) for name in ("bad.py", "latin.py", "missing.py")]
    assert [problem.line for problem in problems if problem] == [2, 2, 1]
    assert problems[1] is not None and "cannot decode" in problems[1].message
    assert problems[2] is not None and "cannot read" in problems[2].message
    assert find_apps(index) == ()


def test_overlays_win_over_the_disk(tmp_path: Path) -> None:
    put(tmp_path, app="print(1)")
    overlays = {str(tmp_path / "app.py"): APP, str(tmp_path / "new.py"): APP, "/elsewhere/x.py": APP}
    index = index_of(tmp_path, overlays=overlays)
    assert [Path(path).name for path in index.streamlit_files] == ["app.py", "new.py"]
    assert index.source(str(tmp_path / "app.py")).text == APP


def test_replacing_a_text_forgets_it_and_what_looked_into_it(tmp_path: Path) -> None:
    put(tmp_path, app=APP, keys="CART = 'cart'", other="import streamlit as st\n")
    index = index_of(tmp_path)
    app, keys, other = (str(tmp_path / f"{name}.py") for name in ("app", "keys", "other"))
    before = {path: index.facts(path) for path in (app, keys, other)}
    assert index.replace(keys, "CART = 'basket'") == {app, keys}
    assert index.facts(other) is before[other]
    assert index.facts(app) != before[app]
    assert index.replace(keys, None) == {app, keys}
    assert index.facts(app) == before[app]


def test_a_new_file_changes_what_imports_mean(tmp_path: Path) -> None:
    put(tmp_path, app=APP)
    index = index_of(tmp_path)
    app, keys = str(tmp_path / "app.py"), str(tmp_path / "keys.py")
    assert index.facts(app).looked_into == index.imports(app) == ()
    assert index.replace(keys, "CART = 'cart'") == {app, keys}
    assert index.imports(app) == (keys,)
    assert keys in index.files
    assert index.replace(keys, None) == {app, keys}
    assert index.imports(app) == ()
    assert keys not in index.files


def test_loops_of_links_end(tmp_path: Path) -> None:
    put(tmp_path, app="import streamlit as st\nimport loop.loop.app\nst.title('x')\n")
    try:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert [Path(app.entry).name for app in find_apps(index_of(tmp_path))] == ["app.py"]


def test_a_link_to_itself_hides_nothing_from_imports(tmp_path: Path) -> None:
    put(tmp_path, zebra="")
    try:
        (tmp_path / "itself").symlink_to(tmp_path / "itself")
    except OSError:
        pytest.skip("no links here")
    index = index_of(tmp_path)
    assert index.resolve(str(tmp_path / "app.py"), "zebra", 0, (str(tmp_path),)) is not None


def cached(root: Path, name: str) -> ModuleFacts | None:
    return index_of(root, cache=Cache(root / ".streamlint_cache")).cached_facts(str(root / f"{name}.py"))


def warm(root: Path) -> dict[str, ModuleFacts]:
    index = index_of(root, cache=Cache(root / ".streamlint_cache"))
    facts = {path: index.facts(path) for path in index.files}
    find_apps(index)
    assert index.cache is not None
    index.cache.flush()
    return facts


def test_cached_facts_are_the_same_facts(tmp_path: Path) -> None:
    put(tmp_path, app=APP, keys="CART = 'cart'")
    facts = warm(tmp_path)
    assert cached(tmp_path, "app") == facts[str(tmp_path / "app.py")]
    assert facts == warm(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [("app", APP + "# changed"), ("keys", "CART = 'basket'"), ("keys", None), ("streamlit", "")],
    ids=["itself", "what was looked into", "gone", "unrelated"],
)
def test_cached_facts_are_used_only_while_they_hold(tmp_path: Path, name: str, text: str | None) -> None:
    put(tmp_path, app=APP, keys="CART = 'cart'")
    warm(tmp_path)
    if text is None:
        (tmp_path / f"{name}.py").unlink()
    else:
        put(tmp_path, **{name: text})
    assert (cached(tmp_path, "app") is not None) == (name == "streamlit")


def test_a_file_that_appears_in_front_of_another_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    put(tmp_path, app=APP)
    put(tmp_path / "src", keys="CART = 'cart'")
    warm(tmp_path)
    assert cached(tmp_path, "app") is not None
    put(tmp_path, keys="CART = 'basket'")
    assert cached(tmp_path, "app") is None


def test_apps_are_found_again_without_facts(tmp_path: Path) -> None:
    put(tmp_path, app=APP, keys="CART = 'cart'")
    warm(tmp_path)
    index = index_of(tmp_path, cache=Cache(tmp_path / ".streamlint_cache"))
    assert len(find_apps(index)) == 1
    assert not any(index.has_facts(path) for path in index.files)


def test_processes_find_the_same_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, keys="CART = 'cart'", **{f"app{number}": APP for number in range(40)})
    overlays = {str(tmp_path / "app7.py"): APP + "x = 1\n", str(tmp_path / "extra.py"): APP}
    serial = index_of(tmp_path, overlays=overlays)
    serial.load(serial.files)
    monkeypatch.setattr(store, "MIN_BYTES", 10)
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    parallel = ProjectIndex(tmp_path, settings=Settings(tmp_path, jobs=2), overlays=overlays)
    calls: list[int] = []
    extract = parallel.extract
    monkeypatch.setattr(parallel, "extract", lambda path: calls.append(1) or extract(path))
    parallel.load(parallel.files)
    assert {path: parallel.facts(path) for path in parallel.files} == {
        path: serial.facts(path) for path in serial.files
    }
    assert not calls, "the workers did not do the work"


def test_without_processes_the_work_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    put(tmp_path, **{f"app{number}": APP for number in range(20)})
    monkeypatch.setattr(store, "MIN_BYTES", 10)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", refuse)
    index = ProjectIndex(tmp_path, settings=Settings(tmp_path, jobs=2))
    index.load(index.files)
    assert all(index.has_facts(path) for path in index.files)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, app=APP)
    (tmp_path / "app.py").chmod(0)
    assert index_of(tmp_path).problem(str(tmp_path / "app.py")) is not None
