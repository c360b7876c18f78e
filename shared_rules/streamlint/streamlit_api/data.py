"""Loads the catalogue and resolves its timelines for a version.

`catalogue.json` is written by `scripts/generate_catalogue.py`, which explains its notation.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from streamlint.streamlit_api.elements import Element, Parameter, State, Version

NEWEST: Version = (1, 67)
OLDEST: Version = (1, 28)

_FOLDER = Path(__file__).parent
_STATE_FIELDS = ("entry", "settable", "unique_key", "unique_id", "first", "none", "types", "returns")


def parse_version(text: str) -> Version:
    """Major and minor of a version such as `1.40.2`. Raises `ValueError` for anything that is not a version."""
    from packaging.version import Version as PackageVersion

    release = (*PackageVersion(text).release, 0)
    return release[0], release[1]


class Catalogue:
    """All elements of all versions. Versions outside `OLDEST`..`NEWEST` are answered like the nearest known one."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self._records = {record["name"]: record for record in records}
        self._containers = frozenset(name for name, record in self._records.items() if "container" in record["kinds"])
        self._resolved: dict[tuple[str, int], Element | None] = {}

    def element(self, name: str, version: Version = NEWEST) -> Element | None:
        """What `st.<name>` (dotted for submodules) or a container's method `name` is, None if that version has none."""
        key = (name, min(max(version, OLDEST), NEWEST)[1])
        if key not in self._resolved:
            record = self._records.get(name)
            self._resolved[key] = _resolve(record, key[1]) if record else None
        return self._resolved[key]

    def elements(self, version: Version = NEWEST) -> tuple[Element, ...]:
        """Every element of a version, sorted by name."""
        found = (self.element(name, version) for name in sorted(self._records))
        return tuple(element for element in found if element is not None)

    def names(self) -> frozenset[str]:
        """The names of all elements of any version."""
        return frozenset(self._records)

    def is_container(self, name: str) -> bool:
        """`name` draws or is a container in some version."""
        return name in self._containers


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once per process."""
    return Catalogue(json.loads((_FOLDER / "catalogue.json").read_text("utf-8"))["elements"])


def element(name: str, version: Version = NEWEST) -> Element | None:
    """`catalogue().element(name, version)`."""
    return catalogue().element(name, version)


def is_container(name: str) -> bool:
    """`catalogue().is_container(name)`."""
    return catalogue().is_container(name)


def _resolve(record: dict[str, Any], minor: int) -> Element | None:
    on = _at(record["on"], minor)
    if on is None:
        return None
    parameters = _parameters(record.get("params", {}), minor)
    plain = _state(record, {}, minor)
    activation = record.get("activation")
    activated = any(parameter.name == activation for parameter in parameters)
    since, until = _life(record["on"])
    identity = _at(record.get("identity", "all"), minor)
    quiet = _at(record.get("quiet"), minor)
    many = record.get("many")
    return Element(
        name=record["name"],
        kinds=frozenset(record["kinds"]),
        since=since,
        until=until,
        parameters=parameters,
        callable="params" in record,
        on_module="st" in on,
        on_container="dg" in on,
        plain=plain,
        active=_state(record, record["active"], minor) if activated else None,
        activation=activation if activated else None,
        value=record.get("value"),
        quiet=None if quiet is None else tuple(quiet),
        many=(many[0], many[1]) if many else None,
        identity=None if identity in ("all", None) else frozenset(identity),
        form=record.get("form", "allowed"),
        keys=record.get("keys", "widget"),
        ends_callback=bool(_at(record.get("ends_callback", False), minor)),
    )


def _at(timeline: Any, minor: int) -> Any:
    """A timeline's value in a minor; anything but a mapping never changes."""
    if not isinstance(timeline, dict):
        return timeline
    since = max((int(first) for first in timeline if int(first) <= minor), default=None)
    return None if since is None else timeline[str(since)]


def _life(on: Any) -> tuple[Version, Version | None]:
    if not isinstance(on, dict):
        return OLDEST, None
    since = min(int(first) for first, place in on.items() if place)
    last = max(on, key=int)
    return (1, since), None if on[last] else (1, int(last) - 1)


def _state(record: dict[str, Any], override: dict[str, Any], minor: int) -> State:
    """The facts of a record with those of its active variant put over them; a widget unless they say otherwise."""
    defaults = {"entry": True, "settable": True, "unique_key": True, "unique_id": True} if override else {}
    facts = {name: _at({**record, **defaults, **override}.get(name), minor) for name in _STATE_FIELDS}
    entry = facts["entry"] is not False
    return State(
        entry=entry,
        settable=facts["settable"] is not False,
        unique_key=entry if facts["unique_key"] is None else facts["unique_key"],
        unique_id=entry if facts["unique_id"] is None else facts["unique_id"],
        first=facts["first"],
        none=facts["none"] or facts["first"],
        types=frozenset(facts["types"] or ()),
        returns=facts["returns"],
    )


_KINDS: dict[str, Literal["keyword", "*", "**"]] = {"kw": "keyword", "*": "*", "**": "**"}


def _parameters(timelines: dict[str, Any], minor: int) -> tuple[Parameter, ...]:
    """The parameters of a minor: by position first, the others in the newest release's order."""
    texts = {name: _at(timeline, minor) for name, timeline in timelines.items()}
    found = [_parameter(name, text) for name, text in texts.items() if text is not None]
    return tuple(sorted(found, key=_order))


def _order(parameter: Parameter) -> tuple[int, int]:
    rank = ("positional", "*", "keyword", "**").index(parameter.kind)
    return rank, parameter.position or 0


def _parameter(name: str, text: str) -> Parameter:
    place, given, default = text.partition("=")
    if place.isdecimal():
        return Parameter(name, "positional", int(place), default if given else None)
    return Parameter(name, _KINDS[place], None, default if given else None)
