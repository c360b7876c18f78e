"""Code actions: the fixes of findings, comments that silence them, and other ways to write code.

What can be done is found in the worker's thread (`drafts`); here it gets the form that the client takes. Clients that
ask for an action's edits when the user has chosen it get them then, the others at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams
from streamlint.findings import Applicability, Finding, Span

from streamlint_lsp.drafts import FIX_ALL, Draft, changes, drafts
from streamlint_lsp.edits import Changes, OutdatedEdit, workspace_edit
from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

KINDS = (
    t.CodeActionKind.QuickFix,
    FIX_ALL,
    t.CodeActionKind.RefactorRewrite,
    t.CodeActionKind.RefactorExtract,
)
EXPLAIN = "streamlint.explain"
_PATIENCE = 3
"""How often answers are awaited while others type."""


async def offered(server: Server, params: t.CodeActionParams) -> list[t.CodeAction | t.Command] | None:
    """What can be done at a range."""
    only = params.context.only
    if only is not None and not any(_is_wanted(kind, only) for kind in KINDS):
        return []
    view = await newest(server, params.text_document.uri)
    if view is None:
        return None
    findings = tuple(each for each in view.answer.findings if _is_meant(view, each, params))
    explained = _explanations(view, findings, params.context.diagnostics)
    if not _takes_literals(server):
        return [each.command for each in explained if each.command is not None]
    found: list[t.CodeAction] = []
    if view.current:  # edits of a text that is not Python would be guesses
        span, answer = view.positions.span(params.range), view.answer
        made = await server.session.ask(lambda projects: drafts(projects, answer, span, findings))
        wanted = [draft for draft in made if _is_wanted(draft.kind, only)]
        actions = [await _action(server, view, draft, params.context.diagnostics) for draft in wanted]
        found = [action for action in actions if action is not None]
    shown = [each for each in explained if _is_wanted(t.CodeActionKind.QuickFix, only)]
    fixes = [each for each in found if each.kind == t.CodeActionKind.QuickFix]
    return [*fixes, *shown, *(each for each in found if each not in fixes)]


async def resolve(server: Server, action: t.CodeAction) -> t.CodeAction:
    """An action with its edits, which are made anew: the text may have changed since it was offered."""
    data = action.data
    if action.edit is not None or not isinstance(data, Mapping) or not isinstance(data.get("uri"), str):
        return action
    view = await newest(server, data["uri"])
    if view is None or not view.current:
        raise JsonRpcContentModified(message="the document has changed: ask for the actions again")
    # Findings are known again after an edit elsewhere; a range of characters is not.
    if data.get("do") == "refactor" and data.get("version") != view.document.version:
        raise JsonRpcContentModified(message="the document has changed: ask for the actions again")
    edit = await _edit(server, view, data)
    if edit is None:
        raise JsonRpcContentModified(message="this cannot be done any more: ask for the actions again")
    action.edit = edit
    return action


async def fix_all(server: Server, uri: Any = None, options: Any = None, *_: Any) -> t.WorkspaceEdit | None:
    """The edits of all safe fixes of an open document, or with `{"app": true}` of its app; None if there are none."""
    if not isinstance(uri, str) or not isinstance(options, (Mapping, type(None))):
        raise JsonRpcInvalidParams(message='streamlint.fixAll takes the URI of a document, and {"app": true}')
    view = await newest(server, uri)
    if view is None or not view.current:
        return None
    whole = bool(options and options.get("app"))
    return await _edit(server, view, {"do": "all", "code": None, "least": int(Applicability.SAFE), "app": whole})


async def newest(server: Server, uri: str) -> View | None:
    """The document with an answer that knows the newest texts of all open documents, unless they are broken."""
    view = await server.exact(uri)
    for _ in range(_PATIENCE):
        documents = server.session.documents.values()
        known = [(view.text(each.path), each) for each in documents] if view is not None else []
        if all(text is None or text.text == each.text for text, each in known):
            break
        await server.session.settled()
        view = await server.exact(uri)
    return view


# --- what is asked -------------------------------------------------------------------------------------------


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind is one of those asked for, or below one: `source` has `source.fixAll.streamlint`."""
    if only is None:
        return True
    names = [str(getattr(each, "value", each)) for each in only]
    kind = str(getattr(kind, "value", kind))
    return any(not name or kind == name or kind.startswith(f"{name}.") for name in names)


def _is_meant(view: View, finding: Finding, params: t.CodeActionParams) -> bool:
    """Whether a finding is at the range, or its diagnostic came with the request: some clients send those of a line."""
    moved = view.moved(finding.place.span)
    if moved is None:
        return False
    asked = view.positions.span(params.range)
    touching = moved.start <= asked.end and asked.start <= moved.end
    return touching or bool(_linked(view, [finding], params.context.diagnostics))


def _linked(view: View, findings: Sequence[Finding], diagnostics: Sequence[t.Diagnostic]) -> list[t.Diagnostic]:
    """The client's diagnostics of findings: the same code at the same range."""
    found: list[t.Diagnostic] = []
    for finding in findings:
        moved = view.moved(finding.place.span)
        for each in diagnostics:
            if str(each.code) == finding.code and moved is not None and _is_at(view, each.range, moved):
                found.append(each)
    return found


def _is_at(view: View, range_: t.Range, span: Span) -> bool:
    return view.positions.span(range_) == span


# --- what is given -------------------------------------------------------------------------------------------


async def _action(server: Server, view: View, draft: Draft, diagnostics: Sequence[t.Diagnostic]) -> t.CodeAction | None:
    action = t.CodeAction(
        title=draft.title,
        kind=draft.kind,
        diagnostics=_linked(view, draft.findings, diagnostics) or None,
        is_preferred=True if draft.preferred else None,
    )
    if _resolves(server):
        if draft.changes is not None and _as_edit(server, draft.changes) is None:
            return None
        action.data = {"uri": view.document.uri, "version": view.document.version, **draft.what}
        return action
    action.edit = await _edit(server, view, draft.what, draft.changes)
    return action if action.edit is not None else None


async def _edit(
    server: Server, view: View, what: Mapping[str, Any], known: Changes | None = None
) -> t.WorkspaceEdit | None:
    """The edits of what was offered; None if it cannot be done any more."""
    answer = view.answer
    made = known or await server.session.ask(lambda projects: changes(projects, answer, what))
    return _as_edit(server, made) if made is not None else None


def _as_edit(server: Server, made: Changes) -> t.WorkspaceEdit | None:
    try:
        return workspace_edit(server, made)
    except OutdatedEdit:
        return None


def _explanations(view: View, findings: Sequence[Finding], diagnostics: Sequence[t.Diagnostic]) -> list[t.CodeAction]:
    """What opens the page of a rule, once for each."""
    found: list[t.CodeAction] = []
    for code in dict.fromkeys(finding.code for finding in findings):
        mine = [finding for finding in findings if finding.code == code]
        title = f"Explain {code} ({mine[0].name})"
        command = t.Command(title, EXPLAIN, arguments=[code])
        linked = _linked(view, mine, diagnostics) or None
        found.append(t.CodeAction(title, kind=t.CodeActionKind.QuickFix, diagnostics=linked, command=command))
    return found


# --- what the client takes -----------------------------------------------------------------------------------


def _resolves(server: Server) -> bool:
    """Whether the client asks for an action's edits when it needs them."""
    text = server.client_capabilities.text_document
    support = text.code_action.resolve_support if text and text.code_action else None
    return support is not None and "edit" in support.properties


def _takes_literals(server: Server) -> bool:
    text = server.client_capabilities.text_document
    return bool(text and text.code_action and text.code_action.code_action_literal_support)
