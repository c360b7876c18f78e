"""The output formats that other programs read. Each takes the entries and returns the whole text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from streamlint import __version__
from streamlint.findings import Severity

from streamlint_cli.entries import STDIN, EditEntry, Entry, Location, Note, Position
from streamlint_cli.identities import fingerprints

if TYPE_CHECKING:
    from xml.etree import ElementTree

HOME = "https://streamlint.readthedocs.io"


def as_json(entries: Sequence[Entry]) -> str:
    """Ruff's JSON: an array with one object for each row."""
    return json.dumps([_ruff(entry) for entry in entries], indent=2) + "\n"


def as_json_lines(entries: Sequence[Entry]) -> str:
    """Ruff's JSON, one object a line."""
    return "".join(json.dumps(_ruff(entry), separators=(",", ":")) + "\n" for entry in entries)


def _ruff(entry: Entry) -> dict[str, Any]:
    return {
        "cell": None,
        "code": entry.code,
        "end_location": _row_column(entry.location.end),
        "filename": entry.location.path,
        "fix": _ruff_fix(entry),
        "location": _row_column(entry.location.start),
        "message": entry.message,
        "name": entry.name,
        "noqa_row": entry.noqa_row,
        "severity": _ruff_severity(entry.severity),
        "url": entry.url,
    }


def _ruff_severity(severity: Severity) -> str:
    """Ruff's words for it: it says `info` where the editor says hint."""
    return "info" if severity is Severity.HINT else severity.value


def _ruff_fix(entry: Entry) -> dict[str, Any] | None:
    fix = entry.finding.fix if entry.finding else None
    if fix is None:
        return None
    found = {
        "applicability": fix.applicability.name.lower(),
        "edits": _ruff_edits(entry.edits),
        "message": fix.title,
    }
    if entry.elsewhere:  # Ruff's fixes change one file only
        found["other_files"] = [{"edits": _ruff_edits(edits), "filename": path} for path, edits in entry.elsewhere]
    return found


def _ruff_edits(edits: Iterable[EditEntry]) -> list[dict[str, Any]]:
    return [
        {"content": edit.content, "end_location": _row_column(edit.end), "location": _row_column(edit.start)}
        for edit in edits
    ]


def _row_column(position: Position) -> dict[str, int]:
    return {"column": position.column, "row": position.row}


def as_github(entries: Sequence[Entry]) -> str:
    """Workflow commands of GitHub Actions."""
    return "".join(_github_command(entry) + "\n" for entry in entries)


def _github_command(entry: Entry) -> str:
    level = "notice" if entry.severity is Severity.HINT else entry.severity.value
    where = entry.location
    properties = {
        "title": f"streamlint ({entry.code})",
        "file": where.path,
        "line": where.start.row,
        "col": where.start.column,
        "endLine": where.end.row,
        "endColumn": where.end.column,
    }
    listed = ",".join(f"{name}={_github_property(str(value))}" for name, value in properties.items())
    hint = f"\n  help: {entry.help}" if entry.help else ""
    return f"::{level} {listed}::" + _github_data(f"{where}: {entry.label} {entry.message}{hint}")


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


GITLAB_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.HINT: "minor"}


def as_gitlab(entries: Sequence[Entry]) -> str:
    """GitLab's code quality report."""
    issues = [_gitlab_issue(*each) for each in zip(entries, fingerprints(entries), strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _gitlab_issue(entry: Entry, fingerprint: str) -> dict[str, Any]:
    where = entry.location
    return {
        "check_name": entry.code,
        "description": f"{entry.code}: {entry.message}",
        "severity": GITLAB_SEVERITY[entry.severity],
        "fingerprint": fingerprint,
        "location": {
            "path": PurePath(where.shown).as_posix(),
            "positions": {"begin": _line_column(where.start), "end": _line_column(where.end)},
        },
    }


def _line_column(position: Position) -> dict[str, int]:
    return {"line": position.row, "column": position.column}


def as_junit(entries: Sequence[Entry]) -> str:
    """JUnit's XML: one suite a file, one failed case a row."""
    from xml.etree import ElementTree

    count = str(max(1, len(entries)))
    counts = {"tests": count, "skipped": "0", "failures": str(len(entries)), "errors": "0"}
    root = ElementTree.Element("testsuites", {"name": "streamlint", **counts})
    for path, group in groupby(entries, key=lambda entry: entry.location.path):
        _junit_suite(root, path, list(group))
    if not entries:
        suite = ElementTree.SubElement(root, "testsuite", {"name": "streamlint", **counts, "package": "org.streamlint"})
        ElementTree.SubElement(suite, "testcase", {"name": "No errors found", "classname": "streamlint"})
    ElementTree.indent(root, "    ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _junit_suite(root: ElementTree.Element, path: str, group: Sequence[Entry]) -> None:
    from xml.etree import ElementTree

    count = str(len(group))
    suite = ElementTree.SubElement(root, "testsuite", {"name": _xml(path), "tests": count, "skipped": "0"})
    suite.attrib |= {"errors": "0", "failures": count, "package": "org.streamlint"}
    for entry in group:
        start = entry.location.start
        names = {"name": f"org.streamlint.{entry.code}", "classname": _xml(str(PurePath(path).with_suffix("")))}
        case = ElementTree.SubElement(suite, "testcase", names)
        case.attrib |= {"line": str(start.row), "column": str(start.column)}
        properties = ElementTree.SubElement(case, "properties")
        ElementTree.SubElement(properties, "property", {"name": "severity", "value": _ruff_severity(entry.severity)})
        failure = ElementTree.SubElement(case, "failure", {"message": _xml(entry.message)})
        failure.text = _xml(f"line {start.row}, col {start.column}, {entry.message}")


def _xml(text: str) -> str:
    """XML 1.0 cannot say most control characters, not even escaped."""
    return "".join(
        char if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in text
    )


FINGERPRINT = "streamlint/v1"
"""Not GitHub's own name, `primaryLocationLineHash`: it warns where that is not as it computes it."""
SARIF_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def as_sarif(entries: Sequence[Entry]) -> str:
    """SARIF 2.1.0. The witness is a code flow, so that viewers can step through it."""
    codes = sorted({entry.code for entry in entries})
    rules = [_sarif_rule(next(entry for entry in entries if entry.code == code)) for code in codes]
    driver = {"name": "streamlint", "informationUri": HOME, "version": __version__, "rules": rules}
    names = fingerprints(entries)
    results = [_sarif_result(entry, codes.index(entry.code), name) for entry, name in zip(entries, names, strict=True)]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_rule(entry: Entry) -> dict[str, Any]:
    from streamlint.rules import page, rule

    described: dict[str, Any] = {"id": entry.code, "name": entry.name}
    described["defaultConfiguration"] = {"enabled": True, "level": SARIF_LEVEL[entry.severity]}
    known = rule(entry.code)
    if known is not None:
        text = page(known)
        described["shortDescription"] = {"text": known.summary}
        described["fullDescription"] = {"text": known.summary}
        described["help"] = {"text": text, "markdown": text}
        described["helpUri"] = entry.url
    return described


def _sarif_result(entry: Entry, index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": entry.code,
        "ruleIndex": index,
        "level": SARIF_LEVEL[entry.severity],
        "message": {"text": f"{entry.message}\n{entry.help}" if entry.help else entry.message},
        "locations": [_sarif_location(entry.location)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if entry.related:
        result["relatedLocations"] = _sarif_notes(entry.related)
    if entry.witness:
        result["codeFlows"] = [{"threadFlows": [{"locations": _sarif_steps(entry)}]}]
    if entry.finding is not None and entry.finding.fix is not None:
        result["fixes"] = [_sarif_fix(entry, entry.finding.fix.title)]
    return result


def _sarif_steps(entry: Entry) -> list[dict[str, Any]]:
    """The witness. A step outside the code, such as a click, is laid to the file of the next one, without a line: some
    viewers cannot show steps without a file."""
    found: list[dict[str, Any]] = []
    path = entry.location.path
    for note in reversed(entry.witness):
        path = note.location.path if note.location else path
        where = _sarif_location(note.location) if note.location else _sarif_file(path)
        found.append({"location": where | {"message": {"text": note.text}}})
    return found[::-1]


def _sarif_fix(entry: Entry, title: str) -> dict[str, Any]:
    files = ([(entry.location.path, entry.edits)] if entry.edits else []) + list(entry.elsewhere)
    return {
        "description": {"text": title},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _sarif_uri(path)},
                "replacements": [
                    {"deletedRegion": _sarif_region(edit.start, edit.end), "insertedContent": {"text": edit.content}}
                    for edit in edits
                ],
            }
            for path, edits in files
        ],
    }


def _sarif_notes(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [
        (_sarif_location(note.location) if note.location else {}) | {"message": {"text": note.text}} for note in notes
    ]


def _sarif_region(start: Position, end: Position) -> dict[str, int]:
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def _sarif_uri(path: str) -> str:
    return "stdin" if path == STDIN else Path(path).as_uri()


def _sarif_file(path: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _sarif_uri(path)}}}


def _sarif_location(where: Location) -> dict[str, Any]:
    region = _sarif_region(where.start, where.end)
    return {"physicalLocation": {"artifactLocation": {"uri": _sarif_uri(where.path)}, "region": region}}


def as_pylint(entries: Sequence[Entry]) -> str:
    """One line a row, as old versions of pylint wrote it: for tools that read those."""
    lines = (f"{e.location.shown}:{e.location.start.row}: [{e.code}] {one_line(e.message)}\n" for e in entries)
    return "".join(lines)


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


def as_rdjson(entries: Sequence[Entry]) -> str:
    """reviewdog's diagnostic format."""
    source = {"name": "streamlint", "url": HOME}
    diagnostics = [_rdjson_diagnostic(entry) for entry in entries]
    return json.dumps({"diagnostics": diagnostics, "severity": "WARNING", "source": source}, indent=2) + "\n"


RDJSON_SEVERITY = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.HINT: "INFO"}


def _rdjson_diagnostic(entry: Entry) -> dict[str, Any]:
    code = {"value": entry.code} | ({"url": entry.url} if entry.url else {})
    where = entry.location
    found: dict[str, Any] = {
        "code": code,
        "location": {"path": where.path, "range": _rdjson_range(where.start, where.end)},
        "message": entry.message,
        "severity": RDJSON_SEVERITY[entry.severity],
    }
    if entry.edits:
        found["suggestions"] = [_rdjson_suggestion(edit) for edit in entry.edits]
    return found


def _rdjson_suggestion(edit: EditEntry) -> dict[str, Any]:
    return {"range": _rdjson_range(edit.start, edit.end), "text": edit.content}


def _rdjson_range(start: Position, end: Position) -> dict[str, Any]:
    return {"end": _line_column(end), "start": _line_column(start)}


def as_azure(entries: Sequence[Entry]) -> str:
    """Logging commands of Azure Pipelines."""
    return "".join(_azure_command(entry) + "\n" for entry in entries)


def _azure_command(entry: Entry) -> str:
    level = "error" if entry.severity is Severity.ERROR else "warning"
    start = entry.location.start
    path = _azure_escape(entry.location.path)
    where = f"sourcepath={path};linenumber={start.row};columnnumber={start.column};code={entry.code};"
    return f"##vso[task.logissue type={level};{where}]" + _azure_escape(entry.message, property=False)


def _azure_escape(text: str, *, property: bool = True) -> str:
    text = text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(";", "%3B").replace("]", "%5D") if property else text


FORMATS: dict[str, Callable[[Sequence[Entry]], str]] = {
    "json": as_json,
    "json-lines": as_json_lines,
    "github": as_github,
    "gitlab": as_gitlab,
    "junit": as_junit,
    "sarif": as_sarif,
    "pylint": as_pylint,
    "rdjson": as_rdjson,
    "azure": as_azure,
}
