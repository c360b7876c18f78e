"""What tests of code actions have in common: asking for them, and what an editor does with the one that is chosen."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from editor import Editor
from lsprotocol import types as t


async def actions(
    ed: Editor,
    name: str,
    range_: t.Range | None = None,
    diagnostics: Sequence[t.Diagnostic] = (),
    only: list[str] | None = None,
) -> list[t.CodeAction]:
    """What is offered at a range, by default at the cursor."""
    at = range_ or t.Range(ed.cursor(name), ed.cursor(name))
    context = t.CodeActionContext(diagnostics=list(diagnostics), only=only)  # type: ignore[arg-type]
    params = t.CodeActionParams(ed.document(name), at, context)
    found = await ed.client.text_document_code_action_async(params)
    return [_as_action(each) for each in found or []]


def _as_action(given: t.Command | t.CodeAction) -> t.CodeAction:
    """The action that was sent: what has a command is read as nothing but that by `lsprotocol`."""
    if isinstance(given, t.CodeAction):
        return given
    assert given.command.startswith("{"), "every client takes actions"
    inner = ast.literal_eval(given.command)
    return t.CodeAction(given.title, command=t.Command(**inner))


async def chosen(ed: Editor, found: Sequence[t.CodeAction], title: str) -> t.WorkspaceEdit:
    """The edit of the one action whose title begins so; asks for it if the client does."""
    [action] = [each for each in found if each.title.startswith(title)]
    if action.edit is None:
        action = await ed.client.code_action_resolve_async(action)
    assert action.edit is not None
    return action.edit


def titles(found: Sequence[t.CodeAction]) -> list[str]:
    return [each.title for each in found]


async def applied(ed: Editor, found: Sequence[t.CodeAction], title: str) -> None:
    """The edit of the action made in all files, as an editor does: open ones change, the others on the disk."""
    for name, text in ed.edited(await chosen(ed, found, title)).items():
        if name in ed.opened:
            ed.change(name, text)
        else:
            ed.texts[name] = text
            (ed.root / name).write_text(text, encoding="utf-8", newline="")
