"""What to write so that a project uses streamlint: shown by the client before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pygls.exceptions import JsonRpcException
from pygls.uris import from_fs_path
from streamlint.adopting import Adoption, adoptions
from streamlint.settings import SettingsError

REQUEST_FAILED = -32803


def proposals(folder: str) -> list[dict[str, Any]]:
    """The files of a project as they would be. Those of the disk count: clients send no TOML."""
    try:
        return [_as_data(each) for each in adoptions(Path(folder))]
    except SettingsError as error:
        raise JsonRpcException(message=str(error), code=REQUEST_FAILED) from error


def _as_data(found: Adoption) -> dict[str, Any]:
    return {
        "uri": from_fs_path(str(found.path)),
        "before": found.before,
        "after": found.after,
        "changes": list(found.changes),
    }
