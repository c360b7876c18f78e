"""The settings that hold for a file or folder: those of the project, with what the client wants otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlint.lint import Linter
from streamlint.rules import all_rules
from streamlint.settings import Settings, SettingsError, load_settings, rule_enabled

from streamlint_lsp.options import Options


def load(path: str, options: Options) -> tuple[Settings, list[str]]:
    """The settings, and a sentence for each mistake: settings of the client are left out one by one, those of a file
    together."""
    given = dict(options.overrides)
    mistakes: list[str] = []
    for isolated in (False, True):
        for chosen in (given, {k: v for k, v in given.items() if _loaded(path, {k: v}, isolated, [])}, {}):
            settings = _loaded(path, chosen, isolated, mistakes)
            if settings is not None:
                return settings, mistakes
    raise AssertionError("the defaults are valid")


def _loaded(path: str, overrides: dict[str, Any], isolated: bool, mistakes: list[str]) -> Settings | None:
    """The settings with these of the client; None if something in them is wrong, which goes to `mistakes`."""
    try:
        settings = load_settings(Path(path), overrides=overrides, isolated=isolated)
        Linter(settings, cache=False)  # selectors are checked here
    except SettingsError as error:
        mistakes.append(str(error))
        return None
    return settings


def described(path: str, settings: Settings, options: Options, excluded: bool) -> dict[str, Any]:
    """What holds for a file or folder, as data for clients."""
    on = [each for each in all_rules() if rule_enabled(settings, each.code, each.name, Path(path))]
    return {
        "root": str(settings.root),
        "configFile": str(settings.config_file) if settings.config_file else None,
        "targetVersion": ".".join(map(str, settings.target_version)),
        "targetVersionSource": settings.target_version_source,
        "entrypoints": list(settings.entrypoints),
        "cacheDir": str(settings.cache_dir) if settings.cache_dir else None,
        "excluded": excluded,
        "enabled": options.enable,
        "rules": [each.code for each in on if each.holds_for(settings.target_version)],
        "overrides": dict(options.overrides),
        "severity": dict(options.severity),
    }
