"""What a client may set: the settings of the command line in camel case, and a few that only an editor needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from streamlint.rules import rule
from streamlint.settings.schema import TOP
from streamlint.settings.selectors import is_code_like, selector_strength

_FLAGS = frozenset({"codeLens", "inlayHints", "enable", "workspaceDiagnostics"})
_OF_CLIENTS = frozenset({"interpreter", "importStrategy", "trace", "path", "args", "cwd", "logLevel", "fixOnSave"})
SEVERITIES = ("error", "warning", "information", "hint")


@dataclass(frozen=True)
class Options:
    """One folder's settings, from the client. `overrides` are those of the engine, by their names in kebab case."""

    overrides: tuple[tuple[str, Any], ...] = ()
    enable: bool = True
    code_lens: bool = True
    inlay_hints: bool = False
    workspace_diagnostics: bool = True
    severity: tuple[tuple[str, str], ...] = ()
    """Pairs of a code, the beginning of one or a rule's name, and one of `SEVERITIES`."""

    def severity_of(self, code: str, name: str) -> str | None:
        """How severe the findings of a rule are to be, by the most specific entry; None if nobody says."""
        strengths = [(selector_strength(selector, code, name), level) for selector, level in self.severity]
        strength, level = max(strengths, key=lambda pair: pair[0], default=(-1, ""))
        return level if strength >= 0 else None

    def __hash__(self) -> int:
        return hash(repr(self))  # values from a client are lists and objects, which have none of their own

    @staticmethod
    def of(given: object) -> tuple[Options, tuple[str, ...]]:
        """The options, and a sentence for each setting that is none. An empty value means that it is not set."""
        if not isinstance(given, Mapping):
            return Options(), () if given is None else (f"the settings must be an object, not {given!r}",)
        reader = _Reader([], {}, {})
        for name, value in given.items():
            reader.read(str(name), value)
        return Options(tuple(sorted(reader.overrides.items())), **reader.own), tuple(reader.problems)


@dataclass
class _Reader:
    problems: list[str]
    overrides: dict[str, Any]
    own: dict[str, Any]

    def read(self, name: str, value: object) -> None:
        kebab = _kebab(name)
        if value is None or name in _OF_CLIENTS:
            return
        if name in _FLAGS:
            self._flag(name, kebab, value)
        elif name == "severity":
            self._severity(value)
        elif kebab not in TOP:
            self.problems.append(f"unknown setting `streamlint.{name}`{_near(name)}")
        elif value not in ("", [], {}):
            self._override(name, value, TOP[kebab], kebab)

    def _flag(self, name: str, kebab: str, value: object) -> None:
        if isinstance(value, bool):
            self.own[kebab.replace("-", "_")] = value
        else:
            self.problems.append(f"`streamlint.{name}` must be true or false, not {value!r}")

    def _override(self, name: str, value: object, check: Callable[[object], str | None], kebab: str) -> None:
        problem = check(value)
        if problem:
            self.problems.append(f"`streamlint.{name}` {problem}")
        else:
            self.overrides[kebab] = value

    def _severity(self, value: object) -> None:
        if not isinstance(value, Mapping):
            self.problems.append(f"`streamlint.severity` must be an object, not {value!r}")
            return
        found: list[tuple[str, str]] = []
        for selector, level in value.items():
            text = str(selector).strip()
            if level not in SEVERITIES:
                one_of = ", ".join(f'"{each}"' for each in SEVERITIES)
                self.problems.append(f"`streamlint.severity.{selector}` must be one of {one_of}, not {level!r}")
            elif text == "ALL" or is_code_like(text.upper()):
                found.append((text.upper(), level))
            elif (known := rule(text)) is not None:
                found.append((known.code, level))
            else:
                self.problems.append(f"`streamlint.severity` names `{selector}`, which is no rule")
        self.own["severity"] = tuple(sorted(found))


def _near(name: str) -> str:
    known = [*_FLAGS, "severity", *map(_camel, TOP)]
    near = get_close_matches(name, known, 1, 0.6)
    return f"; did you mean `streamlint.{near[0]}`?" if near else ""


def _kebab(name: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name)


def _camel(name: str) -> str:
    head, *tail = name.split("-")
    return head + "".join(part.capitalize() for part in tail)
