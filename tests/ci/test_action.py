"""The GitHub Action: valid, and its steps do what its page says."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from actions import ACTION, Run
from ci_pages import ROOT
from schemas import problems

APP = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
INSTALL = "Install streamlint"


def act(tmp_path: Path, **inputs: str) -> Run:
    """Runs all steps but the installation; inputs have `_` for `-`."""
    shop = tmp_path / "shop"
    (shop / "pages").mkdir(parents=True)
    (shop / "app.py").write_text(APP)
    (shop / "pages" / "two words.py").write_text("import streamlit as st\n")
    program = tmp_path / "streamlint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m streamlint_cli "$@"\n')
    program.chmod(stat.S_IRWXU)
    named = {name.replace("_", "-"): value for name, value in inputs.items()}
    given = {"python": {"python-path": sys.executable}}
    return Run(shop, tmp_path, named, given, frozenset({INSTALL}), env={"STREAMLINT": str(program)}).all()


def test_it_is_valid() -> None:
    assert problems("github-action", ACTION) == []
    assert problems("github-action", {**ACTION, "runs": {"using": "composite"}})


def test_no_input_is_pasted_into_a_script() -> None:
    """What a script says may not depend on what somebody names a branch."""
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_findings_are_annotations_and_fail_the_job(tmp_path: Path) -> None:
    run = act(tmp_path)
    assert run.failed and run.output("exit-code") == "1" and run.output("sarif") == ""
    assert "::error title=streamlint (STL103),file=" in run.log and "line=3,col=10" in run.log
    assert not any("upload-sarif" in used for used, _ in run.used)


def test_findings_need_not_fail_the_job(tmp_path: Path) -> None:
    run = act(tmp_path, fail="false", annotations="false")
    assert not run.failed and run.output("exit-code") == "1"
    assert "::error" not in run.log and "app.py:3:10" in run.log


def test_a_clean_app_passes(tmp_path: Path) -> None:
    run = act(tmp_path, paths="pages")
    assert not run.failed and run.output("exit-code") == "0" and run.log == ""


def test_wrong_usage_fails_whatever_is_wanted(tmp_path: Path) -> None:
    run = act(tmp_path, fail="false", args="--select NONSENSE")
    assert run.failed and run.output("exit-code") == "2"


def test_arguments_are_words_and_no_shell(tmp_path: Path) -> None:
    run = act(tmp_path, args="--exclude *.py,$(touch${IFS}stolen);touch --no-cache", fail="false")
    assert run.output("exit-code") == "0" and not list(tmp_path.rglob("stolen"))


def test_sarif_is_written_and_uploaded(tmp_path: Path) -> None:
    run = act(tmp_path, sarif="out/all.sarif", upload_sarif="true", fail="false")
    report = tmp_path / "shop" / "out" / "all.sarif"
    assert run.output("sarif") == str(report) and not run.failed
    assert json.loads(report.read_text())["runs"][0]["results"][0]["ruleId"] == "STL103"
    assert run.used[-1][1]["sarif_file"] == str(report)


def test_it_may_run_in_a_folder(tmp_path: Path) -> None:
    run = act(tmp_path, working_directory="pages", sarif="all.sarif")
    assert not run.failed and run.output("sarif") == str(tmp_path / "shop" / "pages" / "all.sarif")


@pytest.mark.adoption
def test_it_installs_itself(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text(APP)
    given = {"python": {"python-path": sys.executable}}
    run = Run(tmp_path / "shop", tmp_path, {"fail": "false"}, given).all()
    assert run.output("exit-code") == "1" and "STL103" in run.log, run.log
    assert run.env["STREAMLINT"].startswith(str(tmp_path))


def test_all_its_files_are_in_the_repository() -> None:
    assert (ROOT / "pyproject.toml").is_file(), "the folder of the action is what it installs"
