"""How places are told to a reader, who may count lines from 0 or 1 and know files by path or URI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from streamlint.findings import Finding, Place
from streamlint.records import immutable
from streamlint.statemap import Access

Json: TypeAlias = dict[str, Any]


@immutable
class Places:
    """`file` names a file, `place` gives a place with its file, `range_` the lines and columns alone; None where the
    file is gone."""

    file: Callable[[str], str]
    place: Callable[[Place], Json]
    range_: Callable[[Place], Json | None]


def spelled(access: Access) -> Place:
    """Where the key is written, or else the whole expression."""
    return Place(access.place.path, access.token) if access.token is not None else access.place


def warning(finding: Finding, places: Places) -> Json:
    """A finding as data."""
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity.value,
        **places.place(finding.place),
    }
