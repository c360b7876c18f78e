"""What is written in more than one place agrees, and nothing of a developer's machine is in the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest
from streamlint import __version__
from streamlint.rules import Rule, all_rules, page

ROOT = Path(__file__).parent.parent
HEADINGS = ("## What it does", "## Why is this bad?", "## Example")
NEW_RULE = ROOT / "scripts" / "new_rule.py"
RULES = all_rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_the_table_of_rules_in_the_readme_is_current() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "update_readme.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/update_readme.py\n{done.stderr}"


@each_rule
def test_a_rule_has_a_page_with_the_usual_headings(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.name} ({rule.code})\n")
    assert [heading for heading in HEADINGS if heading not in text] == []


@each_rule
def test_the_changelog_mentions_a_rule(rule: Rule) -> None:
    assert rule.code in read("CHANGELOG.md")


def test_the_version_stands_in_one_place() -> None:
    """`pyproject.toml` says it; the package asks its metadata or repeats it, and the changelog has a section for it."""
    (stated,) = re.findall(r'^version = "(.+)"$', read("pyproject.toml"), re.MULTILINE)
    assert stated == __version__ == installed_version("streamlint")
    assert f"\n## {stated}" in read("CHANGELOG.md")


def test_links_between_the_documents_lead_somewhere() -> None:
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/editors/README.md",
        *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs" / "ci").glob("*.md"))),
        "examples/README.md",
    ):
        for target in re.findall(r"\]\(([^)#]+)\)", read(name)):
            assert target.startswith("https://") or (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_no_path_of_a_machine_is_committed() -> None:
    machine = re.compile(rb"/(?:root|home/\w+|Users/\w+|work/(?:main|shared))/")
    here = Path(__file__).resolve()
    found = [path for path in tracked_files() if path.resolve() != here and machine.search(path.read_bytes())]
    assert [path.relative_to(ROOT).as_posix() for path in found] == []


@pytest.mark.parametrize(
    ("code", "name", "why"),
    [
        ("STL1", "some-name", "a code is STL and three digits"),
        ("STL150", "Some_Name", "words of small letters"),
        ("STL101", "some-name", "taken by STL101"),
    ],
)
def test_a_rule_is_not_begun_under_a_wrong_or_taken_name(code: str, name: str, why: str) -> None:
    done = subprocess.run([sys.executable, NEW_RULE, code, name], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and why in done.stderr
