"""`streamlint`: the commands, and what every command has in common (exit codes, Ctrl-C, closed pipes)."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NoReturn

import click
from streamlint import __version__

from streamlint_cli import commands, maps
from streamlint_cli.adoption.command import init
from streamlint_cli.check import check


class ExitCode(IntEnum):
    """Ruff's exit codes, and the shell's for Ctrl-C."""

    CLEAN = 0
    FINDINGS = 1
    FAILURE = 2
    INTERRUPTED = 130


class ReaderGone(Exception):
    """Nobody reads what is printed any more."""


class Commands(click.Group):
    """The group of commands, which says in its own way that a pipe was closed: click would exit with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error


EPILOG = "Begin with `streamlint check` in the folder of an app. `streamlint COMMAND --help` explains a command."


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="streamlint", message="%(prog)s %(version)s")
def cli() -> None:
    """streamlint finds the bugs that st.session_state and reruns cause in Streamlit apps, and shows for each the clicks
    that lead to it. It reads your code and never runs it."""


cli.add_command(check)
cli.add_command(init)
cli.add_command(maps.keys)
cli.add_command(maps.graph)
cli.add_command(commands.rule)
cli.add_command(commands.clean)
cli.add_command(commands.server)
cli.add_command(commands.mcp)
cli.add_command(commands.generate_shell_completion)
cli.add_command(commands.version)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 clean, 1 findings, 2 usage, settings, files or an internal failure."""
    _replace_closed_streams()
    gc.set_threshold(100_000, 20, 50)  # much is made and nearly all of it kept: looking for garbage often costs a fifth
    try:
        code = cli.main(arguments, prog_name="streamlint", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):  # click's word for Ctrl-C, and Ctrl-C while it says so
        click.echo("streamlint: interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.FAILURE)
    except (ReaderGone, BrokenPipeError):
        _abandon_stdout()
        sys.exit(ExitCode.CLEAN)
    except OSError as error:  # a full disk, a working directory that is gone
        _abandon_stdout()
        with contextlib.suppress(OSError):
            click.echo(f"streamlint: {error}", err=True)
        sys.exit(ExitCode.FAILURE)
    except Exception:
        traceback.print_exc()
        click.echo("streamlint: internal error. This is a bug in streamlint.", err=True)
        sys.exit(ExitCode.FAILURE)
    sys.exit(code if isinstance(code, int) else ExitCode.CLEAN)


def _replace_closed_streams() -> None:
    """Without standard streams (`>&-`, a service) what is printed goes nowhere, and there is nothing to read."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the process


def _abandon_stdout() -> None:
    """What is left cannot be written; without this the interpreter complains when it flushes at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
