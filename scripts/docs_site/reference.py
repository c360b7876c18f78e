"""Pages that are made of what the code declares: the list of rules, the settings, the command line."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
from streamlint.rules import Availability, Rule, all_rules
from streamlint.settings.model import Settings
from streamlint.settings.reference import MEANINGS, TYPES
from streamlint.settings.schema import LINT, TOP
from streamlint_cli.main import cli

from docs_site.navigation import HUNDREDS

FIXES = {Availability.NONE: "", Availability.SOMETIMES: "sometimes", Availability.ALWAYS: "yes"}
RULES = """# Rules

A rule is one kind of bug. Its code says what the bug does: `STL1xx` raises, `STL2xx` loses what the user did, `STL3xx`
shows it to others, `STL4xx` costs or hangs, `STL5xx` is a matter of style and off until you
[select](../reference/settings.md#select) it. Each page has examples, which a real Streamlit runs in the tests.
"""
SETTINGS = """# Settings

Settings stand in `pyproject.toml` under `[tool.streamlint]`, or in a `streamlint.toml` of their own without that head.
None is needed. Where Ruff has a setting of the same name, it means the same. What `[tool.ruff]` excludes is left out
here, too. What the [command line](cli.md) or the [editor](../editors/README.md) says wins over the file.

| Setting | What it says | Default |
|---|---|---|
"""
COMMAND_LINE = """# Command line

The flags of `streamlint check` are those of `ruff check`, as far as they make sense here. Exit codes: 0 nothing found,
1 something found, 2 wrong usage, wrong settings or a failure of streamlint itself.

A list (`<RULE,...>`) may be written with commas, and its flag may be repeated. Paths are files and folders; without
any, it is the folder you are in.
"""


def rules() -> str:
    """All rules by consequence."""
    lines, group = [RULES], ""
    for rule in all_rules():
        if rule.code[:4] != group:
            group = rule.code[:4]
            lines.append(
                f"\n## {HUNDREDS[group]} ({group}xx)\n\n| Code | Name | What it finds | Fix |\n|---|---|---|---|"
            )
        lines.append(_row(rule))
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    return f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.summary} | {FIXES[rule.fix]} |"


# --- settings ------------------------------------------------------------


def settings() -> str:
    names = sorted(TOP)
    rows = (f"| [`{name}`](#{name}) | {_first_sentence(MEANINGS[name].text)} | {_short(name)} |" for name in names)
    return SETTINGS + "\n".join(rows) + "\n\n" + "\n".join("\n".join(_setting(name)) for name in names)


def _setting(name: str) -> Iterator[str]:
    meaning = MEANINGS[name]
    yield f"## {name}\n\n{meaning.text}\n"
    yield f"- **Type**: {TYPES.get(TOP[name]) or _choices(name)}"
    yield f"- **Default**: {_default(name)}"
    if name in LINT:
        yield f"- Also as `lint.{name}`, where Ruff has it."
    head, body = ("", meaning.example) if meaning.example.startswith("[") else ("[tool.streamlint]\n", meaning.example)
    yield f"\n```toml\n{head}{body}\n```\n"


def _choices(name: str) -> str:
    return "one of " + ", ".join(f"`{choice}`" for choice in MEANINGS[name].choices)


def _default(name: str) -> str:
    meaning = MEANINGS[name]
    if meaning.default:
        return meaning.default
    value = getattr(Settings(Path(".")), name.replace("-", "_"))
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value) or "none"
    return f"`{value}`"


def _short(name: str) -> str:
    value = _default(name)
    return value if len(value) < 60 else "see below"


def _first_sentence(text: str) -> str:
    return text.replace("\n", " ").split(". ")[0].rstrip(".")


# --- command line ------------------------------------------------------------


def command_line() -> str:
    commands = sorted(cli.commands.items(), key=lambda item: item[0] != "check")
    return COMMAND_LINE + "".join(_command(name, command) for name, command in commands if not command.hidden)


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"streamlint {name}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    rows = [_flag(option, context) for option in command.params if isinstance(option, click.Option)]
    table = "\n| Flag | What it does |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    subcommands = command.commands if isinstance(command, click.Group) else {}
    inner = "".join(_command(f"{name} {each}", sub) for each, sub in subcommands.items() if not sub.hidden)
    return f"\n## streamlint {name}\n\n```text\n{usage}\n```\n\n{_help(command)}\n{table}{inner}"


def _help(command: click.Command) -> str:
    """The words of `--help`; what it must not wrap is a block."""
    words = "\n\n".join(filter(None, (command.help, command.epilog)))
    paragraphs = (cleandoc(each) for each in cleandoc(words.replace("\f", "")).split("\n\n"))
    return "\n\n".join(_block(each) if each.startswith("\b") else each for each in paragraphs)


def _block(paragraph: str) -> str:
    return f"```text\n{cleandoc(paragraph.removeprefix(chr(8)).strip(chr(10)))}\n```"


def _flag(option: click.Option, context: click.Context) -> str:
    flags, text = option.get_help_record(context) or ("", "")
    between = ", " if "[" in flags else " or "
    return f"| `{flags.replace('|', between)}` | {text.replace('|', between)} |"
