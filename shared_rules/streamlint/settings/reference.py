"""What each setting means, in the words of the documentation; `schema` says what its value must be."""

from __future__ import annotations

from collections.abc import Mapping

from streamlint.records import immutable
from streamlint.settings import schema
from streamlint.settings.model import ACCESS_STYLES, CONFIDENCES, OUTPUT_FORMATS

TYPES: Mapping[schema.Check, str] = {
    schema._strings: "list of strings",
    schema._string: "string",
    schema._boolean: "`true` or `false`",
    schema._count: "number",
    schema._table_of_strings: "table of lists of strings",
    schema._streamlit_version: "version in quotes",
}
"""How the values of a check are called."""


@immutable
class Meaning:
    """One setting. `example` is TOML of the table `[tool.streamlint]`, or with a head of its own."""

    text: str
    example: str
    default: str = ""
    """In words, where the value of `Settings` does not say it."""
    choices: tuple[str, ...] = ()


_LIKE_RUFF = "Globs are relative to the folder of the file that they stand in."

MEANINGS: Mapping[str, Meaning] = {
    "access-style": Meaning(
        "How keys are to be written, for [mixed-access-style (STL503)](../rules/mixed-access-style.md): "
        '`st.session_state.name`, `st.session_state["name"]`, or as most of the app does.',
        'access-style = "attribute"',
        choices=ACCESS_STYLES,
    ),
    "baseline": Meaning(
        "The file of the findings that are known and stay quiet. `streamlint check --write-baseline` writes it.",
        'baseline = "streamlint-baseline.json"',
        default="`.streamlint-baseline.json` in the project's root, if it is there",
    ),
    "cache-dir": Meaning(
        "The folder of the cache, which makes the second run fast. It may be deleted at any time.",
        'cache-dir = "build/streamlint"',
        default="`.streamlint_cache` in the project's root",
    ),
    "entrypoints": Meaning(
        "The scripts that `streamlit run` is given, as globs. streamlint finds them by itself in most projects. "
        "What it found wrongly is corrected here.",
        'entrypoints = ["src/app.py", "tools/*/main.py"]',
        default="none: they are found",
    ),
    "exclude": Meaning(
        "Files and folders that are left out. This replaces the default list; to add to it, take "
        f"[`extend-exclude`](#extend-exclude). {_LIKE_RUFF}",
        'exclude = ["archive", "*_old.py"]',
    ),
    "extend": Meaning(
        "Another file whose settings hold where this one says nothing.",
        'extend = "../pyproject.toml"',
        default="none",
    ),
    "extend-exclude": Meaning(
        f"Files and folders that are left out besides those of [`exclude`](#exclude). {_LIKE_RUFF}",
        'extend-exclude = ["experiments"]',
    ),
    "extend-ignore": Meaning(
        "Rules that are off besides those of [`ignore`](#ignore).",
        'extend-ignore = ["STL210"]',
        default="none",
    ),
    "extend-per-file-ignores": Meaning(
        "As [`per-file-ignores`](#per-file-ignores), besides those.",
        '[tool.streamlint.extend-per-file-ignores]\n"demo/*" = ["STL2"]',
        default="none",
    ),
    "extend-select": Meaning(
        "Rules that are on besides those of [`select`](#select): codes, beginnings of codes, or names.",
        'extend-select = ["STL5"]  # the rules of style, too',
    ),
    "force-exclude": Meaning(
        "Whether what is excluded is left out even when it is named on the command line, as pre-commit does.",
        "force-exclude = true",
    ),
    "ignore": Meaning(
        "Rules that are off. Where `select` and `ignore` both match a rule, the more specific of them wins.",
        'ignore = ["stale-display", "STL3"]',
        default="none",
    ),
    "jobs": Meaning(
        "How many processes read files. Small projects use one.",
        "jobs = 2",
        default="one for each core, where there is enough to do",
    ),
    "library-keys": Meaning(
        "Session-state keys that a library sets when your app calls it: the name of the module, and the keys. "
        "streamlint does not look into libraries, so it cannot know them.",
        '[tool.streamlint.library-keys]\nstreamlit_authenticator = ["authentication_status", "username", "name"]',
        default="none",
    ),
    "min-confidence": Meaning(
        "Which reports are made. A `certain` one needs no assumption about your data; a `possible` one says which it "
        "makes ([more](../inside/witnesses.md#possible-and-certain)).",
        'min-confidence = "certain"',
        choices=CONFIDENCES,
    ),
    "output-format": Meaning("How findings are printed.", 'output-format = "concise"', choices=OUTPUT_FORMATS),
    "per-file-ignores": Meaning(
        f"Rules that are off in some files, by glob. {_LIKE_RUFF}",
        '[tool.streamlint.per-file-ignores]\n"prototypes/*" = ["STL1"]',
        default="none",
    ),
    "respect-gitignore": Meaning("Whether files that git ignores are left out.", "respect-gitignore = false"),
    "select": Meaning(
        "Rules that are on, instead of the default ones: codes (`STL101`), beginnings of codes (`STL1`), names "
        "(`key-never-set`), or `ALL`.",
        'select = ["STL1", "STL3"]',
    ),
    "src": Meaning(
        "The folders in which absolute imports begin, so that `import state` leads to your `state.py`.",
        'src = ["app"]',
    ),
    "target-version": Meaning(
        "The version of Streamlit that your app runs on. Streamlit's behaviour changed often, and so do the reports.",
        'target-version = "1.40"',
        default="that of your lock or requirements file, else the newest that streamlint knows",
    ),
}
