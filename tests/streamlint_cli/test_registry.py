"""How rules are found, and what a rule file must keep to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlint.findings import Severity
from streamlint.rules import Availability, RegistryError, Rule, all_rules, check_of, discover_rules, page, rule

DECLARATION = """
from streamlint.findings import Severity
from streamlint.rules.base import Rule
RULE = Rule(code="{code}", name="{name}", since="0.1", severity=Severity.ERROR, summary="x")
def check(app):
    yield from ()
"""


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., list[str]]]:
    """Makes a package of rule files (name of the file to its text) and returns the codes found in it."""
    name = f"rules_{abs(hash(request.node.nodeid))}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(pages: bool = True, **files: str) -> list[str]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        for stem, text in files.items():
            (folder / f"{stem}.py").write_text(text)
            if pages:
                (folder / f"{stem}.md").write_text("# page")
        return [each.code for each in discover_rules(folder, name)]

    yield make
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def declaration(code: str, name: str) -> str:
    return DECLARATION.format(code=code, name=name)


def test_rules_are_found_and_sorted_by_code(package: Callable[..., list[str]]) -> None:
    found = package(a_rule=declaration("STL201", "a-rule"), b_rule=declaration("STL101", "b-rule"), _helper="x = 1")
    assert found == ["STL101", "STL201"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a": "x = 1"}, "declares no RULE"),
        ({"a": declaration("STL101", "a").replace("def check", "def other")}, "declares no check"),
        ({"a": declaration("STL101", "b")}, r"must be called b\.py"),
        ({"a": declaration("STL101", "a"), "b": declaration("STL101", "b")}, "STL101 is declared twice"),
        ({"a": declaration("STL101", "a"), "pages": False}, r"no page a\.md"),
    ],
)
def test_what_does_not_keep_the_contract_is_refused(
    package: Callable[..., list[str]], files: dict[str, str], message: str
) -> None:
    with pytest.raises(RegistryError, match=message):
        package(**files)


def test_every_rule_of_this_package_is_whole() -> None:
    for each in all_rules():
        assert rule(each.code) is rule(each.name) is each
        assert page(each).startswith(f"# {each.name} ({each.code})"), each
        assert callable(check_of(each))
        assert each.summary and "\n" not in each.summary and not each.summary.endswith(".")


def test_the_hundred_of_a_code_is_its_severity() -> None:
    by_hundred = {"1": Severity.ERROR, "5": Severity.HINT, "9": Severity.HINT}
    for each in all_rules():
        assert each.severity is by_hundred.get(each.code[3], Severity.WARNING), each


def test_unknown_rules_are_none() -> None:
    assert rule("STL998") is None and rule("") is None


@pytest.mark.parametrize(
    ("versions", "version", "holds"),
    [
        ((None, None), (1, 28), True),
        (("1.40", None), (1, 39), False),
        (("1.40", None), (1, 40), True),
        ((None, "1.50"), (1, 50), True),
        ((None, "1.50"), (1, 51), False),
        (("1.9", "1.10"), (1, 10), True),
    ],
)
def test_versions_are_bounds_that_count(
    versions: tuple[str | None, str | None], version: tuple[int, int], holds: bool
) -> None:
    declared = Rule("STL101", "x", "0.1", Severity.ERROR, "x", Availability.NONE, versions)
    assert declared.holds_for(version) is holds
