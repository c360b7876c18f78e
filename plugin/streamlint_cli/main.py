"""`streamlint`: the commands, and what every command has in common (exit codes, Ctrl-C, closed pipes)."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import NoReturn

import click
from streamlint import __version__

from streamlint_cli import commands
from streamlint_cli.check import check


class ExitCode(IntEnum):
    """Ruff's exit codes, and the shell's for Ctrl-C."""

    CLEAN = 0
    FINDINGS = 1
    FAILURE = 2
    INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="streamlint", message="%(prog)s %(version)s")
def cli() -> None:
    """streamlint finds the bugs that st.session_state and reruns cause in Streamlit apps."""


cli.add_command(check)
cli.add_command(commands.rule)
cli.add_command(commands.clean)
cli.add_command(commands.version)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 clean, 1 findings, 2 usage, settings, files or an internal failure."""
    try:
        code = cli.main(arguments, prog_name="streamlint", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:  # click's word for Ctrl-C
        click.echo("streamlint: interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.FAILURE)
    except BrokenPipeError:
        _abandon_stdout()
        sys.exit(ExitCode.CLEAN)
    sys.exit(code if isinstance(code, int) else ExitCode.CLEAN)


def _abandon_stdout() -> None:
    """The reader is gone; without this the interpreter complains when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
