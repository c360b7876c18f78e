"""`streamlint init`: looks at a project, says what it would write, and writes it when it may."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from streamlint.records import immutable
from streamlint.settings import BASELINE, Settings, SettingsError, load_settings

from streamlint_cli.entries import shown_path

if TYPE_CHECKING:
    from streamlint.lint import Linter, Report
    from streamlint.project.apps import App

    from streamlint_cli.adoption.planning import Plan


@immutable
class Wishes:
    """The flags. `baseline` is None where nobody said."""

    yes: bool
    dry_run: bool
    check: bool
    baseline: bool | None


@click.command(short_help="Set up a project.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("."))
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--check", is_flag=True, help="Say what is missing; exit with 1 if anything is.")
@click.option("--baseline/--no-baseline", default=None, help="Write what is found now into a baseline, or do not.")
def init(folder: Path, yes: bool, dry_run: bool, check: bool, baseline: bool | None) -> int:
    """Set up the project in FOLDER (default: the current directory) for streamlint, beside Ruff, flake8, pre-commit and
    VS Code where it has them. Nothing is written before you agree."""
    wishes = Wishes(yes, dry_run, check, baseline)
    _refuse(wishes)
    try:
        return _init(folder.absolute(), wishes)
    except SettingsError as error:
        raise click.ClickException(f"{error}\nNothing was written.") from error


def _refuse(wishes: Wishes) -> None:
    if wishes.check and (wishes.yes or wishes.dry_run or wishes.baseline is not None):
        raise click.UsageError("--check writes nothing and goes with no other flag")
    if wishes.yes and wishes.dry_run:
        raise click.UsageError("--dry-run writes nothing, so there is nothing to agree to with --yes")


def _init(folder: Path, wishes: Wishes) -> int:
    from streamlint_cli.adoption import shown
    from streamlint_cli.adoption.planning import plan

    settings = load_settings(folder)
    apps = _apps(settings)
    folders = sorted({Path(file).parent for app in apps for file in app.modules})
    made = plan(settings.root, folders)
    if wishes.check:
        return _check(made)
    _say([*shown.found(made, settings, apps), ""])
    return _offer(made, settings, wishes)


def _apps(settings: Settings) -> tuple[App, ...]:
    from streamlint.project.apps import find_apps
    from streamlint.project.index import ProjectIndex

    return find_apps(ProjectIndex(settings.root, settings=settings))


def _check(plan: Plan) -> int:
    from streamlint_cli.adoption import shown

    if not plan.gaps:
        _say(["Nothing is missing."])
        return 0
    _say(shown.missing(plan.gaps))
    return 1


def _offer(plan: Plan, settings: Settings, wishes: Wishes) -> int:
    """Shows the plan, and writes what is agreed to."""
    _tell(plan, wishes)
    found = _findings(settings, wishes)
    if wishes.dry_run:
        _say([f"Would write a baseline with {_counted(found[1])}."] if found else [])
    elif (not plan.files or _written(plan, wishes)) and found:
        _baseline(found, settings, wishes)
    return 0


def _written(plan: Plan, wishes: Wishes) -> bool:
    """Writes the files, if the user agrees."""
    from streamlint_cli.adoption.writing import write_all

    if not _agreed("Write this?", wishes):
        _say(["Nothing was written."])
        return False
    write_all(plan.files)
    _say(f"Wrote {shown_path(str(each.path))}." for each in plan.files)
    return True


def _tell(plan: Plan, wishes: Wishes) -> None:
    from streamlint_cli.adoption import shown

    if plan.files:
        _say(["To write:", *shown.to_write(plan), ""])
    left = list(shown.by_hand(plan.gaps))
    if left:
        _say(["To do by hand:", *left, ""])
    if not plan.gaps:
        _say(["Everything is set up."])
    if wishes.dry_run:
        _say(shown.diff(plan))


def _agreed(question: str, wishes: Wishes) -> bool:
    """Whether the user says yes, or has said so. Raises `click.ClickException` where nobody can be asked."""
    if wishes.yes:
        return True
    if not sys.stdin.isatty():
        raise click.ClickException("there is no terminal to ask at, so nothing was written; --yes writes it")
    return click.confirm(question)


# --- the baseline ----------------------------------------------------------------------------------------------------


def _findings(settings: Settings, wishes: Wishes) -> tuple[Linter, Report] | None:
    """What a check finds; None where nothing is to be done with it. No cache is left: nobody has agreed to anything."""
    if settings.baseline is not None or wishes.baseline is False or (wishes.dry_run and not wishes.baseline):
        return None
    from streamlint.lint import Linter

    linter = Linter(settings, cache=False)
    report = linter.lint([settings.root])
    return (linter, report) if report.findings else None


def _baseline(found: tuple[Linter, Report], settings: Settings, wishes: Wishes) -> None:
    """Offers to keep quiet what is found now."""
    from streamlint_cli.baselines import write_baseline

    known = _counted(found[1])
    if not wishes.baseline and (wishes.yes or not sys.stdin.isatty()):
        _say([f"{known}: `streamlint check` shows them, `streamlint init --baseline` keeps them quiet."])
        return
    question = f"{known}. Keep them quiet with a baseline, so that only new ones are reported?"
    if wishes.baseline or click.confirm(question):
        file = settings.root / BASELINE
        write_baseline(*found, file)
        _say([f"Wrote {shown_path(str(file))} with {known}."])


def _counted(report: Report) -> str:
    count = len(report.findings)
    return f"{count} finding{'' if count == 1 else 's'}"


def _say(lines: Iterable[str]) -> None:
    from streamlint_cli.terminal import encodable

    for line in lines:
        click.echo(encodable(line, sys.stdout))
