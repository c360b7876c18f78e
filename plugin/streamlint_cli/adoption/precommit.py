"""pre-commit: our hook, after those that rewrite files.

A hook that only reads belongs behind those that rewrite: it then sees the text that is committed, and its line numbers
are those that the user sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from streamlint import __version__
from streamlint.adopting import Drafts
from streamlint.records import immutable
from streamlint.settings import SettingsError

from streamlint_cli.adoption.gaps import Gap

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node, SequenceNode

NAME = ".pre-commit-config.yaml"
REPOSITORY = "https://github.com/streamlint/streamlint"
REVISION = f"v{__version__}"
HOOK = "streamlint"
REWRITERS = frozenset(
    {
        *("ruff", "ruff-check", "ruff-format", "black", "isort", "autopep8", "yapf", "pyupgrade", "autoflake"),
        *("reorder-python-imports", "add-trailing-comma", "docformatter", "pycln", "ssort", "usort", "ufmt", "darker"),
    }
)
"""Hooks, and programs, that change Python files."""
_WHY = "so that no commit brings a new bug; it stands behind the hooks that rewrite files and sees what they leave"


@immutable
class Hook:
    """A hook of a configuration: the block and the place in it, and the names it is known by."""

    place: tuple[int, int]
    names: frozenset[str]


def hooks(path: Path, text: str) -> tuple[Hook, ...]:
    """The hooks of a configuration, in the order in which they run. Raises `SettingsError`."""
    return tuple(_hooks(_blocks(path, text)))


def adopt(drafts: Drafts, path: Path) -> Gap | None:
    """Adds our hook where there is none. Raises `SettingsError`."""
    text = drafts.text(path)
    known = hooks(path, text)
    rewriters = [hook.place for hook in known if hook.names & REWRITERS]
    ours = [hook.place for hook in known if any(name.startswith(HOOK) for name in hook.names)]
    if not ours:
        return _added(drafts, path, text, after=max(rewriters, default=None))
    if rewriters and max(ours) < max(rewriters):
        why = "it reads files that are rewritten afterwards"
        remedy = f"move the block with `- id: {HOOK}` behind those of Ruff and of other tools that rewrite files"
        return Gap(path, f"the right place of the hook `{HOOK}`", why, remedy, by_hand=True)
    return None


def _added(drafts: Drafts, path: Path, text: str, after: tuple[int, int] | None) -> Gap:
    added = _with_block(path, text, after[0] if after else None)
    drafts.edit(path, added, f"Adds the hook {HOOK} to {path.name}.")
    return Gap(path, f"the hook `{HOOK}`", _WHY, f"add `{_in_one_line()}` to `repos`")


# --- what is there -----------------------------------------------------------------------------------------------


def _blocks(path: Path, text: str) -> SequenceNode:
    from ruamel.yaml.nodes import SequenceNode

    from streamlint_cli.adoption.yaml import composed, value_of

    found = value_of(composed(path, text), "repos")
    if not isinstance(found, SequenceNode):
        raise SettingsError(f"{path}: not a configuration of pre-commit: it has no list `repos`")
    return found


def _hooks(blocks: Node) -> Iterator[Hook]:
    from streamlint_cli.adoption.yaml import items_of, texts_of, value_of

    for block, repository in enumerate(items_of(blocks)):
        for at, hook in enumerate(items_of(value_of(repository, "hooks"))):
            words = [word for key in ("id", "entry") for text in texts_of(value_of(hook, key)) for word in text.split()]
            yield Hook((block, at), frozenset(PurePath(word).name for word in words))


# --- one more block ----------------------------------------------------------------------------------------------


def _in_one_line() -> str:
    return f"{{repo: {REPOSITORY}, rev: {REVISION}, hooks: [{{id: {HOOK}}}]}}"


def _with_block(path: Path, text: str, after: int | None) -> str:
    """The text with our block behind another one, or at the end. All that was there stays, in its order."""
    from streamlint_cli.adoption.yaml import events, items_of

    blocks = _blocks(path, text)
    items = items_of(blocks)
    at = len(items) if after is None else after + 1
    ways = _flow_ways(text, blocks) if blocks.flow_style else _block_ways(text, blocks, items, at)
    before = events(text)
    block = events(_in_one_line())[2:-2]
    for way in ways:
        if _is_inserted(before, events(way), block):
            return way
    raise SettingsError(f"{path}: add `{_in_one_line()}` to `repos` by hand; streamlint cannot keep the rest")


def _is_inserted(
    before: list[tuple[str, object, object, str]],
    after: list[tuple[str, object, object, str]],
    block: list[tuple[str, object, object, str]],
) -> bool:
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    # What stands before and behind begins alike, so the place may be some events earlier.
    starts = range(max(0, same - len(block)), same + 1)
    return any(after == [*before[:start], *block, *before[start:]] for start in starts)


def _block_ways(text: str, blocks: SequenceNode, items: list[Node], at: int) -> Iterator[str]:
    """As the other blocks are written: with their indentation, and an empty line before if they have one."""
    lines = text.splitlines(keepends=True)
    dash = blocks.start_mark.column
    end = _end_of(lines, items[at - 1], dash)
    new = _block(items[at - 1], dash)
    gap = "\n" if _are_apart(lines, items) else ""
    last = "" if not lines or lines[end - 1].endswith("\n") else "\n"
    yield "".join([*lines[:end], last, gap, new, *lines[end:]])


def _end_of(lines: list[str], item: Node, dash: int) -> int:
    """The line behind the last one of a block; comments that stand deeper than its dash belong to it."""
    end: int = min(item.end_mark.line + (1 if item.end_mark.column > dash else 0), len(lines))
    while end > item.start_mark.line + 1 and not _belongs(lines[end - 1], dash):
        end -= 1
    return end


def _belongs(line: str, dash: int) -> bool:
    indentation = len(line) - len(line.lstrip(" "))
    return bool(line.strip()) and (indentation > dash or not line.lstrip().startswith("#"))


def _are_apart(lines: list[str], items: list[Node]) -> bool:
    """Whether empty lines stand between the blocks, before comments that head them."""
    for item in items[1:]:
        line = item.start_mark.line - 1
        while lines[line].lstrip().startswith("#"):
            line -= 1
        if lines[line].strip():
            return False
    return len(items) > 1


def _block(model: Node, dash: int) -> str:
    """Our block, indented as another one is."""
    from ruamel.yaml.nodes import SequenceNode

    from streamlint_cli.adoption.yaml import items_of, value_of

    key = model.start_mark.column
    hooks = value_of(model, "hooks")
    nested, inner = key, key + 2
    if isinstance(hooks, SequenceNode) and not hooks.flow_style and items_of(hooks):
        nested, inner = hooks.start_mark.column, items_of(hooks)[0].start_mark.column
    rest = " " * key
    head = f"{_dash(dash, key)}repo: {REPOSITORY}\n{rest}rev: {REVISION}\n"
    return f"{head}{rest}hooks:\n{_dash(nested, inner)}id: {HOOK}\n"


def _dash(at: int, text: int) -> str:
    return f"{' ' * at}-".ljust(text)


def _flow_ways(text: str, blocks: SequenceNode) -> Iterator[str]:
    """Within brackets."""
    inside = blocks.end_mark.index - 1
    before, after = text[:inside], text[inside:]
    yield f"{before}{_in_one_line()}{after}"
    yield f"{before.rstrip()}, {_in_one_line()}{after}"
