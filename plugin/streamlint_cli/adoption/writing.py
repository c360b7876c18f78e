"""All files of a plan are written, or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from streamlint.adopting import Adoption


def write_all(files: Sequence[Adoption]) -> None:
    """Gives the files their new texts, each in one step. Where that fails, those written before get their old ones
    back. Raises `click.ClickException`."""
    for each in files:
        if _now(each.path) != each.before:
            raise click.ClickException(f"{each.path} has changed meanwhile; nothing was written. Run it again")
    done: list[Adoption] = []
    try:
        for each in files:
            _write(each.path, each.after)
            done.append(each)
    except BaseException as error:  # Ctrl-C, too
        for each in done:
            _restore(each)
        if not isinstance(error, OSError):
            raise
        path, reason = files[len(done)].path, error.strerror or str(error)
        raise click.ClickException(f"{path} cannot be written: {reason}; nothing was changed") from error


def _now(path: Path) -> str | None:
    try:
        return path.read_bytes().decode(errors="surrogateescape")
    except OSError:
        return None


def _write(path: Path, text: str) -> None:
    from streamlint.fixing import write_atomically

    write_atomically(path, text.encode())


def _restore(each: Adoption) -> None:
    if each.before is None:
        each.path.unlink()
    else:
        _write(each.path, each.before)
