"""What is written so that a project uses streamlint, and that nothing else changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlint.adopting import OWN, adoptions
from streamlint.settings import SettingsError, load_settings

RUFF = '\n[tool.ruff.lint]\nexternal = ["STL"]\n'


def adopt(folder: Path) -> dict[str, str]:
    """Writes what is proposed; gives the new texts, with the line ends of the file."""
    found = adoptions(folder)
    for each in found:
        assert each.changes
        each.path.write_bytes(each.after.encode())
    assert adoptions(folder) == [], "to do it again changes nothing"
    load_settings(folder)
    return {each.path.name: each.after for each in found}


def changed(tmp_path: Path, text: str, name: str = "pyproject.toml") -> str:
    (tmp_path / name).write_bytes(text.encode())
    return adopt(tmp_path)[name]


def test_a_project_without_a_file_gets_one(tmp_path: Path) -> None:
    [found] = adoptions(tmp_path)
    assert (found.before, found.path) == (None, tmp_path / "pyproject.toml")
    assert found.after == OWN + RUFF and len(found.changes) == 2
    assert not found.path.exists(), "nothing is written by itself"
    adopt(tmp_path)


def test_comments_and_formatting_stay(tmp_path: Path) -> None:
    text = "# mine\n[project]\nname = 'shop' # ours\n\n[tool.ruff.lint]\nselect = ['E'] # few\n\n# types\n[tool.mypy]\n"
    wanted = text.replace("[tool.ruff.lint]\n", '[tool.ruff.lint]\nexternal = ["STL"]\n') + "\n" + OWN
    assert changed(tmp_path, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[tool.ruff.lint]\nexternal = ["V"]  # vulture\n', '[tool.ruff.lint]\nexternal = ["V", "STL"]  # vulture\n'),
        ("[tool.ruff.lint]\nexternal = []\n", '[tool.ruff.lint]\nexternal = ["STL"]\n'),
        (
            '[tool.ruff.lint]\nexternal = [\n    "V",  # vulture\n    "W",\n]\n',
            '[tool.ruff.lint]\nexternal = [\n    "V",  # vulture\n    "W",\n    "STL",\n]\n',
        ),
        (
            '[tool.ruff]\nlint = { select = ["E"], external = ["V"] }\n',
            '[tool.ruff]\nlint = { select = ["E"], external = ["V", "STL"] }\n',
        ),
        ('[tool]\nruff = { lint = { external = ["V"] } }\n', '[tool]\nruff = { lint = { external = ["V", "STL"] } }\n'),
        (
            '[tool.ruff]\nlint.select = ["E"]\n\n[tool.x]\ny = 1\n',
            '[tool.ruff]\nlint.select = ["E"]\nlint.external = ["STL"]\n\n[tool.x]\ny = 1\n',
        ),
        (
            '[tool.ruff]\nexternal = ["V"]\nline-length = 100\n',
            '[tool.ruff]\nexternal = ["V", "STL"]\nline-length = 100\n',
        ),
        ('["tool" . ruff.lint]', '["tool" . ruff.lint]\nexternal = ["STL"]\n'),
    ],
    ids=["list", "empty list", "long list", "inline", "inline twice", "dotted", "old place", "odd header"],
)
def test_the_list_of_a_ruff_that_is_set_up_grows(tmp_path: Path, text: str, wanted: str) -> None:
    assert changed(tmp_path, text) == f"{wanted.rstrip()}\n\n{OWN}"


def test_a_ruff_without_rules_gets_a_table(tmp_path: Path) -> None:
    text = "[tool.ruff]\nline-length = 100\n\n# types\n[tool.mypy]\nstrict = true\n"
    assert changed(tmp_path, text) == f"{text}\n{OWN}{RUFF}"


@pytest.mark.parametrize("inline", ["[tool]\nruff = { line-length = 100 }\n", "[tool.ruff]\nlint = { select = [] }\n"])
def test_inline_tables_stay_inline(tmp_path: Path, inline: str) -> None:
    found = changed(tmp_path, inline)
    assert 'external = ["STL"]' in found and "[tool.ruff.lint]" not in found


@pytest.mark.parametrize("name", ["ruff.toml", ".ruff.toml"])
def test_ruff_has_a_file_of_its_own(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('line-length = 100\n\n[lint]\nselect = ["E"]\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    found = adopt(tmp_path)
    assert found[name] == 'line-length = 100\n\n[lint]\nexternal = ["STL"]\nselect = ["E"]\n'
    assert found["pyproject.toml"] == f'[project]\nname = "shop"\n\n{OWN}'


def test_what_a_ruff_extends_is_kept(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[lint]\nexternal = ["V"]\n')
    assert changed(tmp_path, 'extend = "base.toml"\n', "ruff.toml").endswith('[lint]\nexternal = ["V", "STL"]\n')


def test_what_a_ruff_extends_may_be_enough(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[lint]\nexternal = ["ST"]\n')
    (tmp_path / "ruff.toml").write_text('extend = "base.toml"\n')
    assert set(adopt(tmp_path)) == {"pyproject.toml"}


def test_settings_above_count(tmp_path: Path) -> None:
    (tmp_path / "streamlint.toml").write_text("")
    (tmp_path / "ruff.toml").write_text('[lint]\nexternal = ["STL"]\n')
    (tmp_path / "app").mkdir()
    assert adoptions(tmp_path / "app") == []


def test_line_ends_stay(tmp_path: Path) -> None:
    text = '[project]\r\nname = "shop"\r\n\r\n[tool.ruff.lint]\r\nexternal = [\r\n  "V",\r\n]\r\n'
    found = changed(tmp_path, text)
    assert found.count("\n") == found.count("\r\n")
    assert found.replace("\r\n", "\n") == f'{text[:-3]}  "STL",\n]\n\n{OWN}'.replace("\r\n", "\n")


def test_the_mark_of_the_encoding_stays(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 100\n", encoding="utf-8-sig")
    assert changed(tmp_path, "\ufeff[project]\nname = 'shop'\n") == f"\ufeff[project]\nname = 'shop'\n\n{OWN}"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("pyproject.toml", b"[tool\n", "not valid TOML"),
        ("ruff.toml", b"a = \n", "not valid TOML"),
        ("pyproject.toml", b"a = '\xff'\n", "UTF-8"),
        ("pyproject.toml", b"tool = { x = 1 }\n", "by hand"),
    ],
)
def test_a_file_that_cannot_be_edited_is_named(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError, match=why) as found:
        adoptions(tmp_path)
    assert str(tmp_path / name) in str(found.value)
    assert (tmp_path / name).read_bytes() == content


def test_ruff_keeps_our_comments_afterwards(tmp_path: Path) -> None:
    app = "print(1)  # noqa: STL101\n"
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")

    def after_ruff() -> str:
        (tmp_path / "app.py").write_text(app)
        rules = "RUF100,RUF102"  # which of them removes unknown codes depends on Ruff's version
        command = [sys.executable, "-m", "ruff", "check", "--fix", "--select", rules, "--no-cache", "app.py"]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
        return (tmp_path / "app.py").read_text()

    assert after_ruff() == "print(1)\n"
    adopt(tmp_path)
    assert after_ruff() == app


def test_mixed_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    text = "[project]\r\nname = 'shop'\n\n[tool.ruff.lint]\r\nselect = []\n"
    after = changed(tmp_path, text)
    assert after.startswith("[project]\r\nname = 'shop'\n\n[tool.ruff.lint]\r\nexternal = [\"STL\"]\nselect = []\n")


def test_a_last_line_without_an_end_gets_that_of_the_others(tmp_path: Path) -> None:
    after = changed(tmp_path, "[tool.ruff.lint]\r\nexternal = ['STL']")
    assert after.startswith("[tool.ruff.lint]\r\nexternal = ['STL']\r\n\r\n[tool.streamlint]\r\n")
    assert after.count("\n") == after.count("\r\n")
