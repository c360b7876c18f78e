"""The keys that a configuration may have, and what their values must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from streamlint.settings.model import ACCESS_STYLES, CONFIDENCES, OUTPUT_FORMATS, SettingsError, did_you_mean
from streamlint.settings.version import parse_version

Check = Callable[[object], str | None]
"""Says what is wrong with a value, as the end of a sentence, or None."""


def _strings(value: object) -> str | None:
    valid = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
    return None if valid else f"must be a list of strings, not {_shown(value)}"


def _string(value: object) -> str | None:
    return None if isinstance(value, str) else f"must be a string, not {_shown(value)}"


def _boolean(value: object) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {_shown(value)}"


def _count(value: object) -> str | None:
    valid = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return None if valid else f"must be a number of processes, 1 or more, not {_shown(value)}"


def _table_of_strings(value: object) -> str | None:
    valid = isinstance(value, Mapping) and all(_strings(item) is None for item in value.values())
    return None if valid else f"must be a table of lists of strings, not {_shown(value)}"


def _choice(*choices: str) -> Check:
    def check(value: object) -> str | None:
        if value in choices:
            return None
        near = did_you_mean(value, choices) if isinstance(value, str) else ""
        return f"must be one of {', '.join(choices)}, not {_shown(value)}{near}"

    return check


def _streamlit_version(value: object) -> str | None:
    if isinstance(value, str) and parse_version(value):
        return None
    # 1.40 without quotes is the number 1.4, and "py310" is what Ruff calls by this name.
    return f'must be a version of Streamlit in quotes, such as "1.40", not {_shown(value)}'


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a table" if isinstance(value, Mapping) else repr(value)


LINT: Mapping[str, Check] = {
    "select": _strings,
    "ignore": _strings,
    "extend-select": _strings,
    "extend-ignore": _strings,
    "per-file-ignores": _table_of_strings,
    "extend-per-file-ignores": _table_of_strings,
}

TOP: Mapping[str, Check] = {
    **LINT,
    "extend": _string,
    "exclude": _strings,
    "extend-exclude": _strings,
    "force-exclude": _boolean,
    "respect-gitignore": _boolean,
    "target-version": _streamlit_version,
    "entrypoints": _strings,
    "library-keys": _table_of_strings,
    "min-confidence": _choice(*CONFIDENCES),
    "output-format": _choice(*OUTPUT_FORMATS),
    "access-style": _choice(*ACCESS_STYLES),
    "cache-dir": _string,
    "baseline": _string,
    "src": _strings,
    "jobs": _count,
}


def validate(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The table with `lint` folded into it. Raises `SettingsError`, which names `origin`, for a key or value that
    does not belong."""
    values = dict(table)
    lint = values.pop("lint", {})
    if not isinstance(lint, Mapping):
        raise SettingsError(f"{origin}: `lint` must be a table, not {_shown(lint)}")
    _check(values, TOP, origin, "")
    _check(lint, LINT, origin, "lint.")
    return {**values, **lint}


def _check(values: Mapping[str, Any], keys: Mapping[str, Check], origin: str, prefix: str) -> None:
    for key, value in values.items():
        if key not in keys:
            raise SettingsError(f"{origin}: unknown setting `{prefix}{key}`{did_you_mean(key, keys)}")
        problem = keys[key](value)
        if problem:
            raise SettingsError(f"{origin}: `{prefix}{key}` {problem}")
