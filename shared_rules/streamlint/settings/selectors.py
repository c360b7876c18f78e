"""Which rules are on: the most specific selector wins, as in Ruff.

A selector is a code (`STL101`), the beginning of one (`STL1`, `STL`), a rule's name (`set-after-widget`) or `ALL`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from streamlint.settings.globs import matches_any
from streamlint.settings.model import FileSelectors, Settings, SettingsError, did_you_mean

PREFIX = "STL"
_EXACT = 100
_NO_MATCH = -1


def selector_strength(selector: str, code: str, name: str) -> int:
    """How specifically a selector means a rule: -1 not at all, 0 for `ALL`, then the more the longer it is."""
    if selector in (code, name):
        return _EXACT
    if selector == "ALL":
        return 0
    return len(selector) if is_code_like(selector) and code.startswith(selector) else _NO_MATCH


def is_code_like(selector: str) -> bool:
    """Whether a selector has the form of a code or of its beginning, not of a name."""
    return selector.startswith(PREFIX) and (selector == PREFIX or selector[len(PREFIX) :].isdecimal())


def _strongest(selectors: Iterable[str], code: str, name: str) -> int:
    return max((selector_strength(selector, code, name) for selector in selectors), default=_NO_MATCH)


def rule_enabled(settings: Settings, code: str, name: str, path: Path) -> bool:
    """Whether a rule is on in a file, whose path is absolute or relative to the root.

    Of `select` with `extend_select` and `ignore`, the one with the more specific selector wins; if they are equal,
    `ignore`. An entry of `per_file_ignores` that matches the file is final.
    """
    selected = _strongest((*settings.select, *settings.extend_select), code, name)
    if selected <= _strongest(settings.ignore, code, name):
        return False
    ignores = (*settings.per_file_ignores, *settings.extend_per_file_ignores)
    relevant = [glob for glob, selectors in ignores if _strongest(selectors, code, name) > _NO_MATCH]
    return not any(_applies(glob, settings.root, settings.root / path) for glob in relevant)


def _applies(glob: str, root: Path, path: Path) -> bool:
    negated = glob.startswith("!")
    return matches_any((glob.removeprefix("!"),), root, path) != negated


def resolve_selectors(settings: Settings, known: Mapping[str, str]) -> Settings:
    """The settings with every name replaced by its code. `known` maps each rule's code to its name.

    Raises `SettingsError` for a selector that means no rule.
    """
    codes = {name: code for code, name in known.items()}

    def resolve(selectors: tuple[str, ...], key: str) -> tuple[str, ...]:
        return tuple(_resolve_one(selector, key, known, codes, settings) for selector in selectors)

    def resolve_files(pairs: FileSelectors, key: str) -> FileSelectors:
        return tuple((glob, resolve(selectors, key)) for glob, selectors in pairs)

    return replace(
        settings,
        select=resolve(settings.select, "select"),
        ignore=resolve(settings.ignore, "ignore"),
        extend_select=resolve(settings.extend_select, "extend-select"),
        per_file_ignores=resolve_files(settings.per_file_ignores, "per-file-ignores"),
        extend_per_file_ignores=resolve_files(settings.extend_per_file_ignores, "extend-per-file-ignores"),
    )


def _resolve_one(
    selector: str, key: str, known: Mapping[str, str], codes: Mapping[str, str], settings: Settings
) -> str:
    if selector in codes:
        return codes[selector]
    if selector == "ALL" or selector in _always_known() or any(code.startswith(selector) for code in known if selector):
        return selector
    where = f" (settings from {settings.config_file})" if settings.config_file else ""
    near = did_you_mean(selector.upper(), known) or did_you_mean(selector, codes)
    raise SettingsError(f"unknown rule selector `{selector}` in `{key}`{where}{near}")


def _always_known() -> tuple[str, ...]:
    # The five consequences are there even while a build has no rule for one of them.
    return (PREFIX, *(f"{PREFIX}{hundred}" for hundred in range(1, 6)))
