"""What a client may set: the settings of the command line in camel case, and a few that only an editor needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streamlint.settings.schema import TOP

_OF_THE_SERVER = frozenset({"codeLens", "inlayHints", "enable", "workspaceDiagnostics"})
_OF_CLIENTS = frozenset({"interpreter", "importStrategy", "trace", "path", "args", "cwd", "logLevel", "fixOnSave"})


@dataclass(frozen=True)
class Options:
    """One folder's settings, from the client. `overrides` are those of the engine, by their names in kebab case."""

    overrides: tuple[tuple[str, Any], ...] = ()
    enable: bool = True
    code_lens: bool = True
    inlay_hints: bool = False
    workspace_diagnostics: bool = True

    def __hash__(self) -> int:
        return hash(repr(self))  # values from a client are lists and objects, which have none of their own

    @staticmethod
    def of(given: object) -> tuple[Options, tuple[str, ...]]:
        """The options, and a sentence for each setting that is none. An empty value means that it is not set."""
        if not isinstance(given, Mapping):
            return Options(), () if given is None else (f"the settings must be an object, not {given!r}",)
        problems: list[str] = []
        overrides: dict[str, Any] = {}
        flags: dict[str, bool] = {}
        for name, value in given.items():
            kebab = _kebab(str(name))
            if name in _OF_THE_SERVER:
                if isinstance(value, bool):
                    flags[kebab.replace("-", "_")] = value
                elif value is not None:
                    problems.append(f"`streamlint.{name}` must be true or false, not {value!r}")
            elif kebab in TOP:
                if value not in (None, "", [], {}):
                    overrides[kebab] = value
            elif name not in _OF_CLIENTS:
                problems.append(f"unknown setting `streamlint.{name}`")
        return Options(tuple(sorted(overrides.items())), **flags), tuple(problems)


def _kebab(name: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name)
