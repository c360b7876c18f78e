"""Completion of keys."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types as t

from streamlint_lsp.projects import Answer
from streamlint_lsp.view import View


def complete(view: View, position: t.Position) -> t.CompletionList | None:
    return None


def resolve(item: t.CompletionItem, answers: Mapping[str, Answer]) -> t.CompletionItem:
    return item
