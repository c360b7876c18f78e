"""From a file's text to its `ModuleFacts`."""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

from streamlint.facts import ir, pickling
from streamlint.facts.context import Context, Scope
from streamlint.facts.keys import KeyAsker
from streamlint.facts.lower_stmt import block
from streamlint.facts.offsets import BOM, Offsets
from streamlint.inference import Inference

pickling.register()
_T = TypeVar("_T")

_STACK_BYTES = 256 * 1024 * 1024
_RECURSION_LIMIT = 30_000
_deep_lock = threading.Lock()


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
        parsed = tree if tree is not None else _deep(lambda: _parse(text))
        return _deep(lambda: _lowered(path, text, parsed, inference))
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


def _deep(work: Callable[[], _T]) -> _T:
    """Run `work`; if it needs more stack than there is, once more in a thread that has plenty."""
    try:
        return work()
    except (RecursionError, MemoryError):
        return _in_deep_thread(work)


def _in_deep_thread(work: Callable[[], _T]) -> _T:
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    with _deep_lock:  # stack size and recursion limit belong to the process
        limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
        sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
        try:
            thread = threading.Thread(target=run, name="streamlint-deep")
            thread.start()
            thread.join()
        finally:
            sys.setrecursionlimit(limit)
            threading.stack_size(size)
    if errors:
        raise errors[0]
    return results[0]
