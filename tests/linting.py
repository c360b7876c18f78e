"""What `streamlint check` reports for a folder, asked in this process through the command line's own JSON."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

from streamlint_cli.main import main


@dataclass(frozen=True, slots=True, order=True)
class Reported:
    """One report: `path` is relative to the folder, `line` 1-based. Reports are equal whatever they say."""

    path: str
    line: int
    code: str
    message: str = field(default="", compare=False)


def check(folder: Path, *flags: str) -> list[Reported]:
    """The reports for the folder in order. Raises `AssertionError` with its output where streamlint itself fails."""
    output, errors, code = io.StringIO(), io.StringIO(), None
    arguments = ["check", "--isolated", "--no-cache", "--output-format", "json", *flags, str(folder)]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
    assert code in (0, 1), f"exit status {code}: {errors.getvalue()}{output.getvalue()}"
    return [_reported(folder, entry) for entry in json.loads(output.getvalue())]


def _reported(folder: Path, entry: dict[str, object]) -> Reported:
    location = entry["location"]
    assert isinstance(location, dict)
    path = Path(str(entry["filename"])).resolve().relative_to(folder.resolve())
    return Reported(path.as_posix(), location["row"], str(entry["code"]), str(entry["message"]))
