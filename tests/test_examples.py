"""The examples are linted as their comments say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from linting import Reported, check

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Reported]:
    """What is reported for all examples together, outside of the repository, which would be looked at too."""
    return check(shutil.copytree(EXAMPLES, tmp_path_factory.mktemp("whole") / "examples"))


def test_exactly_the_marked_lines_of_the_examples_are_reported(whole: list[Reported]) -> None:
    marked = [
        Reported(path.relative_to(EXAMPLES).as_posix(), number, line.rpartition("# bug: ")[2])
        for path in EXAMPLES.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# bug: " in line
    ]
    assert marked and whole == sorted(marked)


def test_each_app_of_the_examples_is_linted_the_same_alone(whole: list[Reported], tmp_path: Path) -> None:
    for app in ("shop", "navigation", "booking", "clean"):
        copy = shutil.copytree(EXAMPLES / app, tmp_path / app)
        alone = [Reported(f"{app}/{each.path}", each.line, each.code) for each in check(copy)]
        assert alone == [each for each in whole if each.path.startswith(f"{app}/")]
