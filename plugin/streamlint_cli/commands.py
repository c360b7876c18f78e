"""The small commands: `rule`, `clean`, `server`, `mcp`, `generate-shell-completion` and `version`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from streamlint import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from streamlint.rules import Rule

TEXT_OR_JSON = click.Choice(["text", "json"])


def _complete_rules(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes, or the names, that begin so."""
    from click.shell_completion import CompletionItem
    from streamlint.rules import all_rules

    words = [(each.code, each.summary) for each in all_rules()] + [(each.name, each.summary) for each in all_rules()]
    return [CompletionItem(word, help=help) for word, help in words if begun and word.lower().startswith(begun.lower())]


@click.command(short_help="Explain a rule, or all of them.")
@click.argument("code_or_name", required=False, shell_complete=_complete_rules)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@click.option("--output-format", type=TEXT_OR_JSON, default="text", help="How to print.", show_default=True)
def rule(code_or_name: str | None, every: bool, output_format: str) -> None:
    """Explain a rule by its code (STL101) or its name: what it finds, why that is bad, and what to write instead."""
    rules = _chosen(code_or_name, every)
    if output_format == "json":
        described = [_described(each) for each in rules]
        text = json.dumps(described if every else described[0], indent=2) + "\n"
    else:
        text = "\n\n".join(_page(each) for each in rules)
    from streamlint_cli.terminal import encodable

    sys.stdout.write(encodable(text, sys.stdout))


def _chosen(code_or_name: str | None, every: bool) -> tuple[Rule, ...]:
    from streamlint.rules import all_rules
    from streamlint.rules import rule as find

    if every:
        if code_or_name:
            raise click.UsageError("give a rule or --all, not both")
        return all_rules()
    if not code_or_name:
        raise click.UsageError("which rule? Give a code, a name, or --all")
    found = find(code_or_name)
    if found is None:
        raise click.UsageError(f"unknown rule `{code_or_name}`{suggestion(code_or_name)}")
    return (found,)


def suggestion(word: str) -> str:
    """`; did you mean ...?` for a word that looks like the code or the name of a rule, else nothing."""
    from difflib import get_close_matches

    from streamlint.rules import all_rules

    rules = all_rules()
    near = get_close_matches(word.lower(), [each.name for each in rules], 1, 0.6)
    digits = word.upper().translate(str.maketrans("OI", "01"))
    near += get_close_matches(digits, [each.code for each in rules], 1, 0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def _page(each: Rule) -> str:
    from streamlint.rules import page

    return page(each).rstrip() + "\n"


def _described(each: Rule) -> dict[str, Any]:
    since, until = each.versions
    return {
        "name": each.name,
        "code": each.code,
        "linter": "streamlint",
        "summary": each.summary,
        "severity": each.severity.value,
        "default": each.by_default,
        "fix_availability": each.fix.value.capitalize(),
        "since": each.since,
        "streamlit": {"since": since, "until": until},
        "explanation": _page(each),
    }


@click.command(short_help="Remove the caches.")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def clean(folders: tuple[Path, ...]) -> None:
    """Remove the caches in FOLDERS (default: the current directory) and below."""
    from streamlint.project.cache import clean as remove

    for cache in _caches(folders or (Path("."),)):
        if remove(cache):
            click.echo(f"Removing cache at: {cache}", err=True)


def _caches(folders: tuple[Path, ...]) -> Iterator[Path]:
    from streamlint.project.cache import FOLDER_NAME

    for folder in folders:
        for parent, names, _ in os.walk(folder):
            if FOLDER_NAME in names:
                names.remove(FOLDER_NAME)
                yield Path(parent, FOLDER_NAME)


@click.command()
@click.option("--output-format", type=TEXT_OR_JSON, default="text", help="How to print.", show_default=True)
def version(output_format: str) -> None:
    """Print the version."""
    if output_format == "json":
        click.echo(json.dumps({"version": __version__, "commit_info": None}, indent=2))
    else:
        click.echo(f"streamlint {__version__}")


@click.command(short_help="Run the language server for editors.", context_settings={"ignore_unknown_options": True})
@click.argument("unused", nargs=-1, type=click.UNPROCESSED, metavar="")
def server(unused: tuple[str, ...]) -> None:
    """Run the language server on the standard streams.

    What clients add by habit (`--stdio`, `--clientProcessId=…`) is accepted."""
    try:
        from streamlint_lsp.server import start
    except ModuleNotFoundError as error:
        hint = "the language server needs the `lsp` extra: pip install 'streamlint[lsp]'"
        raise click.ClickException(f"{hint} ({error.name} is missing)") from error
    sys.exit(start())


@click.command(short_help="Run the server for agents (MCP).")
@click.option(
    "--root",
    "folders",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that may be asked about; may be repeated.  [default: the client's, else this one]",
)
def mcp(folders: tuple[Path, ...]) -> None:
    """Run a server of the Model Context Protocol on the standard streams, for agents that write Streamlit apps.

    Its tools find bugs, explain rules, show what fixes would change, and list the keys of session state. It changes
    nothing, and answers about nothing outside of the folders."""
    try:
        from streamlint_mcp.server import serve
    except ModuleNotFoundError as error:
        hint = "the server for agents needs the `mcp` extra: pip install 'streamlint[mcp]'"
        raise click.ClickException(f"{hint} ({error.name} is missing)") from error
    serve(folders)


@click.command(short_help="Print what makes a shell complete our words.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def generate_shell_completion(context: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options and rules after `streamlint`.

    \b
    bash: streamlint generate-shell-completion bash >> ~/.bashrc
    zsh:  streamlint generate-shell-completion zsh >> ~/.zshrc
    fish: streamlint generate-shell-completion fish > ~/.config/fish/completions/streamlint.fish"""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # click knows the three
    click.echo(made(context.find_root().command, {}, "streamlint", "_STREAMLINT_COMPLETE").source())
