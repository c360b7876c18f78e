"""`streamlint.lint`, the entry that all front ends share."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.lint import Linter, Report, lint_paths
from streamlint.settings import SettingsError, load_settings

READ = "import streamlit as st\n\nst.write(st.session_state.cart)\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def lint(folder: Path, *paths: str, **options: object) -> Report:
    settings = load_settings(folder, isolated=True, overrides=options.pop("settings", {}))  # type: ignore[arg-type]
    return lint_paths([folder / path for path in paths or (".",)], settings, cache=False, **options)  # type: ignore[arg-type]


def seen(report: Report) -> list[tuple[str, str]]:
    return [(Path(finding.place.path).name, finding.code) for finding in report.findings]


def test_places_are_offsets_into_the_source_the_report_gives(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": READ})
    report = lint(tmp_path)
    (finding,) = report.findings
    text = report.sources(finding.place.path).text
    assert text[finding.place.span.start : finding.place.span.end] == "st.session_state.cart"
    assert report.noqa_row(finding) == 3


def test_a_helper_of_two_apps_is_reported_once(tmp_path: Path) -> None:
    helper = "import streamlit as st\n\ndef show():\n    st.write(st.session_state.cart)\n"
    entry = "import streamlit as st\nimport helper\n\nst.title('x')\nhelper.show()\n"
    write(tmp_path, {"helper.py": helper, "one.py": entry, "two.py": entry})
    report = lint(tmp_path)
    assert seen(report) == [("helper.py", "STL103")]
    assert report.statistics.apps == 2


def test_a_page_of_two_apps_is_reported_once_for_one_key(tmp_path: Path) -> None:
    page = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
    sets = "import streamlit as st\n\nst.session_state.cart = []\n"
    write(tmp_path, {"pages/page.py": page, "one.py": sets, "two.py": "import streamlit as st\n\nst.title('x')\n"})
    both = lint(tmp_path)
    assert len(both.findings) == 1 and both.statistics.apps == 2
    (code,) = (finding.code for finding in both.findings)
    (other,) = {"STL102", "STL103"} - {code}
    assert seen(lint(tmp_path, settings={"per-file-ignores": {"pages/*": [code]}})) == [("page.py", other)]


def test_only_the_files_asked_for_are_reported_but_all_are_known(tmp_path: Path) -> None:
    helper = "import streamlit as st\n\ndef show():\n    st.write(st.session_state.cart)\n"
    entry = "import streamlit as st\nimport helper\n\nst.write(st.session_state.user)\nhelper.show()\n"
    write(tmp_path, {"helper.py": helper, "app.py": entry})
    assert seen(lint(tmp_path, "helper.py")) == [("helper.py", "STL103")]
    assert seen(lint(tmp_path, "app.py")) == [("app.py", "STL103")]


def test_the_answer_is_the_same_in_any_order(tmp_path: Path) -> None:
    write(tmp_path, {f"app{number}.py": READ * 2 for number in range(4)})
    names = [f"app{number}.py" for number in range(4)]
    first, second = lint(tmp_path, *names), lint(tmp_path, *reversed(names))
    assert first.findings == second.findings and first.files == second.files
    assert [finding.sort_key for finding in first.findings] == sorted(finding.sort_key for finding in first.findings)


def test_the_cache_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": READ})
    settings = load_settings(tmp_path, isolated=True)
    reports = [lint_paths([tmp_path], settings) for _ in range(2)]
    assert (tmp_path / ".streamlint_cache").is_dir()
    assert reports[0].findings == reports[1].findings == lint(tmp_path).findings


def test_overlays_win_over_the_disk_and_need_no_file(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import streamlit as st\n"})
    path = str(tmp_path / "app.py")
    assert seen(lint(tmp_path, "app.py", overlays={path: READ})) == [("app.py", "STL103")]
    new = str(tmp_path / "new.py")
    assert seen(lint(tmp_path, "new.py", overlays={new: READ})) == [("new.py", "STL103")]


def test_suppressed_findings_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": READ.replace("cart)", "cart)  # noqa: STL103")})
    report = lint(tmp_path)
    assert (seen(report), [finding.code for finding in report.suppressed]) == ([], ["STL103"])
    assert seen(lint(tmp_path, ignore_noqa=True)) == [("app.py", "STL103")]


def test_what_cannot_be_looked_at_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, {"bad.py": "import streamlit as st\nst.write(\n", "app.py": READ})
    (tmp_path / "latin.py").write_bytes(b"import streamlit as st\nx = '\xff'\n")
    report = lint(tmp_path, "bad.py", "app.py", "latin.py", "gone.py")
    found = [(Path(problem.path).name, problem.line, problem.column, problem.kind) for problem in report.problems]
    assert found == [("bad.py", 2, 9, "syntax"), ("gone.py", 1, 1, "io"), ("latin.py", 2, 6, "syntax")]
    assert seen(report) == [("app.py", "STL103")]


def test_files_that_are_not_streamlit_s_are_others_business(tmp_path: Path) -> None:
    write(tmp_path, {"plain.py": "def f(:\n"})
    report = lint(tmp_path)
    assert (report.findings, report.problems) == ((), ())


def test_selectors_that_mean_nothing_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STL998"):
        lint(tmp_path, settings={"select": ["STL998"]})


def test_progress_counts_the_apps(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": READ, "two.py": READ})
    steps: list[tuple[int, int, str]] = []
    lint(tmp_path, progress=lambda *step: steps.append(step))
    assert steps == [(0, 2, "one.py"), (1, 2, "two.py")]


def test_a_linter_sees_changes_and_only_those(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": READ, "other.py": READ})
    linter = Linter(load_settings(tmp_path, isolated=True), cache=False)
    assert len(linter.lint([tmp_path]).findings) == 2
    path = str(tmp_path / "app.py")
    linter.replace(path, "import streamlit as st\nst.session_state.setdefault('cart', 1)\n")
    assert seen(linter.lint([tmp_path])) == [("other.py", "STL103")]
    linter.replace(path, None)
    assert len(linter.lint([tmp_path]).findings) == 2


def test_an_excluded_folder_that_is_named_has_its_own_context(tmp_path: Path) -> None:
    page = "import streamlit as st\n\nst.session_state.cart\n"
    write(tmp_path, {"old/app.py": "import streamlit as st\nst.session_state.cart = 1\n", "old/pages/p.py": page})
    settings = {"exclude": ["old"]}
    assert seen(lint(tmp_path, settings=settings)) == []
    assert seen(lint(tmp_path, "old", settings=settings)) == [("p.py", "STL102")]
    assert seen(lint(tmp_path, "old/pages/p.py", settings=settings)) == [("p.py", "STL102")]


def test_a_helper_that_returns_the_value_of_a_key_is_a_test_of_it(tmp_path: Path) -> None:
    helper = (
        "def load_profile():\n"
        "    if 'token' not in st.session_state:\n"
        "        return None\n"
        "    st.session_state.profile = {'name': 'Ann'}\n"
        "    return st.session_state.profile\n"
    )
    click = "if st.button('Log in'):\n    st.session_state.token = 'secret'\n"
    use = "if load_profile() is not None:\n    st.write(st.session_state.profile['name'])\n"
    write(tmp_path, {"app.py": f"import streamlit as st\n{helper}{click}{use}"})
    assert seen(lint(tmp_path)) == []
    write(tmp_path, {"app.py": f"import streamlit as st\n{helper}{click}st.write(st.session_state.profile['name'])\n"})
    assert seen(lint(tmp_path)) == [("app.py", "STL101")]
