"""`streamlint keys` and `streamlint graph`: from paths to state maps, and from these to tables and pictures."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from streamlint.records import immutable
from streamlint.settings import SettingsError
from streamlint.source import DecodeError

from streamlint_cli.check import check, projects_of
from streamlint_cli.entries import shown_path

if TYPE_CHECKING:
    from streamlint.findings import Finding, Place
    from streamlint.lint import Problem
    from streamlint.pictures.graph import Graph
    from streamlint.pictures.places import Json, Places
    from streamlint.source import SourceText
    from streamlint.statemap import StateMap

SHARED = (
    *("select", "ignore", "extend_select", "per_file_ignores", "exclude", "extend_exclude", "target_version"),
    *("min_confidence", "ignore_noqa", "respect_gitignore", "force_exclude", "config", "isolated", "no_cache"),
    *("cache_dir", "jobs", "quiet"),
)
"""The options of `streamlint check` that say which files, rules and settings."""
SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
}
FORMATS = ("html", "svg", "mermaid", "dot", "json")


def _with_shared_options(command: click.Command) -> click.Command:
    command.params += [option for option in check.params if option.name in SHARED]
    return command


def _output_file(command: Callable[..., int]) -> Callable[..., int]:
    help = "Write there instead of to stdout."
    return click.option("-o", "--output-file", type=click.Path(dir_okay=False), help=help)(command)


@_with_shared_options
@click.command(short_help="List the keys of session state.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option(
    "--output-format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print.",
    show_default=True,
)
@_output_file
def keys(paths: tuple[str, ...], form: str, output_file: str | None, **flags: Any) -> int:
    """List the keys of session state: what they hold, who sets and who reads them, and what is wrong with them.

    All apps are listed that run a file of PATHS (default: the current directory). Exits with 2 if a file could not be
    read."""
    found = _found(paths, flags)
    if form == "json":
        _put(_json({"version": 1, "apps": [each.data() for each in found.apps]}), output_file)
    else:
        _put_tables(found.apps, output_file)
    return found.told(quiet=flags["quiet"])


@_with_shared_options
@click.command(short_help="Draw who sets and who reads which key.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="How to draw.  [default: by the suffix of the output file, else mermaid]",
)
@_output_file
def graph(paths: tuple[str, ...], form: str | None, output_file: str | None, **flags: Any) -> int:
    """Draw the pages, keys and callbacks of an app, and who sets, reads, draws and deletes which key.

    All apps are drawn that run a file of PATHS (default: the current directory), in one document. `html` is a page of
    its own that needs no other file, `svg` a picture, `mermaid` a flowchart for Markdown, `dot` is for Graphviz. Exits
    with 2 if a file could not be read."""
    form = form or _by_suffix(output_file)
    found = _found(paths, flags)
    _put(_drawn(form, found.apps), output_file)
    return found.told(quiet=flags["quiet"])


def _by_suffix(output_file: str | None) -> str:
    if output_file is None:
        return "mermaid"
    suffix = Path(output_file).suffix
    if suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"--format is needed: `{suffix or output_file}` does not say how to draw")
    return SUFFIXES[suffix.lower()]


# --- what there is -------------------------------------------------------------------------------------------------


@immutable
class Mapped:
    """One app. `root` is that of its project, `findings` are what is wrong in the files of it."""

    map: StateMap
    root: str
    findings: tuple[Finding, ...]
    sources: Callable[[str], SourceText]

    def graph(self) -> Graph:
        from streamlint.pictures.graph import graph_of

        return graph_of(self.map, self.findings, self.root)

    def data(self) -> Json:
        from streamlint.pictures.data import as_data

        return {"root": self.shown_root, **as_data(self.map, self.findings, self._places())}

    def graph_data(self) -> Json:
        from streamlint.pictures.graph import as_json

        return as_json(self.graph(), self.shown_root, self._places())

    @property
    def shown_root(self) -> str:
        return shown_path(self.root).replace(os.sep, "/")

    def _places(self) -> Places:
        from streamlint.pictures.names import relative
        from streamlint.pictures.places import Places

        def file(path: str) -> str:
            return relative(path, self.root)

        return Places(file, lambda place: {"file": file(place.path), **self._range(place)}, self._range)

    def _range(self, place: Place) -> dict[str, int]:
        """Lines and columns from 1, columns in code points; the beginning of a file that cannot be read."""
        line, column, end_line, end_column = 1, 0, 1, 0
        try:
            source = self.sources(place.path)
            line, column = source.position(place.span.start)
            end_line, end_column = source.position(place.span.end)
        except (OSError, DecodeError):
            pass
        return {"line": line, "column": column + 1, "endLine": end_line, "endColumn": end_column + 1}


@immutable
class Found:
    """The apps of some paths, and what was wrong with the files."""

    apps: tuple[Mapped, ...]
    problems: tuple[Problem, ...]
    files: int

    def told(self, *, quiet: bool) -> int:
        """Says on stderr what was wrong, and gives the exit status."""
        from streamlint_cli.text import visible

        for problem in self.problems:
            where = shown_path(problem.path)
            at = f"{where}:{problem.line}:{problem.column}" if problem.kind == "syntax" else where
            click.echo(f"error: {visible(at)}: {visible(problem.message)}", err=True)
        if not quiet and not self.problems and not self.apps:
            what = "Streamlit apps" if self.files else "Python files"
            click.echo(f"warning: No {what} found under the given path(s)", err=True)
        return 2 if self.problems else 0


def _found(paths: Sequence[str], flags: Mapping[str, Any]) -> Found:
    every = {option.name: None for option in check.params} | dict(flags)
    every["no_baseline"] = True  # a read that is known to fail is no less unprotected
    try:
        return _mapped(projects_of(paths or (".",), every), every)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _mapped(projects: Sequence[tuple[Any, list[str]]], flags: Mapping[str, Any]) -> Found:
    from streamlint.lint import Linter

    from streamlint_cli.terminal import ProgressBar

    apps: dict[str, Mapped] = {}
    problems: set[Problem] = set()
    files = 0
    with ProgressBar(wanted=not flags["quiet"]) as progress:
        for settings, paths in projects:
            linter = Linter(settings, cache=not flags["no_cache"], mapped=True)
            maps, report = linter.judged_maps(paths, progress=progress, ignore_noqa=flags["ignore_noqa"])
            root = str(linter.settings.root)
            apps |= {each.entry: Mapped(each, root, report.findings, report.sources) for each in maps}
            problems.update(report.problems)
            files += len(report.files)
    return Found(tuple(apps[entry] for entry in sorted(apps)), tuple(sorted(problems)), files)


# --- what is shown -------------------------------------------------------------------------------------------------


def _drawn(form: str, apps: Sequence[Mapped]) -> str:
    from streamlint.pictures import PICTURES

    if form == "json":
        return _json({"version": 1, "graphs": [each.graph_data() for each in apps]})
    graphs = [each.graph() for each in apps]
    if form == "html":
        from streamlint_cli.page import page

        return page([each.graph_data() for each in apps], PICTURES["svg"](graphs))
    return PICTURES[form](graphs)


def _json(data: object) -> str:
    return json.dumps(data, indent=2) + "\n"


def _put(text: str, output_file: str | None) -> None:
    """Documents are UTF-8 wherever they go, also where the terminal is not."""
    data = text.encode("utf-8")
    if output_file is None:
        sys.stdout.buffer.write(data)
        return
    from streamlint.fixing import write_atomically

    try:
        Path(output_file).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(Path(output_file), data)
    except OSError as error:
        raise click.ClickException(f"--output-file {output_file}: {error.strerror}") from error


def _put_tables(apps: Sequence[Mapped], output_file: str | None) -> None:
    from streamlint_cli import tables

    graphs = [each.graph() for each in apps]
    if output_file is None:
        tables.show(graphs, sys.stdout)
    else:
        _put(tables.plain(graphs), output_file)
