"""The flake8 plugin: streamlint's findings as `STL` codes.

flake8 decides what is selected and what `# noqa` silences; `per-file-ignores` hold both as flake8's and as
streamlint's own. The project's settings (`[tool.streamlint]`) say the rest: entrypoints, target version, library keys.
A report about a file takes its whole app into account, as on the command line.

Rules that are off by default, such as those of style (STL5), run only if a selector that names them more closely than
`STL` does is among flake8's `select` or `extend-select`. flake8's own way to switch codes off,
`extend_default_ignore`, would switch them on with any explicit `ignore =`.

`STL999` says that streamlint itself failed, or that its settings are wrong; the other plugins' reports are not touched.
"""

from __future__ import annotations

import ast
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

from streamlint import __version__

__all__ = ["Plugin"]

Row: TypeAlias = tuple[int, int, str, type[Any]]
"""What flake8 wants: 1-based line, 0-based column in code points, code and message, and a type it does not use."""

FAILURE = "STL999"
STDIN_NAMES = ("stdin", "-")


class OptionManager(Protocol):
    """The part of flake8's class of this name that a plugin needs; flake8 ships no types."""

    def add_option(self, *names: str, **details: Any) -> None:
        """Declare an option, with argparse's details and flake8's own."""


class Plugin:
    """One file under check, as flake8 hands it to its plugins."""

    name = "streamlint"
    version = __version__

    config: ClassVar[str | None] = None
    target_version: ClassVar[str | None] = None
    selectors: ClassVar[tuple[str, ...]] = ()
    """What flake8 selects that names some rules of ours and not all of them."""
    disable_noqa: ClassVar[bool] = False

    def __init__(self, tree: ast.AST, lines: Sequence[str], filename: str) -> None:
        self._lines = lines
        self._filename = filename

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the options, which flake8's configuration files may have too."""
        manager.add_option(
            "--streamlint-config",
            parse_from_config=True,
            normalize_paths=True,
            metavar="FILE",
            help="The TOML file with streamlint's settings, instead of the closest one.",
        )
        manager.add_option(
            "--streamlint-target-version",
            parse_from_config=True,
            metavar="MAJOR.MINOR",
            help="The Streamlit release that the app runs on.",
        )

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Take the options. flake8 calls this once in every process."""
        cls.config = options.streamlint_config
        cls.target_version = options.streamlint_target_version
        cls.disable_noqa = options.disable_noqa
        selectors = {str(selector) for selector in (*(options.select or ()), *(options.extend_select or ()))}
        cls.selectors = tuple(sorted(each for each in selectors if each.startswith("STL") and each != "STL"))

    def run(self) -> Iterator[Row]:
        """The findings of this file. Nothing is raised: a failure is a row too."""
        from streamlint.settings import SettingsError

        try:
            rows = self._rows()
        except SettingsError as error:
            rows = [_failure(1, str(error))]
        except Exception as error:  # whatever it is, it must not end the run of the other plugins
            rows = [_failure(1, f"internal error: {type(error).__name__}: {error}")]
        yield from rows

    def _rows(self) -> list[Row]:
        from flake8_streamlint.engine import linter_for, show

        nameless = self._filename in STDIN_NAMES and not os.path.exists(self._filename)
        path = os.path.abspath("<stdin>.py" if nameless else self._filename)
        linter = linter_for(Path(path), self.config, self.target_version, self.selectors)
        show(linter, path, "".join(self._lines))
        report = linter.lint([path], ignore_noqa=self.disable_noqa)
        source = linter.source(path)
        rows = [_failure(problem.line, problem.message) for problem in report.problems if problem.kind == "internal"]
        for finding in report.findings:
            line, column = source.position(finding.place.span.start)
            rows.append((line, column, _text(f"{finding.code} {finding.message}"), Plugin))
        return rows


def _failure(line: int, message: str) -> Row:
    return (line, 0, _text(f"{FAILURE} {message}"), Plugin)


def _text(message: str) -> str:
    """One line, as flake8 prints it."""
    return " ".join(message.split())
