"""Rule pages as tests: reads the Markdown of a rule and gives the small apps that it shows.

The grammar of a page, which is also that of CONTRIBUTING.md:

* A fenced block whose info string is `py` is a file of an app. Other blocks are only text.
* A heading starts a new case, and so does the paragraph `Use instead:`. All blocks up to the next start are the
  files of one app; a section without `py` blocks is no case.
* A paragraph that ends in a path in backticks and a colon (`` `pages/Report.py`: ``) names the block after it.
  A block without a name is `app.py`. The first block of a case is the entrypoint.
* A block with the info string `py fixed` is the file before it (or the one named) after all fixes, unsafe ones too.
* A comment `# error: STL101 AttributeError` marks its line: streamlint reports that code there, and Streamlit raises
  that exception there. Without an exception, only the report is meant. `New/Old` names an exception that was called
  otherwise once; one in parentheses is raised by Streamlit itself, at no line of the app. `# raises: AttributeError`
  marks a line where Streamlit raises what is reported elsewhere.
* A block with the info string `text run` says what the user does, one step a line, sequences (each a new session)
  separated by blank lines. The steps are `run` (rerun, or the first visit), `open pages/Report.py` (another page; as
  the first step, a deep link), `open report` (a page of `st.navigation` by its address), `click NAME`,
  `set NAME VALUE` (and rerun), `type NAME VALUE` (inside a form), where NAME is a key or a label in shell quoting, and
  `edit ROW COLUMN VALUE` (a cell of the first data editor).
  `shows TEXT` and `hides TEXT` say what stands on the page after the step before, or does not: so a page proves a loss
  that raises nothing.
  `session B` goes on in another session of the same process (the first is A).
  Without such a block a case is run once, and one without marks is also opened at every page.
* A block with the info string `text browser` has the same steps, taken by a browser at a real server: after a page
  switch, the deletion of a widget's key or in fragments, `AppTest`, which takes the others, does not do as a browser
  does. Here each session is a new tab at the same server, `set` is for widgets outside of forms, `type` for those in
  forms, and `endless STEP` a step after which the app runs again and again by itself. With `text browser chromium`
  Chromium takes the steps on the real frontend, too: see `dev.py browser`.
* In a case with marks the last step of each sequence raises at a marked line and no other step raises; together the
  sequences reach every mark that names an exception. In a case without marks nothing raises.
* A line `# needs Streamlit 1.63` says from which version on an app does so.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

RULES = Path(__file__).parent.parent / "shared_rules" / "streamlint" / "rules"
ENTRYPOINT = "app.py"
MARK = "# error:"
RAISES = "# raises:"


class PageError(Exception):
    """A page does not follow the grammar; the message names page and line."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One expected report: `line` is 1-based, `exception` the class name that Streamlit shows, or None. Without
    a `code` nothing is reported here, it only raises."""

    path: str
    line: int
    code: str
    exception: str | None = None
    outside: bool = False
    """Raised by Streamlit itself, at no line of the app."""


@dataclass(frozen=True, slots=True)
class Case:
    """One app of a page. `files` are in the order of the page, so the first is the entrypoint."""

    page: str
    title: str
    files: tuple[tuple[str, str], ...]
    runs: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    """The files that fixes change, as they leave them."""
    visits: tuple[tuple[str, ...], ...] = ()
    """What is done in a browser."""
    painted: tuple[tuple[str, ...], ...] = ()
    """What of that is done in a real one, too."""

    @property
    def id(self) -> str:
        """Names the case in a test report."""
        return f"{self.page}: {self.title}"

    @property
    def entrypoint(self) -> str:
        return self.files[0][0]

    @property
    def marks(self) -> frozenset[Mark]:
        return frozenset(mark for path, text in self.files for mark in marks_of(path, text))

    @property
    def sequences(self) -> tuple[tuple[str, ...], ...]:
        """What `AppTest` does: as the page says, else one visit (and each page in turn where nothing is marked)."""
        if self.runs or self.visits:
            return self.runs
        if self.marks:
            return (("run",),)
        opened = tuple((f"open {path}",) for path, _ in self.files if path.startswith("pages/"))
        return (("run",), *opened)

    def write(self, directory: Path) -> None:
        """Writes the files below `directory`, byte for byte."""
        for path, text in self.files:
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())


def marks_of(path: str, text: str) -> Iterator[Mark]:
    """The marks in the comments of a file."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.string.startswith(MARK):
            words = token.string.removeprefix(MARK).split()
            if len(words) not in (1, 2):
                raise PageError(f"{path}:{token.start[0]}: a mark is `{MARK} CODE [Exception]`")
            name = words[1] if len(words) == 2 else None
            outside = name is not None and name.startswith("(")
            yield Mark(path, token.start[0], words[0], name.strip("()") if name else None, outside)
        elif token.type == tokenize.COMMENT and token.string.startswith(RAISES):
            yield Mark(path, token.start[0], "", token.string.removeprefix(RAISES).strip())


@dataclass(slots=True)
class _Draft:
    """A case while its section is read."""

    title: str
    files: list[tuple[str, str]] = field(default_factory=list)
    runs: list[tuple[str, ...]] = field(default_factory=list)
    fixed: list[tuple[str, str]] = field(default_factory=list)
    visits: list[tuple[str, ...]] = field(default_factory=list)
    painted: list[tuple[str, ...]] = field(default_factory=list)
    next_path: str | None = None

    def case(self, page: str) -> Case:
        files, runs, fixed, visits = tuple(self.files), tuple(self.runs), tuple(self.fixed), tuple(self.visits)
        return Case(page, self.title, files, runs, fixed, visits, tuple(self.painted))


def parse(markdown: str, page: str) -> list[Case]:
    """The cases of a page, in its order. Raises `PageError` where the page does not follow the grammar."""
    drafts = [_Draft("head")]
    tokens = MarkdownIt().parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            _read_text(drafts, token, is_heading=before is not None and before.type == "heading_open")
        elif token.type == "fence":
            _read_block(drafts[-1], token, page)
    for draft in drafts:
        if (draft.runs or draft.visits) and not draft.files:
            raise PageError(f"{page}: {draft.title}: steps without an app")
    return [draft.case(page) for draft in drafts if draft.files]


def _read_text(drafts: list[_Draft], token: Token, *, is_heading: bool) -> None:
    if is_heading:
        drafts.append(_Draft(token.content))
    elif token.content == "Use instead:":
        drafts.append(_Draft(f"{drafts[-1].title} / use instead"))
    else:
        children = token.children or []
        if len(children) >= 2 and children[-2].type == "code_inline" and children[-1].content == ":":
            drafts[-1].next_path = children[-2].content


def _read_block(draft: _Draft, token: Token, page: str) -> None:
    if token.info == "py":
        name = draft.next_path or ENTRYPOINT
        if any(path == name for path, _ in draft.files):
            line = token.map[0] + 1 if token.map else 0
            raise PageError(f"{page}:{line}: a second {name} in the section {draft.title!r}")
        draft.files.append((name, token.content))
        draft.next_path = None
    elif token.info == "py fixed":
        if not draft.files:
            raise PageError(f"{page}: {draft.title}: a fix of nothing")
        draft.fixed.append((draft.next_path or draft.files[-1][0], token.content))
        draft.next_path = None
    elif token.info in ("text run", "text browser", "text browser chromium"):
        sessions = [tuple(part.strip().splitlines()) for part in token.content.split("\n\n") if part.strip()]
        (draft.runs if token.info == "text run" else draft.visits).extend(sessions)
        draft.painted += sessions if token.info == "text browser chromium" else []


def rule_pages() -> list[Path]:
    """The pages of all rules, sorted by name."""
    return sorted(RULES.glob("*.md"))


def all_cases() -> list[Case]:
    """The cases of all rule pages."""
    return [case for path in rule_pages() for case in parse(path.read_text(encoding="utf-8"), path.stem)]
