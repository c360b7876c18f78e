"""The plan of `streamlint init`: which tools a project has, what it lacks, and the files that give it that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from streamlint.adopting import Adoption, Drafts, adopt_ruff, adopt_settings
from streamlint.records import immutable
from streamlint.settings.files import find_own, find_ruff

from streamlint_cli.adoption import flake8, precommit, vscode
from streamlint_cli.adoption.gaps import Gap
from streamlint_cli.adoption.mentions import mentions

RUFF_HOOKS = frozenset({"ruff", "ruff-check", "ruff-format"})


@immutable
class Tools:
    """Where each tool's configuration is; None without one. `asked` says which file names a tool that has none."""

    own: Path | None
    ruff: Path | None
    flake8: Path | None
    precommit: Path | None
    vscode: Path | None
    ruff_asked: str
    flake8_asked: str


@immutable
class Plan:
    """What a project lacks, and the files in which `init` would put it."""

    root: Path
    tools: Tools
    gaps: tuple[Gap, ...]
    files: tuple[Adoption, ...]


def plan(root: Path, folders: Sequence[Path] = ()) -> Plan:
    """What to write for a project with code in these folders, each of which may have a Ruff of its own. Raises
    `SettingsError` for a file that cannot be read or understood, and then there is nothing to write at all."""
    drafts = Drafts()
    tools = _tools(drafts, root)
    gaps = tuple(gap for gap in _gaps(drafts, root, folders, tools) if gap is not None)
    return Plan(root, tools, gaps, tuple(drafts.adoptions()))


def _tools(drafts: Drafts, root: Path) -> Tools:
    around = list(_up_to_repository(root))
    configuration = next((path for each in around if (path := each / precommit.NAME).is_file()), None)
    names = _hook_names(drafts, configuration)
    return Tools(
        own=find_own(root),
        ruff=find_ruff(root),
        flake8=flake8.find(drafts, around),
        precommit=configuration,
        vscode=next((each / vscode.FOLDER for each in around if (each / vscode.FOLDER).is_dir()), None),
        ruff_asked=precommit.NAME if names & RUFF_HOOKS else mentions(root, "ruff"),
        flake8_asked=precommit.NAME if "flake8" in names else mentions(root, "flake8"),
    )


def _up_to_repository(root: Path) -> Iterator[Path]:
    """A folder and those above it up to the repository's, or the folder alone outside of one."""
    above = [root, *root.parents]
    last = next((at for at, folder in enumerate(above) if (folder / ".git").exists()), 0)
    yield from above[: last + 1]


def _hook_names(drafts: Drafts, path: Path | None) -> frozenset[str]:
    found = precommit.hooks(path, drafts.text(path)) if path else ()
    return frozenset(name for hook in found for name in hook.names)


def _gaps(drafts: Drafts, root: Path, folders: Sequence[Path], tools: Tools) -> Iterator[Gap | None]:
    yield _settings_gap(adopt_settings(drafts, root))
    if tools.ruff or tools.ruff_asked:
        yield _ruff_gap(adopt_ruff(drafts, root))
    for folder in sorted({each for each in folders if find_ruff(each) != tools.ruff}):
        yield _ruff_gap(adopt_ruff(drafts, folder))
    if tools.flake8:
        yield flake8.adopt(drafts, tools.flake8)
    if tools.precommit:
        yield precommit.adopt(drafts, tools.precommit)
    if tools.vscode:
        yield vscode.adopt(drafts, tools.vscode.parent)


def _settings_gap(path: Path | None) -> Gap | None:
    why = "it marks the project's root and is where settings go"
    return Gap(path, "[tool.streamlint]", why, "add a line `[tool.streamlint]`") if path else None


def _ruff_gap(path: Path | None) -> Gap | None:
    if path is None:
        return None
    table = "[tool.ruff.lint]" if path.name == "pyproject.toml" else "[lint]"
    why = "without it `ruff check --fix` deletes the comments that suppress our findings (`# noqa: STL101`)"
    return Gap(path, '"STL" in Ruff\'s lint.external', why, f'add `external = ["STL"]` under {table}')
