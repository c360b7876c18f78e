"""Which scripts and pages make an app."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.project.apps import App, find_apps
from streamlint.project.index import ProjectIndex
from streamlint.settings import Settings

DRAWS = "import streamlit as st\nst.title('x')\n"
HELPER = "import streamlit as st\ndef draw():\n    st.title('x')\n"
USES_HELPER = "import helper\nimport streamlit as st\nhelper.draw()\n"
GUARDED = "import streamlit as st\ndef main():\n    st.title('x')\nif __name__ == '__main__':\n    main()\n"
NAVIGATES = "import streamlit as st\nst.navigation([st.Page('views/a.py')]).run()\n"


def apps_of(root: Path, files: dict[str, str], **settings: object) -> dict[str, App]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    index = ProjectIndex(root, settings=Settings(root, **settings))  # type: ignore[arg-type]
    return {Path(app.entry).relative_to(root).as_posix(): app for app in find_apps(index)}


def names(root: Path, paths: object) -> list[str]:
    return sorted(Path(path).relative_to(root).as_posix() for path in paths)  # type: ignore[attr-defined]


SCRIPTS = {
    "a call": DRAWS,
    "an alias": "from streamlit import title as t\nt('x')\n",
    "a with": "import streamlit as st\nwith st.sidebar:\n    pass\n",
    "state only": "import streamlit as st\nprint(st.session_state.x)\n",
    "imported state": "from streamlit import session_state\nsession_state['x'] = 1\n",
    "a function": "import streamlit as st\ndef main():\n    st.title('x')\nmain()\n",
    "a class": "import streamlit as st\nclass App:\n    def run(self):\n        st.title('x')\nApp().run()\n",
    "a guard": GUARDED,
    "nested code": "import streamlit as st\nfor x in range(3):\n    if x:\n        st.write(x)\n",
    "a lambda": "import streamlit as st\ncallback = lambda: st.title('x')\n",
    "a component": "import streamlit.components.v1 as components\ncomponents.html('x')\n",
}
LIBRARIES = {
    "functions": HELPER,
    "cached data": "import streamlit as st\n@st.cache_data(ttl=3)\ndef f():\n    return 1\nf()\n",
    "a declared component": "import streamlit.components.v1 as c\nf = c.declare_component('x', path='.')\n",
    "a connection": "import streamlit as st\nconn = st.connection('sql')\n",
    "a logger": "from streamlit.logger import get_logger\nlog = get_logger(__name__)\n",
    "only a mention": "print('streamlit')\n",
    "a syntax error": "import streamlit as st\nst.title(\n",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_that_draws_is_an_app(tmp_path: Path, text: str) -> None:
    assert list(apps_of(tmp_path, {"app.py": text})) == ["app.py"]


@pytest.mark.parametrize("text", LIBRARIES.values(), ids=LIBRARIES)
def test_a_library_is_no_app(tmp_path: Path, text: str) -> None:
    assert apps_of(tmp_path, {"lib.py": text}) == {}


def test_drawing_is_followed_through_modules(tmp_path: Path) -> None:
    files = {
        "app.py": "from ui import home  # streamlit\nhome()\n",
        "ui/__init__.py": "from .pages_ import home\n",
        "ui/pages_.py": "from common import *\ndef home():\n    st.title('x')\n",
        "common.py": "import streamlit as st\n",
    }
    apps = apps_of(tmp_path, files)
    assert list(apps) == ["app.py"]
    assert names(tmp_path, apps["app.py"].modules) == sorted(files)


def test_each_script_of_a_collection_is_an_app_and_may_share_helpers(tmp_path: Path) -> None:
    files = {"one.py": USES_HELPER, "two.py": USES_HELPER, "deep/three.py": DRAWS, "helper.py": HELPER}
    apps = apps_of(tmp_path, files)
    assert list(apps) == ["deep/three.py", "one.py", "two.py"]
    assert names(tmp_path, apps["two.py"].modules) == ["helper.py", "two.py"]


def test_a_page_belongs_to_every_script_beside_its_folder(tmp_path: Path) -> None:
    files = {
        "app1.py": DRAWS,
        "app2.py": DRAWS,
        "pages/a.py": USES_HELPER,
        "pages/__init__.py": "",
        "helper.py": HELPER,
    }
    apps = apps_of(tmp_path, files)
    assert list(apps) == ["app1.py", "app2.py"]
    for app in apps.values():
        assert names(tmp_path, app.pages) == ["pages/a.py"]
        assert "helper.py" in names(tmp_path, app.modules)


def test_pages_without_an_entry_are_apps_of_their_own(tmp_path: Path) -> None:
    apps = apps_of(tmp_path, {"pages/a.py": DRAWS, "pages/b.py": DRAWS, "helper.py": HELPER})
    assert list(apps) == ["pages/a.py", "pages/b.py"]
    assert all(app.pages == () for app in apps.values())


def test_a_page_that_imports_the_entry_does_not_make_it_a_helper(tmp_path: Path) -> None:
    apps = apps_of(tmp_path, {"home.py": DRAWS, "pages/a.py": "import home\n" + DRAWS})
    assert list(apps) == ["home.py"]


def test_navigation_switches_the_pages_folder_off(tmp_path: Path) -> None:
    files = {"app.py": NAVIGATES, "views/a.py": USES_HELPER, "pages/old.py": DRAWS, "helper.py": HELPER}
    apps = apps_of(tmp_path, files)
    assert list(apps) == ["app.py"]
    assert apps["app.py"].pages == ()
    assert names(tmp_path, apps["app.py"].page_scripts) == ["views/a.py"]
    assert names(tmp_path, apps["app.py"].modules) == ["app.py", "helper.py", "views/a.py"]


def test_navigation_may_stand_in_a_helper_and_paths_be_put_together(tmp_path: Path) -> None:
    helper = (
        "from pathlib import Path\nimport streamlit as st\ndef draw():\n    st.navigation([Path('views', 'a.py')])\n"
    )
    apps = apps_of(tmp_path, {"app.py": USES_HELPER, "helper.py": helper, "views/a.py": DRAWS})
    assert list(apps) == ["app.py"]
    assert names(tmp_path, apps["app.py"].page_scripts) == ["views/a.py"]


def test_an_imported_script_is_a_helper(tmp_path: Path) -> None:
    apps = apps_of(tmp_path, {"app.py": "import theme\n" + DRAWS, "theme.py": DRAWS})
    assert list(apps) == ["app.py"]


def test_an_imported_script_with_a_main_guard_can_be_run_too(tmp_path: Path) -> None:
    apps = apps_of(tmp_path, {"app.py": "import other\n" + DRAWS, "other.py": GUARDED})
    assert list(apps) == ["app.py", "other.py"]


def test_scripts_that_import_each_other_are_both_apps(tmp_path: Path) -> None:
    assert list(apps_of(tmp_path, {"a.py": "import b\n" + DRAWS, "b.py": "import a\n" + DRAWS})) == ["a.py", "b.py"]


@pytest.mark.parametrize("name", ["test_app.py", "app_test.py", "conftest.py", "tests/app.py", "lib/tests/x/app.py"])
def test_a_test_is_no_app(tmp_path: Path, name: str) -> None:
    assert apps_of(tmp_path, {name: DRAWS}) == {}


def test_a_test_that_imports_a_script_does_not_make_it_a_helper(tmp_path: Path) -> None:
    assert list(apps_of(tmp_path, {"app.py": DRAWS, "test_app.py": "import app\n" + DRAWS})) == ["app.py"]


def test_the_setting_overrides_everything(tmp_path: Path) -> None:
    files = {"app.py": DRAWS, "tests/demo.py": DRAWS, "run/main.py": HELPER}
    assert list(apps_of(tmp_path, files, entrypoints=("run/*.py", "tests/demo.py"))) == ["run/main.py", "tests/demo.py"]


def test_targets_choose_among_the_apps(tmp_path: Path) -> None:
    apps_of(tmp_path, {"one.py": USES_HELPER, "two.py": DRAWS, "helper.py": HELPER, ".venv/app.py": DRAWS})
    index = ProjectIndex(tmp_path, settings=Settings(tmp_path))
    chosen = find_apps(index, [str(tmp_path / "helper.py")])
    assert names(tmp_path, [app.entry for app in chosen]) == ["one.py"]
    excluded = find_apps(index, [str(tmp_path / ".venv/app.py")])
    assert names(tmp_path, [app.entry for app in excluded]) == [".venv/app.py"]


def test_imports_are_looked_for_beside_the_entry_first(tmp_path: Path) -> None:
    apps = apps_of(tmp_path, {"shop/app.py": DRAWS})
    assert apps["shop/app.py"].search == (str(tmp_path / "shop"), str(tmp_path), str(tmp_path / "src"))


def test_a_file_name_that_many_folders_have_is_that_of_apps(tmp_path: Path) -> None:
    explorer = NAVIGATES + "SCRIPT = 'app.py'\n"
    files = {"start.py": explorer, "views/a.py": DRAWS, "issues/1/app.py": DRAWS, "issues/2/app.py": DRAWS}
    apps = apps_of(tmp_path, files)
    assert list(apps) == ["issues/1/app.py", "issues/2/app.py", "start.py"]
    assert names(tmp_path, apps["start.py"].page_scripts) == ["views/a.py"]
