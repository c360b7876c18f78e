"""From a file's text to its `ModuleFacts`."""

from __future__ import annotations

import ast
import warnings

from streamlint.facts import ir, pickling
from streamlint.facts.context import Context, Scope
from streamlint.facts.keys import KeyAsker
from streamlint.facts.lower_stmt import block
from streamlint.facts.offsets import BOM, Offsets
from streamlint.inference import Inference
from streamlint.stack import deep

pickling.register()


def extract_module(
    path: str, text: str, *, tree: ast.Module | None = None, inference: Inference | None = None
) -> ir.ModuleFacts:
    """The facts of one file.

    `text` is the file's text with its own line ends, which all offsets refer to; a byte order mark counts as one
    character. `tree` is its `ast.parse`, if the caller has it. `inference` is asked for keys that the file's
    structure does not tell; without it they stay as they are. A text that does not parse gives empty
    facts with `syntax_error` set; nothing is raised.
    """
    try:
        parsed = tree if tree is not None else deep(lambda: _parse(text))
        return deep(lambda: _lowered(path, text, parsed, inference))
    except SyntaxError as error:
        return _failed(path, text, error.msg, error.lineno or 1, error.offset or 1)
    except (ValueError, RecursionError, MemoryError) as error:
        return _failed(path, text, _explanation(error), 1, 1)


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.removeprefix(BOM))


def _lowered(path: str, text: str, tree: ast.Module, inference: Inference | None) -> ir.ModuleFacts:
    module = Scope(tree)
    mentions_streamlit = "streamlit" in text
    asker = KeyAsker(inference, path, text) if inference and mentions_streamlit else None
    ctx = Context(Offsets(text), [module], asker)
    body = block(ctx, tree.body)
    return ir.ModuleFacts(
        path=path,
        body=body,
        functions=tuple([function for function in ctx.functions if function is not None]),
        classes=tuple(ctx.classes),
        imports=tuple(ctx.imports),
        strings=frozenset(ctx.strings),
        mentions_streamlit=mentions_streamlit,
        has_main_guard=ctx.has_main_guard,
        looked_into=asker.looked_into if asker else (),
        names=frozenset(name for name, times in module.bound.items() if times > 1) | ctx.declared_global,
    )


def _failed(path: str, text: str, message: str, line: int, column: int) -> ir.ModuleFacts:
    problem = ir.SyntaxProblem(message, max(line, 1), max(column - 1, 0))
    return ir.ModuleFacts(
        path=path,
        body=(),
        functions=(),
        classes=(),
        imports=(),
        strings=frozenset(),
        mentions_streamlit="streamlit" in text,
        has_main_guard=False,
        syntax_error=problem,
    )


def _explanation(error: Exception) -> str:
    if isinstance(error, (RecursionError, MemoryError)):
        return "the code is nested too deeply to be analysed"
    return str(error)
