"""The rules, one file each, and the registry that finds them.

There is no list of rules: every module of this package that is not `base` and does not start with `_` is a rule. It
declares `RULE` and `check(app)`, and `fix(finding, files)` if it can repair what it finds; the page `<module>.md` lies
beside it. A rule module imports nothing of `flow` or astroid at its top, so that knowing the codes costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import cast

from streamlint.rules._gaps import start_wanted
from streamlint.rules.base import Availability, Check, Repair, Rule

__all__ = [
    "Availability",
    "Check",
    "RegistryError",
    "Repair",
    "Rule",
    "all_rules",
    "check_of",
    "discover_rules",
    "fix_of",
    "page",
    "rule",
    "start_wanted",
]


class RegistryError(Exception):
    """A rule file that does not keep the contract of this package; always a mistake of the rule's author."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code. Raises `RegistryError`."""
    return tuple(_registry())


def rule(code_or_name: str) -> Rule | None:
    """The rule with this code (in any case) or this name, or None."""
    wanted = code_or_name.strip()
    return next((each for each in all_rules() if wanted.upper() == each.code or wanted.lower() == each.name), None)


def check_of(rule: Rule) -> Check:
    """The function that yields the findings of the rule."""
    return cast(Check, _registry()[rule].check)


def fix_of(rule: Rule) -> Repair | None:
    """The function that builds the fixes of the rule's findings, if it has any."""
    return cast("Repair | None", getattr(_registry()[rule], "fix", None))


def page(rule: Rule) -> str:
    """The page that documents the rule, as Markdown."""
    return _page_path(_registry()[rule]).read_text(encoding="utf-8")


def discover_rules(folder: Path, package: str) -> Mapping[Rule, ModuleType]:
    """The rules of the modules in `folder`, importable as `package`, sorted by code. Raises `RegistryError`."""
    names = sorted(info.name for info in iter_modules([str(folder)]))
    modules = [import_module(f"{package}.{name}") for name in names if name != "base" and not name.startswith("_")]
    found = {_declared(module): module for module in modules}
    _refuse_duplicates([_declared(module) for module in modules])
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: item[0].code)))


@cache
def _registry() -> Mapping[Rule, ModuleType]:
    return discover_rules(Path(__file__).parent, __name__)


def _declared(module: ModuleType) -> Rule:
    declared = getattr(module, "RULE", None)
    if not isinstance(declared, Rule):
        raise RegistryError(f"{module.__name__} declares no RULE")
    if not callable(getattr(module, "check", None)):
        raise RegistryError(f"{module.__name__} declares no check(app)")
    if (declared.fix is Availability.NONE) == callable(getattr(module, "fix", None)):
        raise RegistryError(f"{module.__name__} declares a fix and has no fix(finding, files), or the other way round")
    expected = declared.name.replace("-", "_")
    if module.__name__.rpartition(".")[2] != expected:
        raise RegistryError(f"{module.__name__} declares {declared.name}: its file must be called {expected}.py")
    if not _page_path(module).is_file():
        raise RegistryError(f"{module.__name__} has no page {expected}.md beside it")
    return declared


def _page_path(module: ModuleType) -> Path:
    assert module.__file__ is not None
    return Path(module.__file__).with_suffix(".md")


def _refuse_duplicates(rules: Iterable[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for each in rules:
        for label in (each.code, each.name):
            if label in seen:
                raise RegistryError(f"{label} is declared twice: by {seen[label].name} and by {each.name}")
            seen[label] = each
