"""The plan and the gaps of a project, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from streamlint.settings import Settings

from streamlint_cli.adoption.gaps import Gap
from streamlint_cli.adoption.planning import Plan
from streamlint_cli.entries import shown_path

if TYPE_CHECKING:
    from streamlint.project.apps import App

MOST_APPS = 5
_UNUSED = "not used here"


def found(plan: Plan, settings: Settings, apps: Sequence[App]) -> Iterator[str]:
    """What was found, a line each."""
    tools = plan.tools
    yield f"Project     {plan.root}"
    yield from _apps(apps)
    yield f"Streamlit   {_streamlit(settings)}"
    yield f"Settings    {_where(tools.own) or 'none yet'}"
    yield f"Ruff        {_where(tools.ruff) or _asked(tools.ruff_asked)}"
    yield f"flake8      {_where(tools.flake8) or _asked(tools.flake8_asked)}"
    yield f"pre-commit  {_where(tools.precommit) or _UNUSED}"
    yield f"VS Code     {_where(tools.vscode) or _UNUSED}"


def _where(path: Path | None) -> str:
    return shown_path(str(path)) if path else ""


def _asked(name: str) -> str:
    return f"named in {name}, without settings" if name else _UNUSED


def _streamlit(settings: Settings) -> str:
    version = ".".join(map(str, settings.target_version))
    source = settings.target_version_source
    return f"{version} ({'the newest known, since no requirement names one' if source == 'default' else source})"


def _apps(apps: Sequence[App]) -> Iterator[str]:
    if not apps:
        yield "Apps        none found; `entrypoints` in the settings names scripts that are not recognised"
    for at, app in enumerate(apps[:MOST_APPS]):
        pages = len(app.pages)
        more = f" and {pages} page{'s' if pages > 1 else ''}" if pages else ""
        yield f"{'Apps' if at == 0 else '':<12}{shown_path(app.entry)}{more}"
    if len(apps) > MOST_APPS:
        yield f"{'':<12}and {len(apps) - MOST_APPS} more"


def to_write(plan: Plan) -> Iterator[str]:
    """What `init` would write and why, by file."""
    for file in plan.files:
        yield f"  {shown_path(str(file.path))}{' (new)' if file.before is None else ''}"
        for gap in _of(plan.gaps, file.path):
            yield f"    + {gap.what}"
            yield f"      {gap.why}"


def by_hand(gaps: Iterable[Gap]) -> Iterator[str]:
    """What is left to do for a person."""
    for gap in gaps:
        if gap.by_hand:
            yield f"  {shown_path(str(gap.path))}: {gap.remedy}"
            yield f"      {gap.why}"


def _of(gaps: Iterable[Gap], path: Path) -> Iterator[Gap]:
    return (gap for gap in gaps if gap.path == path and not gap.by_hand)


def missing(gaps: Iterable[Gap]) -> Iterator[str]:
    """What a project lacks, with reason and remedy."""
    for gap in gaps:
        remedy = gap.remedy if gap.by_hand else f"run `streamlint init`, or {gap.remedy}"
        yield f"{shown_path(str(gap.path))}: missing: {gap.what}"
        yield f"  why:    {gap.why}"
        yield f"  remedy: {remedy}"


def diff(plan: Plan) -> Iterator[str]:
    """What would change, as a patch."""
    for file in plan.files:
        name = Path(shown_path(str(file.path))).as_posix()
        old, new = (text.replace("\r\n", "\n").splitlines(keepends=True) for text in (file.before or "", file.after))
        origin = "/dev/null" if file.before is None else name
        for line in unified_diff(old, new, origin, name):
            yield line.rstrip("\n")
            if not line.endswith("\n"):
                yield "\\ No newline at end of file"
