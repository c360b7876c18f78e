"""Configuration: what to check, where, and for which Streamlit.

`load_settings` finds and reads the configuration, `resolve_selectors` checks it against the rules there are, and
`rule_enabled` answers for one rule and one file. Everything that a user can get wrong is a `SettingsError`.
"""

from streamlint.settings.files import is_project
from streamlint.settings.loading import load_settings
from streamlint.settings.model import BASELINE, DEFAULT_EXCLUDE, DEFAULT_SELECT, OUTPUT_FORMATS, Settings, SettingsError
from streamlint.settings.selectors import resolve_selectors, rule_enabled
from streamlint.settings.version import NEWEST, OLDEST

__all__ = [
    "BASELINE",
    "DEFAULT_EXCLUDE",
    "DEFAULT_SELECT",
    "NEWEST",
    "OLDEST",
    "OUTPUT_FORMATS",
    "Settings",
    "SettingsError",
    "is_project",
    "load_settings",
    "resolve_selectors",
    "rule_enabled",
]
