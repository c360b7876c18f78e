"""What the tools answer; clients get the JSON Schemas of these. Rows and columns count from 1, in code points."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Severity = Literal["error", "warning", "hint"]


class Range(BaseModel):
    """A range of a file; the end is not part of it."""

    file: str = Field(description="absolute path")
    row: int
    column: int
    end_row: int
    end_column: int


class Note(BaseModel):
    """A step of a witness, or another place that explains a finding."""

    text: str
    place: Range | None = Field(description="null for what happens outside of the code, such as a click")


class Repair(BaseModel):
    """A fix that there is for a finding."""

    title: str
    applicability: Literal["safe", "unsafe", "display"] = Field(
        description="safe: keeps what the app does; unsafe: may change it; display: only to be read"
    )


class Found(BaseModel):
    """One bug."""

    code: str
    name: str
    severity: Severity
    confidence: Literal["certain", "possible"] = Field(description="possible: the witness assumes what it names")
    message: str = Field(description="what happens, and why")
    help: str = Field(description="what to do")
    place: Range
    witness: list[Note] = Field(description="the run that ends in the bug, step by step")
    related: list[Note]
    key: str | None = Field(description="the key of session state that it is about")
    fix: Repair | None
    url: str


class Trouble(BaseModel):
    """Why a file, or a part of the analysis, has no findings."""

    kind: Literal["syntax", "io", "internal"]
    message: str
    place: Range


class Linted(BaseModel):
    """What is wrong in the files asked for."""

    total: int = Field(description="how many findings there are; `findings` may have fewer")
    findings: list[Found]
    problems: list[Trouble]
    files: int = Field(description="how many files were checked")
    apps: int = Field(description="how many apps these belong to")


class Explained(BaseModel):
    """A rule."""

    code: str
    name: str
    summary: str
    severity: Severity
    default: bool = Field(description="whether it is on unless something says otherwise")
    fix: Literal["none", "sometimes", "always"] = Field(description="whether there are fixes")
    url: str
    explanation: str = Field(description="its page, in Markdown")


class Fixed(BaseModel):
    """A finding that the diff repairs."""

    code: str
    name: str
    message: str
    file: str


class Preview(BaseModel):
    """What fixes would change. Nothing is written."""

    diff: str = Field(description="unified diff, its paths relative to the workspace; empty if nothing would change")
    fixed: list[Fixed]
    remaining: int = Field(description="how many findings there would be afterwards")
    problems: list[Trouble]


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Spot(_Camel):
    """A range without its file."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(Spot):
    """A range; `file` is relative to the root of the app."""

    file: str


class Use(Place):
    """One use of a key."""

    key: str | None
    use: str
    spelled: Spot | None
    literal: bool
    function: str | None
    pages: list[str]
    callbacks: list[str]
    element: str | None
    protected: bool | None = Field(description="of a read, whether the key is there whenever it is read")


class Warned(Place):
    """A finding about a key."""

    code: str
    name: str
    message: str
    severity: Severity


class Key(_Camel):
    """A key of session state."""

    key: str
    kind: Literal["widget", "plain"]
    types: list[str]
    survives_page_switch: bool | None
    initialisers: list[Place]
    files: dict[str, dict[str, int]]
    uses: list[Use]
    warnings: list[Warned]


class App(_Camel):
    """An app with its pages and its keys."""

    root: str
    entrypoint: str
    pages: list[str]
    titles: dict[str, str]
    keys: list[Key]
    dynamic: list[Use]
    unknown: list[Place]


class Mapped(_Camel):
    """The keys of all apps, as `streamlint keys --output-format json` prints them."""

    version: Literal[1]
    apps: list[App]
