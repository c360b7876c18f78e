"""The grammar of rule pages (CONTRIBUTING.md) as readers see it: files with names, marked lines, steps as a list."""

from __future__ import annotations

import base64
import json
import re
import shlex
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from pages import MARK, RAISES, Case, PageError, marks_of, parse

_FENCE = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_NAMING = re.compile(r"(?:^|\n)(?P<before>[^\n]*)`(?P<path>[^`\n]+)`:\n\n$")
_MARKS = re.compile(rf"[ ]*(?:{re.escape(MARK)}|{re.escape(RAISES)})[^\n]*")
RIDDLES = ("tutorial.md",)
"""Pages whose readers are to find the bugs themselves."""
STEPS = ("text run", "text browser", "text browser chromium")


@dataclass(frozen=True, slots=True)
class _Place:
    """The file that a block is, and its case."""

    case: Case
    path: str
    text: str

    @property
    def is_last(self) -> bool:
        return self.case.files[-1][0] == self.path


def shown(markdown: str, page: str, playground: str) -> str:
    """The Markdown with its blocks as Python-Markdown reads them. `playground` is the address of that."""
    try:
        places = iter([_Place(case, path, text) for case in parse(markdown, page) for path, text in case.files])
    except PageError:
        return markdown
    parts, end = list[str](), 0
    place: _Place | None = None
    for fence in _FENCE.finditer(markdown):
        between, end = markdown[end : fence.start()], fence.end()
        info, body = fence["info"].strip(), fence["body"]
        if info == "py":
            place = next(places)
            parts += _file(between, place, playground)
        elif info == "py fixed" and place is not None:
            named = _NAMING.search(between)
            before = dict(place.case.files)[named["path"] if named else place.path]
            parts += [between, _fixed(before, body)]
        elif info in STEPS and place is not None:
            parts += [between, _steps(body, place.case)]
        else:
            parts += [between, fence[0]]
    return "".join([*parts, markdown[end:]])


def _file(between: str, place: _Place, playground: str) -> Iterator[str]:
    naming = _NAMING.search(between)
    if naming is not None and not naming["before"].strip():
        between = between[: naming.start("before")] + "\n"
    yield between
    text = without_marks(place.text) if place.case.page in RIDDLES else place.text
    lines = " ".join(sorted({str(mark.line) for mark in marks_of(place.path, place.text)}, key=int))
    title = f' title="{place.path}"' if len(place.case.files) > 1 or naming else ""
    marked = f' hl_lines="{lines}"' if lines and text == place.text else ""
    yield f"``` {{.py .sl-{'bad' if lines else 'good'}{title}{marked}}}\n{text}```\n"
    if place.is_last:
        link = f"{playground}#{fragment(place.case.files)}"
        yield f'\n<p class="sl-try"><a href="{escape(link)}">Open in the playground</a></p>\n'


def _fixed(before: str, after: str) -> str:
    """The file after its fixes, with what is new marked."""
    old, new = without_marks(before).splitlines(), after.splitlines()
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [line + 1 for kind, _, _, start, end in codes if kind != "equal" for line in range(start, end)]
    marked = f' hl_lines="{" ".join(map(str, changed))}"' if changed else ""
    return f'``` {{.py .sl-fixed title="fixed"{marked}}}\n{after}```'


def without_marks(text: str) -> str:
    return _MARKS.sub("", text)


def fragment(files: Sequence[tuple[str, str]]) -> str:
    """Files as the playground reads them from its address."""
    data = json.dumps({"files": [[path, without_marks(text)] for path, text in files]}, separators=(",", ":"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data.encode()) + packer.flush()
    return "z" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


# --- steps -----------------------------------------------------------------------------------------------------------


def _steps(body: str, case: Case) -> str:
    raised = sorted({mark.exception.split("/")[0] for mark in case.marks if mark.exception})
    ends = f' <span class="sl-error">raises <code>{" or ".join(raised)}</code></span>' if raised else ""
    sessions = [list(_told(part.strip().splitlines())) for part in body.split("\n\n") if part.strip()]
    lists = "".join(f"<ol>{''.join(map(_item, [*told[:-1], told[-1] + ends]))}</ol>" for told in sessions)
    return f'<div class="sl-steps"><p>What a real Streamlit does with it:</p>{lists}</div>'


def _item(text: str) -> str:
    return f"<li>{text}</li>"


def _told(steps: Sequence[str]) -> Iterator[str]:
    seen = {"A"} if steps[0].startswith(("run", "open")) else set[str]()
    fresh = True
    for step in steps:
        kind, _, rest = step.partition(" ")
        if kind == "session":
            fresh = rest not in seen
            seen.add(rest)
            yield f"<em>{'another user' if fresh else 'the user before'} (session {escape(rest)})</em>"
        elif kind == "run":
            yield "first visit" if fresh else "the script runs again"
            fresh = False
        else:
            words = shlex.split(rest) if kind != "shows" and kind != "hides" else [_unquoted(rest)]
            yield _TELLING[kind](*[escape(word) for word in words])
            fresh = False


def _unquoted(text: str) -> str:
    words = shlex.split(text)
    return words[0] if len(words) == 1 else text


_TELLING: dict[str, Callable[..., str]] = {
    "open": lambda page: f"open <code>{page}</code>",
    "click": lambda name: f"click <b>{name}</b>",
    "set": lambda name, *value: f"set <b>{name}</b> to <code>{' '.join(value)}</code>",
    "type": lambda name, *value: f"type <code>{' '.join(value)}</code> into <b>{name}</b>",
    "edit": lambda row, column, *value: f"set cell {row}, {column} of the table to <code>{' '.join(value)}</code>",
    "shows": lambda text: f"the page shows <q>{text}</q>",
    "hides": lambda text: f"the page does <em>not</em> show <q>{text}</q>",
    "endless": lambda *step: f"{' '.join(step)}: now the app runs again and again by itself",
}
