"""The one entry for all front ends: files and settings in, a report out.

A report about a file depends on the whole app it belongs to, so the apps that run any of the files asked for are
analysed as a whole, and only what lies in those files is reported.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from streamlint.findings import Confidence, Finding, Place
from streamlint.project.apps import PAGES, App, find_apps, make_app
from streamlint.project.cache import Cache
from streamlint.project.discovery import discover
from streamlint.project.index import ProjectIndex
from streamlint.rules import Rule, all_rules, check_of, rule, unused_noqa
from streamlint.settings import Settings, resolve_selectors, rule_enabled
from streamlint.source import DecodeError, SourceText
from streamlint.suppressions import Suppressions

ProblemKind: TypeAlias = Literal["syntax", "io", "internal"]
Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all, and what comes next."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a file, or a part of the analysis, has no findings. `line` and `column` are 1-based, columns in code points.

    "syntax": the file is not Python; "io": it cannot be read; "internal": streamlint failed, and says where."""

    path: str
    line: int
    column: int
    message: str
    kind: ProblemKind


@dataclass(frozen=True, slots=True)
class Statistics:
    """The work behind a report: files and apps looked at, session-state keys followed, and the keys among them that
    ran into the analysis budget, so that their silence proves nothing."""

    files: int = 0
    apps: int = 0
    keys: int = 0
    over_budget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong in the files asked for, sorted by place. `suppressed` is what comments in the files silenced.

    `files` are absolute paths; `sources` gives the text (of the disk or the overlay) that the offsets count in, and
    raises `OSError` or `DecodeError` for a file that has none."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    sources: Callable[[str], SourceText]
    statistics: Statistics = field(default_factory=Statistics)
    suppressed: tuple[Finding, ...] = ()

    def noqa_row(self, finding: Finding) -> int:
        """The 1-based line at whose end a noqa comment for the finding belongs."""
        return Suppressions.from_source(self.sources(finding.place.path)).noqa_row(finding.place.span)


def lint_paths(
    paths: Sequence[Path | str],
    settings: Settings,
    *,
    overlays: Mapping[str, str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    cache: bool = True,
    ignore_noqa: bool = False,
) -> Report:
    """Check files and folders of one project. Raises `SettingsError` for selectors that mean no rule.

    `overlays` are texts by absolute path that win over the disk; a path given here need exist only there. `cache` says
    whether the disk cache may be used. Whatever else goes wrong is a problem of the report."""
    settings = settings if jobs is None else replace(settings, jobs=jobs)
    return Linter(settings, overlays=overlays, cache=cache).lint(paths, progress=progress, ignore_noqa=ignore_noqa)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the analysis of one app gave."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    keys: int = 0
    over_budget: tuple[str, ...] = ()


class Linter:
    """Checks the files of one project, and keeps what it has learnt for the next question. Not safe for threads."""

    def __init__(self, settings: Settings, *, overlays: Mapping[str, str] | None = None, cache: bool = True) -> None:
        """Raises `SettingsError` for selectors that mean no rule."""
        self.settings = resolve_selectors(_with_app_root(settings), {each.code: each.name for each in all_rules()})
        store = Cache(self.settings.cache_dir) if cache and self.settings.cache_dir else None
        self.index = ProjectIndex(self.settings.root, settings=self.settings, overlays=overlays, cache=store)
        self._apps: tuple[App, ...] | None = None
        self._runs: dict[App, _Run] = {}

    @property
    def apps(self) -> tuple[App, ...]:
        """All apps of the project, sorted by entrypoint."""
        if self._apps is None:
            self._apps = find_apps(self.index)
        return self._apps

    def replace(self, path: str, text: str | None) -> None:
        """Let a file have this text from now on (None: what is on disk)."""
        stale = self.index.replace(path, text)
        self._apps = None
        self._runs = {app: run for app, run in self._runs.items() if stale.isdisjoint(app.modules)}

    def lint(
        self, paths: Sequence[Path | str], *, progress: Progress | None = None, ignore_noqa: bool = False
    ) -> Report:
        """Check files and folders, which lie under the root of the settings."""
        files, missing = self._discover(paths)
        apps, problems = self._apps_of(files)
        runs = list(self._analyse(apps, progress))
        if self.index.cache is not None:
            self.index.cache.flush()
        asked = frozenset(files)
        found = _deduplicated(f for run in runs for f in run.findings if f.place.path in asked)
        enabled = [finding for finding in found if self._is_enabled(finding)]
        kept, suppressed, unused = enabled, list[Finding](), list[Finding]()
        if not ignore_noqa:
            kept, suppressed, unused = self._apply_comments(enabled, self._judged(files, apps))
        problems += [*missing, *self._unreadable(files, apps), *(problem for run in runs for problem in run.problems)]
        return Report(
            findings=tuple(sorted([*kept, *unused], key=lambda finding: finding.sort_key)),
            problems=tuple(sorted(set(problems))),
            files=files,
            sources=self.index.source,
            statistics=_statistics(files, runs),
            suppressed=tuple(sorted(suppressed, key=lambda finding: finding.sort_key)),
        )

    # --- files ---------------------------------------------------------------------------------------------------

    def _discover(self, paths: Sequence[Path | str]) -> tuple[tuple[str, ...], list[Problem]]:
        overlaid = {os.path.abspath(path) for path in paths} & self.index.overlays.keys()
        found = discover([Path(path) for path in paths if os.path.abspath(path) not in overlaid], self.settings)
        # Its messages begin with the path as it was given; here the problem has one.
        missing = [Problem(str(p.path), 1, 1, p.message.partition(": ")[2] or p.message, "io") for p in found.problems]
        return tuple(sorted({*map(str, found.files), *overlaid})), missing

    def _apps_of(self, files: Iterable[str]) -> tuple[list[App], list[Problem]]:
        asked = frozenset(files)
        try:
            apps = [app for app in self.apps if not asked.isdisjoint(app.modules)]
            return apps + list(self._outsiders(asked, apps)), []
        except Exception as error:  # invariant 4: a failure is reported, not passed on
            return [], [_internal(self.index.root, "finding the apps", error)]

    def _outsiders(self, asked: Iterable[str], apps: Iterable[App]) -> Iterator[App]:
        """Files that the project does not count as its own (excluded, or not called `.py`) but that were named: each is
        looked at as a script."""
        known = frozenset(self.index.files).union(*(app.modules for app in apps))
        for path in sorted(asked):
            if path not in known and self.index.is_streamlit(path):
                yield make_app(self.index, path)

    def _unreadable(self, files: Iterable[str], apps: Iterable[App]) -> Iterator[Problem]:
        """Syntax errors, in the files that anybody looked into."""
        modules = frozenset[str]().union(*(app.modules for app in apps))
        for path in files:
            if path in modules or self.index.is_streamlit(path):
                try:
                    yield from _problems_of(self.index, path)
                except Exception as error:
                    yield _internal(path, "reading the file", error)

    # --- analysis ------------------------------------------------------------------------------------------------

    def _analyse(self, apps: Sequence[App], progress: Progress | None) -> Iterator[_Run]:
        for done, app in enumerate(apps):
            if progress is not None:
                progress(done, len(apps), os.path.relpath(app.entry, self.index.root))
            if app not in self._runs:
                self._runs[app] = self._analyse_app(app)
            yield self._runs[app]

    def _analyse_app(self, app: App) -> _Run:
        try:
            from streamlint.flow import analyse_app

            self.index.load(sorted(app.modules))
            result = analyse_app(self.index, app, self.settings)
        except Exception as error:
            return _Run(problems=(_internal(app.entry, "the analysis", error),))
        findings, problems = list(result.findings), list[Problem]()
        for each in self._running_rules():
            try:
                findings += check_of(each)(result)
            except Exception as error:
                problems.append(_internal(app.entry, f"{each.code} ({each.name})", error))
        return _Run(tuple(findings), tuple(problems), result.keys, tuple(result.over_budget))

    def _running_rules(self) -> Iterator[Rule]:
        everywhere = replace(self.settings, per_file_ignores=(), extend_per_file_ignores=())
        for each in all_rules():
            on = rule_enabled(everywhere, each.code, each.name, self.settings.root)
            if on and each.holds_for(self.settings.target_version):
                yield each

    # --- what is reported ----------------------------------------------------------------------------------------

    def _is_enabled(self, finding: Finding) -> bool:
        known = rule(finding.code)
        return (
            finding.confidence >= Confidence[self.settings.min_confidence.upper()]
            and (known is None or known.holds_for(self.settings.target_version))
            and rule_enabled(self.settings, finding.code, finding.name, Path(finding.place.path))
        )

    def _apply_comments(
        self, findings: Sequence[Finding], judged: Iterable[str]
    ) -> tuple[list[Finding], list[Finding], list[Finding]]:
        """The findings that stay, those that a comment suppresses, and the useless comments in the files `judged`."""
        comments = {
            path: Suppressions.from_source(self.index.source(path)) for path in {f.place.path for f in findings}
        }
        kept, suppressed = list[Finding](), list[Finding]()
        for finding in findings:
            silenced = comments[finding.place.path].suppressed(finding.code, finding.name, finding.place.span)
            (suppressed if silenced else kept).append(finding)
        unused = list[Finding]()
        for path in judged:
            if self._is_on(unused_noqa.RULE, path):
                known = comments.get(path) or Suppressions.from_source(self.index.source(path))
                unused += unused_noqa.findings(path, known, self._codes_on(path))
        return kept, suppressed, unused

    def _codes_on(self, path: str) -> dict[str, str]:
        return {each.code: each.name for each in self._running_rules() if self._is_on(each, path)}

    def _is_on(self, rule: Rule, path: str) -> bool:
        return rule_enabled(self.settings, rule.code, rule.name, Path(path))

    def _judged(self, files: Iterable[str], apps: Sequence[App]) -> Iterator[str]:
        """The files where silence means something: every app that runs them was analysed, and they are Python."""
        modules = frozenset[str]().union(*(app.modules for app in apps))
        failed = frozenset[str]().union(*(app.modules for app in apps if self._runs[app].problems))
        for path in files:
            if path in modules and path not in failed and self.index.problem(path) is None:
                yield path


def _with_app_root(settings: Settings) -> Settings:
    """Where nothing marks the project's root, that of a page is still not its own folder but the entrypoint's."""
    root = settings.root
    if settings.config_file is not None or root.name != PAGES or root.parent == root:
        return settings
    below = settings.cache_dir is not None and settings.cache_dir.parent == root
    cache_dir = root.parent / settings.cache_dir.name if below and settings.cache_dir else settings.cache_dir
    return replace(settings, root=root.parent, cache_dir=cache_dir)


def _deduplicated(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each place, code and key: apps that share a file give it once each. The surest, then the
    shortest witness stays."""
    best: dict[tuple[Place, str, str | None], Finding] = {}
    for finding in findings:
        identity = (finding.place, finding.code, finding.key)
        if identity not in best or _rank(finding) < _rank(best[identity]):
            best[identity] = finding
    return list(best.values())


def _rank(finding: Finding) -> tuple[int, int, str, str]:
    steps = "\n".join(f"{step.place} {step.text}" for step in finding.witness)
    return (-finding.confidence, len(finding.witness), finding.message, steps)


def _statistics(files: Sequence[str], runs: Sequence[_Run]) -> Statistics:
    over = sorted({key for run in runs for key in run.over_budget})
    return Statistics(len(files), len(runs), sum(run.keys for run in runs), tuple(over))


def _problems_of(index: ProjectIndex, path: str) -> Iterator[Problem]:
    """Why a file has no facts."""
    try:
        index.source(path)
    except DecodeError as error:
        yield Problem(path, error.line, error.column + 1, f"SyntaxError: {error.message}", "syntax")
    except OSError as error:
        yield Problem(path, 1, 1, f"cannot read the file: {error.strerror or error}", "io")
    else:
        found = index.problem(path)
        if found is not None:
            yield Problem(path, found.line, found.column + 1, f"SyntaxError: {found.message}", "syntax")


def _internal(path: str, what: str, error: Exception) -> Problem:
    """A failure of ours, with the line of ours where it happened: what a bug report needs."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    message = f"internal error, {what} failed: {type(error).__name__}: {error}{where}. This is a bug in streamlint."
    return Problem(path, 1, 1, " ".join(message.split()), "internal")
