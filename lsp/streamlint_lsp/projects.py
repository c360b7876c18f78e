"""The engine's side of a session: linters by project, and what they say about open files.

Lives in the worker's thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from streamlint.facts.names import StateNames, names_of, names_of_broken, repaired
from streamlint.findings import Applicability, FileEdits, Finding, Span
from streamlint.fixes.building import parses
from streamlint.fixes.renaming import literal_at
from streamlint.fixes.syntax import Syntax
from streamlint.fixing import Fixed, fix_paths
from streamlint.lint import Linter, Progress, Report
from streamlint.project.cache import clean
from streamlint.records import immutable
from streamlint.renaming import rename_key
from streamlint.settings import Settings
from streamlint.source import DecodeError, SourceText
from streamlint.statemap import StateMap, known_owners, map_of_file
from streamlint.streamlit_api import NEWEST

from streamlint_lsp.loading import described, load
from streamlint_lsp.mapping import Maps
from streamlint_lsp.options import Options
from streamlint_lsp.tables import KeyInfo, table


@immutable
class Answer:
    """What the engine says of one file, for the text `source`. `version` is that of the document then, which may have
    been broken: `source` is then the last text that could be parsed."""

    path: str
    version: int | None
    source: SourceText
    findings: tuple[Finding, ...] = ()
    maps: tuple[StateMap, ...] = ()
    """The state maps of the apps that run the file; none in a first answer, which is about the findings alone."""
    texts: Mapping[str, SourceText] = field(default_factory=dict)
    """The texts that all places count in, by path."""
    noqa_rows: Mapping[Finding, int] = field(default_factory=dict)
    """The 1-based line at whose end a comment that suppresses a finding belongs."""
    names: StateNames | None = None
    """What means the session state, in the newest text that there was then, which may not parse."""
    table: tuple[KeyInfo, ...] = ()
    """The keys of the apps that run the file."""
    elsewhere: tuple[Finding, ...] = ()
    """What is wrong in the other files of these apps."""
    target: tuple[int, int] = NEWEST
    """The Streamlit release that the app is judged for."""
    options: Options = field(default_factory=Options)
    """What the user wants for the file."""


@immutable
class _Known:
    """An open file: the newest text, and the newest one that parses."""

    version: int
    text: str
    good: str | None


class Projects:
    """Not safe for threads. `say` is called with each problem of settings or of the engine, once for each text."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: set[str] = set()
        self._mistakes: dict[str, frozenset[str]] = {}
        """In settings, by the file or folder that they are for."""
        self._linters: dict[tuple[Settings, Options], Linter] = {}
        self._settings: dict[tuple[str, Options], Settings] = {}
        self._open: dict[str, _Known] = {}
        self.options: Callable[[str], Options] = lambda path: Options()

    # --- files ---------------------------------------------------------------------------------------------------

    def write(self, path: str, version: int, text: str) -> None:
        """An open file has this text now."""
        known = self._open.get(path)
        good = text if parses(text) else known.good if known else None
        self._open[path] = _Known(version, text, good)
        if good is not None and (known is None or good != known.good):
            self._replace(path, good)

    def close(self, path: str) -> None:
        """From now on the file is what the disk has."""
        if self._open.pop(path, None) is not None:
            self._replace(path, None)

    def _replace(self, path: str, text: str | None) -> None:
        for (settings, _), linter in self._linters.items():
            if _is_inside(path, linter.settings.root) or _is_inside(path, settings.root):
                linter.replace(path, text)

    def changed_outside(self, paths: Iterable[str]) -> None:
        """Files were changed, made or removed by others."""
        for path in paths:
            if path.endswith(".py") and os.path.exists(path):
                if path not in self._open:
                    self._replace(path, None)
            else:
                self.forget()
                return

    def forget(self) -> None:
        """Settings have changed, or which files there are: everything is looked at anew (the disk cache helps)."""
        self._linters.clear()
        self._settings.clear()

    # --- settings ------------------------------------------------------------------------------------------------

    def settings(self, path: str) -> Settings:
        """The settings for a file or folder; mistakes in them are said, and what is mistaken is left out."""
        options = self.options(path)
        at = (path if os.path.isdir(path) else os.path.dirname(path), options)
        if at not in self._settings:
            settings, mistakes = load(path, options)
            self._say_mistakes(path, mistakes)
            self._settings[at] = settings
        return self._settings[at]

    def _say_mistakes(self, path: str, mistakes: Sequence[str]) -> None:
        """Each once, until it is gone."""
        self._said -= self._mistakes.get(path, frozenset()) - set(mistakes)
        self._mistakes[path] = frozenset(mistakes)
        for each in mistakes:
            self.say(each)

    def say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._say(text)

    def linter(self, path: str) -> Linter:
        """The linter for a file or folder: one for each root and options."""
        settings, options = self.settings(path), self.options(path)
        if (settings, options) not in self._linters:
            inside = self.overlays(settings)
            self._linters[settings, options] = Linter(settings, overlays=inside, mapped=True)
        return self._linters[settings, options]

    def overlays(self, settings: Settings) -> dict[str, str]:
        """The texts of the open files of a project; of a broken one the last that could be parsed."""
        texts = {path: known.good for path, known in self._open.items() if known.good is not None}
        return {path: text for path, text in texts.items() if _is_inside(path, settings.root)}

    def is_broken(self, path: str) -> bool:
        """Whether the newest text of an open file is not Python."""
        return path in self._open and self._open[path].good != self._open[path].text

    # --- questions -----------------------------------------------------------------------------------------------

    def analyse(self, paths: Collection[str], progress: Progress) -> dict[str, Answer]:
        """What is to say about these open files. `progress` is called before each app; it may raise `Interrupted`."""
        groups: dict[Linter, list[str]] = {}
        found: dict[str, Answer] = {}
        for path in sorted(paths):
            known = self._open.get(path)
            if known is None:
                continue
            if known.good is None or not self.options(path).enable or self.linter(path).excludes(path):
                found[path] = Answer(path, known.version, SourceText(path, known.text))
            else:
                groups.setdefault(self.linter(path), []).append(path)
        for linter, mine in groups.items():
            report = linter.lint(mine, progress=progress)
            self._complain(report)
            found |= {path: self._answer(linter, report, path) for path in mine}
        return found

    def everything(self, folder: str) -> dict[str, Answer]:
        """What is to say about the files of a folder that have findings."""
        linter = self.linter(folder)
        report = linter.lint([folder])
        self._complain(report)
        found: dict[str, Answer] = {}
        for path in sorted({finding.place.path for finding in report.findings}):
            found[path] = self._answer(linter, report, path)
        return found

    def rename(self, path: str, key: str, name: str) -> list[tuple[SourceText, FileEdits]]:
        """The edits that rename a key, each with the text that they are for. Raises `Refused`."""
        settings = self.settings(path)
        texts = {p: known.text for p, known in self._open.items() if _is_inside(p, settings.root)}
        linter = Linter(settings, overlays=texts, mapped=True)
        found = rename_key(linter, path, key, name)
        return [
            (SourceText(each.path, texts[each.path]) if each.path in texts else _on_disk(each.path), each)
            for each in found
        ]

    def literal(self, path: str, offset: int) -> tuple[Span, str] | None:
        """The string literal at an offset of a file."""
        syntax = self.linter(path).syntax(path)
        return literal_at(syntax, offset) if syntax is not None else None

    def text(self, path: str) -> SourceText | None:
        """The text that places in a file count in."""
        return _source(self.linter(path), path)

    def judged_maps(self, place: str) -> Maps:
        """The state maps of the apps of a file or folder, with what is wrong in their files."""
        linter = self.linter(place)
        root = str(linter.settings.root)
        if not self.options(place).enable:
            return Maps(root)
        maps, report = linter.judged_maps([place])
        return Maps(root, maps, report.findings)

    def configuration(self, path: str) -> dict[str, Any]:
        """What holds for a file or folder."""
        linter = self.linter(path)
        return described(path, linter.settings, self.options(path), linter.excludes(path))

    def clear_caches(self, folders: Iterable[str]) -> list[str]:
        """Removes the caches of the projects that are known and of these folders; gives those there were."""
        known = [linter.settings.cache_dir for linter in self._linters.values()]
        known += [self.settings(folder).cache_dir for folder in folders]
        self.forget()
        return sorted({str(folder) for folder in known if folder is not None and clean(folder)})

    def modules(self, answer: Answer) -> tuple[str, ...]:
        """The files of the apps that run an answer's file, and that file; none that is open and broken, or excluded."""
        paths = {answer.path}.union(*(each.modules for each in answer.maps))
        linter = self.linter(answer.path)
        whole = (path for path in paths if not self.is_broken(path))
        return tuple(sorted(path for path in whole if path == answer.path or not linter.excludes(path)))

    def findings_of_app(self, answer: Answer) -> tuple[Finding, ...]:
        """What is to say about those files."""
        return self.linter(answer.path).lint(self.modules(answer)).findings

    def fixed(self, paths: Sequence[str], home: str, least: Applicability, codes: Collection[str] | None) -> Fixed:
        """Files after all fixes that are at least this sure, of these rules; the settings are those of `home`."""
        settings = self.settings(home)
        return fix_paths(paths, settings, least=least, overlays=self.overlays(settings), codes=codes)

    def _complain(self, report: Report) -> None:
        for problem in report.problems:
            if problem.kind == "internal":
                self.say(f"{problem.path}: {problem.message}")

    def _answer(self, linter: Linter, report: Report, path: str) -> Answer:
        known = self._open.get(path)
        findings = tuple(finding for finding in report.findings if finding.place.path == path)
        texts = _texts(linter, {path}.union(*map(_paths_of, findings)))
        rows = {finding: report.noqa_row(finding) for finding in findings}
        source = texts.get(path) or SourceText(path, "")
        return Answer(
            path, known.version if known else None, source, findings, (), texts, rows, options=self.options(path)
        )

    def mapped(self, answer: Answer) -> Answer:
        """The answer with the state maps, which later texts must not have changed."""
        known = self._open.get(answer.path)
        if known is None or not self.options(answer.path).enable:
            return answer
        linter = self.linter(answer.path)
        if linter.excludes(answer.path):
            return answer
        try:
            if known.good is None:
                return self._of_broken(answer, linter)
            return self._mapped(answer, known, linter) if answer.source.text == known.good else answer
        except Exception as error:  # what is wrong with the keys must not hide what is wrong with the code
            self.say(f"the state map failed: {type(error).__name__}: {error}")
            return answer

    def maps(self, folder: str) -> list[Answer]:
        """The state maps of the apps of a folder, each in an answer about its entrypoint."""
        linter = self.linter(folder)
        found: list[Answer] = []
        for each in linter.state_maps([folder]):
            texts = _texts(linter, each.modules)
            source = texts.get(each.entry) or SourceText(each.entry, "")
            found.append(Answer(each.entry, None, source, maps=(each,), texts=texts))
        return found

    def _mapped(self, answer: Answer, known: _Known, linter: Linter) -> Answer:
        maps = linter.state_maps([answer.path])
        paths = answer.texts.keys() | frozenset[str]().union(*(each.modules for each in maps))
        others = frozenset[str]().union(*(each.modules for each in maps)) - {answer.path}
        elsewhere = linter.lint(sorted(others)).findings if others else ()
        own = linter.names(answer.path)
        names = own
        if own is not None and own.change(known.text).matters():
            names = names_of_broken(known.text) or own
        if names is not None:
            names = names.with_known(known_owners(maps, answer.path, answer.source.text))
        return replace(
            answer,
            maps=maps,
            texts=_texts(linter, paths),
            names=names,
            table=table(answer.path, maps),
            elsewhere=elsewhere,
            target=linter.settings.target_version,
        )

    def _of_broken(self, answer: Answer, linter: Linter) -> Answer:
        """An answer about a file that could never be parsed: what its sound lines say of keys, and the other files of
        its apps."""
        text = answer.source.text
        whole = repaired(text)
        if whole is None:
            return answer
        syntax = Syntax(SourceText(answer.path, whole))
        own = map_of_file(answer.path, syntax)
        others = tuple(each.without(answer.path) for each in linter.state_maps([answer.path]))
        texts = _texts(linter, frozenset[str]().union(*(each.modules for each in others)) - {answer.path})
        names = names_of(syntax).of_text(text)
        maps = (own, *others)
        return replace(
            answer,
            source=syntax.source,
            maps=maps,
            texts=texts,
            names=names,
            table=table(answer.path, maps),
            target=linter.settings.target_version,
        )


def _texts(linter: Linter, paths: Iterable[str]) -> dict[str, SourceText]:
    return {path: text for path in sorted(paths) if (text := _source(linter, path)) is not None}


def _paths_of(finding: Finding) -> set[str]:
    places = [step.place for step in finding.witness] + [related.place for related in finding.related]
    edited = [edits.path for edits in finding.fix.elsewhere] if finding.fix else []
    return {place.path for place in places if place is not None}.union(edited)


def _source(linter: Linter, path: str) -> SourceText | None:
    try:
        return linter.source(path)
    except (OSError, DecodeError):
        return None


def _on_disk(path: str) -> SourceText:
    return SourceText.from_bytes(path, Path(path).read_bytes())


def _is_inside(path: str, root: Path) -> bool:
    return Path(path).is_relative_to(root)
