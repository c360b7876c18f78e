"""From the flags of `streamlint check` to the names and values of settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click
from streamlint.settings import OUTPUT_FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])

_LISTS = ("select", "ignore", "extend_select", "exclude", "extend_exclude")
_VALUES = ("output_format", "target_version", "min_confidence", "respect_gitignore", "force_exclude", "jobs")


def _split(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[str]:
    """`A,B` is two values, and the option may be repeated."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _listed(flag: str, help: str, metavar: str = "<RULE,...>") -> Callable[[Command], Command]:
    return click.option(flag, multiple=True, callback=_split, metavar=metavar, help=help)


_OPTIONS = (
    _listed("--select", "Rules to run: codes, prefixes of codes, names, or ALL."),
    _listed("--ignore", "Rules to leave out."),
    _listed("--extend-select", "Rules to run besides those selected."),
    _listed("--per-file-ignores", "Rules to leave out in some files.", "<PATTERN:RULE,...>"),
    _listed("--exclude", "Files and folders to leave out.", "<PATTERN,...>"),
    _listed("--extend-exclude", "Files and folders to leave out besides those excluded.", "<PATTERN,...>"),
    click.option("--fix/--no-fix", default=False, help="Make the safe fixes."),
    click.option("--unsafe-fixes/--no-unsafe-fixes", default=False, help="Take also fixes that may change behaviour."),
    click.option("--show-fixes/--no-show-fixes", default=False, help="List what was fixed."),
    click.option("--diff", is_flag=True, help="Show what the fixes would change instead of making them."),
    click.option("--fix-only/--no-fix-only", default=False, help="Fix, and say nothing of what is left."),
    click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 also if all was fixed."),
    click.option("-w", "--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C."),
    click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), help="How to print.  [default: full]"),
    click.option("-o", "--output-file", type=click.Path(dir_okay=False), help="Write there instead of to stdout."),
    click.option("--target-version", metavar="MAJOR.MINOR", help="The Streamlit release the app runs on."),
    click.option("--min-confidence", type=click.Choice(["possible", "certain"]), help="Report nothing less sure."),
    click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them."),
    click.option("--baseline", type=click.Path(dir_okay=False), help="Say nothing of the findings in this file."),
    click.option("--no-baseline", is_flag=True, help="Say also what is in the baseline."),
    click.option("--write-baseline", is_flag=True, help="Write what is found now into the baseline."),
    click.option("--diff-only", metavar="REVISION", help="Report only lines that changed since a revision of git."),
    click.option("--add-noqa", is_flag=True, help="Add a noqa comment to every line with a finding."),
    click.option("--show-files", is_flag=True, help="List the files that would be checked."),
    click.option("--show-settings", is_flag=True, help="Show the settings that hold here."),
    click.option("--ignore-noqa", is_flag=True, help="Report also what comments suppress."),
    click.option("--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out what git ignores."),
    click.option("--force-exclude/--no-force-exclude", default=None, help="Exclude also files that are named here."),
    click.option("--stdin-filename", metavar="PATH", help="The name of the file that `-` reads from stdin."),
    click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if there are findings."),
    click.option("--config", multiple=True, metavar="FILE|KEY=VALUE", help="A TOML file, or one setting in TOML."),
    click.option("--isolated", is_flag=True, help="Ignore all configuration files."),
    click.option("-n", "--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option("--cache-dir", type=click.Path(file_okay=False), help="Where the cache is."),
    click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes to use.  [default: by the work]"),
    click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else."),
    click.option("-v", "--verbose", is_flag=True, help="Say what is done, on stderr."),
)


def check_options(command: Command) -> Command:
    """All options of `streamlint check`, in the order of its help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def overrides(flags: Mapping[str, Any]) -> dict[str, object]:
    """The settings that the command line gives, by their names in `[tool.streamlint]`. Raises `click.UsageError`."""
    found: dict[str, object] = {name: flags[name] for name in _LISTS if flags[name]}
    if flags["per_file_ignores"]:
        found["per_file_ignores"] = per_file_ignores(flags["per_file_ignores"])
    found |= {name: flags[name] for name in _VALUES if flags[name] is not None}
    if flags["cache_dir"] is not None:
        found["cache_dir"] = os.path.abspath(flags["cache_dir"])
    if flags["no_baseline"] or flags["write_baseline"]:
        found["baseline"] = ""
    elif flags["baseline"] is not None:
        found["baseline"] = os.path.abspath(flags["baseline"])
    return found


def per_file_ignores(pairs: Iterable[str]) -> dict[str, list[str]]:
    """`pattern:CODE` pairs as a table. Raises `click.UsageError`."""
    table: dict[str, list[str]] = {}
    for pair in pairs:
        pattern, _, code = pair.rpartition(":")
        if not pattern or not code:
            raise click.UsageError(f"--per-file-ignores wants PATTERN:RULE, not `{pair}`")
        table.setdefault(pattern.strip(), []).append(code.strip())
    return table
