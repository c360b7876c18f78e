"""The one entry for all front ends: files and settings in, a report out.

A report about a file depends on the whole app it belongs to, so the apps that run any of the files asked for are
analysed as a whole, and only what lies in those files is reported.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from streamlint.baseline import Baseline, Counts, Known, Split
from streamlint.facts.names import StateNames, names_of
from streamlint.findings import Confidence, Finding, Place
from streamlint.fixes import Syntax
from streamlint.interrupt import checkpoint
from streamlint.project.apps import PAGES, App, apps_among, in_doubt, make_app
from streamlint.project.cache import Cache
from streamlint.project.discovery import discover
from streamlint.project.index import ProjectIndex
from streamlint.project.results import Results
from streamlint.records import immutable, ordered
from streamlint.rules import Rule, all_rules, check_of, fix_of, rule, unused_noqa
from streamlint.settings import BASELINE, Settings, resolve_selectors, rule_enabled
from streamlint.settings.globs import GlobSet
from streamlint.source import DecodeError, SourceText
from streamlint.stack import deep
from streamlint.statemap import Joined, StateMap, state_map
from streamlint.suppressions import Suppressions

if TYPE_CHECKING:
    from streamlint.flow.key_uses import KeyUses

ProblemKind: TypeAlias = Literal["syntax", "io", "internal"]
# The others choose files, rules or findings, or are about the output.
_ANALYSIS_SETTINGS = frozenset({"access_style", "root", "target_version", "entrypoints", "library_keys", "src"})

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all, and what comes next."""


@ordered
class Problem:
    """Why a file, or a part of the analysis, has no findings. `line` and `column` are 1-based, columns in code points.

    "syntax": the file is not Python; "io": it cannot be read; "internal": streamlint failed, and says where."""

    path: str
    line: int
    column: int
    message: str
    kind: ProblemKind


@immutable
class Statistics:
    """The work behind a report: files and apps looked at, session-state keys followed, and the keys among them that
    ran into the analysis budget, so that their silence proves nothing."""

    files: int = 0
    apps: int = 0
    keys: int = 0
    over_budget: tuple[str, ...] = ()


@immutable
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
    known: tuple[Finding, ...] = ()
    """What the baseline has, which is not among `findings`."""
    gone: Counts = field(default_factory=Counter)
    """What the baseline has of these files and rules and is found no more."""
    _comments: dict[str, Suppressions] = field(default_factory=dict, init=False, repr=False, compare=False)

    def noqa_row(self, finding: Finding) -> int:
        """The 1-based line at whose end a noqa comment for the finding belongs."""
        path = finding.place.path
        if path not in self._comments:
            self._comments[path] = Suppressions.from_source(self.sources(path))
        return self._comments[path].noqa_row(finding.place.span)


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


@immutable
class _Run:
    """What the analysis of one app gave."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    keys: int = 0
    over_budget: tuple[str, ...] = ()


class _Project:
    """Files that are seen together: one index, its apps, and what their analysis gave."""

    def __init__(
        self, root: str, settings: Settings, overlays: Mapping[str, str], cache: Cache | None, mapped: bool
    ) -> None:
        self.settings = settings
        self._mapped = mapped
        self._uses: dict[App, KeyUses] = {}
        self._maps: dict[App, StateMap] = {}
        self._joined = Joined()
        self._names: dict[str, tuple[Syntax, StateNames]] = {}
        self._files = _Files(self.source)
        self.index = ProjectIndex(Path(root), settings=settings, overlays=overlays, cache=cache)
        self._apps: dict[tuple[str, ...], tuple[App, ...]] = {}
        self._results = Results(self.index, _given(settings))
        self._runs: dict[App, _Run] = {}

    def replace(self, path: str, text: str | None) -> None:
        """Let a file have this text from now on (None: what is on disk)."""
        stale = self.index.replace(path, text)
        self._apps.clear()
        self._files.forget(path)
        self._runs = {app: run for app, run in self._runs.items() if stale.isdisjoint(app.modules)}
        self._uses = {app: uses for app, uses in self._uses.items() if stale.isdisjoint(app.modules)}
        self._maps = {app: each for app, each in self._maps.items() if app in self._uses}

    def source(self, path: str) -> SourceText:
        return self.index.source(path)

    def syntax(self, path: str) -> Syntax | None:
        return self._files.syntax(path)

    def state_map(self, app: App) -> StateMap:
        """The keys of an app. An analysis that fails leaves what the files say by themselves."""
        if app not in self._maps:
            self._maps[app] = state_map(app, self._key_uses(app), self._files.syntax, self._joined)
        return self._maps[app]

    def names(self, path: str) -> StateNames | None:
        """What means the session state in a file; None for one that does not parse."""
        tree = self._files.syntax(path)
        known = self._names.get(path)
        if tree is not None and (known is None or known[0] is not tree):
            known = self._names[path] = (tree, names_of(tree))
        return known[1] if tree is not None and known is not None else None

    def _key_uses(self, app: App) -> KeyUses:
        from streamlint.flow import analyse_app
        from streamlint.flow.key_uses import KeyUses

        if app not in self._uses:
            try:
                self.index.load(sorted(app.modules))
                self._uses[app] = deep(lambda: analyse_app(self.index, app, self.settings).key_uses)
            except Exception:  # invariant 4: `run` reports it
                self._uses[app] = KeyUses()
        return self._uses[app]

    def apps_of(self, files: Iterable[str]) -> tuple[list[App], list[Problem]]:
        """The apps that run any of these files."""
        asked = frozenset(files)
        try:
            candidates = self.index.candidates(asked)
            if candidates not in self._apps:
                self._apps[candidates] = deep(lambda: apps_among(self.index, candidates))
            apps = [app for app in self._apps[candidates] if not asked.isdisjoint(app.modules)]
            return apps + list(self._outsiders(asked, apps, candidates)), []
        except Exception as error:  # invariant 4: a failure is reported, not passed on
            return [], [_internal(self.index.root, "finding the apps", error)]

    def _outsiders(self, asked: Iterable[str], apps: Iterable[App], candidates: Iterable[str]) -> Iterator[App]:
        """Files that the project does not count as its own (excluded, or not called `.py`) but that were named: each is
        looked at as a script."""
        known = frozenset(candidates).union(*(app.modules for app in apps))
        for path in sorted(asked):
            if path not in known and self.index.is_streamlit(path):
                yield make_app(self.index, path)

    def unreadable(self, files: Iterable[str], apps: Iterable[App]) -> Iterator[Problem]:
        """What is wrong with the files that anybody looked into."""
        modules = frozenset[str]().union(*(app.modules for app in apps))
        for path in files:
            if path in modules or self.index.is_streamlit(path) or self.index.is_unreadable(path):
                try:
                    yield from _problems_of(self.index, path)
                except Exception as error:
                    yield _internal(path, "reading the file", error)

    def judged(self, files: Iterable[str], apps: Iterable[App]) -> Iterator[str]:
        """The files where silence means something: every app that runs them was analysed, and they are Python."""
        modules = frozenset[str]().union(*(app.modules for app in apps))
        silent = (app.modules if self.run(app).problems else in_doubt(self.index, app) for app in apps)
        failed = frozenset[str]().union(*silent)
        for path in files:
            if path in modules and path not in failed and self.index.problem(path) is None:
                yield path

    def run(self, app: App) -> _Run:
        """The analysis of an app; the same as before if nothing has changed."""
        if app not in self._runs:
            known = self._results.get(app)
            self._runs[app] = known if isinstance(known, _Run) else self._analyse_and_keep(app)
        return self._runs[app]

    def verdict(self, app: App) -> _Run:
        """What is to be said of an app: nothing of the files that one that does not parse may run too."""
        run = self.run(app)
        doubted = in_doubt(self.index, app) if run.findings else frozenset()
        return replace(run, findings=tuple(each for each in run.findings if each.place.path not in doubted))

    def _analyse_and_keep(self, app: App) -> _Run:
        run = self._analyse(app)
        if not run.problems:
            self._results.put(app, run)
        return run

    def _analyse(self, app: App) -> _Run:
        try:
            self.index.load(sorted(app.modules))
            return deep(lambda: self._judge(app))
        except Exception as error:
            return _Run(problems=(_internal(app.entry, "the analysis", error),))

    def _judge(self, app: App) -> _Run:
        """What the rules say of one app."""
        from streamlint.flow import analyse_app

        result = analyse_app(self.index, app, self.settings)
        findings, problems = list[Finding](), list[Problem]()
        for each in _running_rules(self.settings):
            checkpoint()
            try:
                findings += check_of(each)(result)
            except (RecursionError, MemoryError):
                raise  # `deep` has more
            except Exception as error:
                problems.append(_internal(app.entry, f"{each.code} ({each.name})", error))
        if self._mapped:
            self._uses[app] = result.key_uses
            self._maps.pop(app, None)
        fixed = tuple(self._with_fixes(findings, problems))
        return _Run(fixed, tuple(problems), result.keys, result.over_budget)

    def _with_fixes(self, findings: Iterable[Finding], problems: list[Problem]) -> Iterator[Finding]:
        """The findings with their fixes, which rest on nothing but files of the app."""
        files = self._files
        for finding in findings:
            known = rule(finding.code)
            build = fix_of(known) if known is not None else None
            try:
                fix = build(finding, files) if build else None
            except (RecursionError, MemoryError):
                raise  # `deep` has more
            except Exception as error:  # invariant 4
                problems.append(_internal(finding.place.path, f"the fix of {finding.code}", error))
                fix = None
            yield replace(finding, fix=fix) if fix is not None else finding


def _given(settings: Settings) -> Iterator[str]:
    """What the analysis of an app may take from outside of its files."""
    yield from (f"{name} {getattr(settings, name)!r}" for name in sorted(_ANALYSIS_SETTINGS))
    yield from (each.code for each in _running_rules(settings))


def _running_rules(settings: Settings) -> Iterator[Rule]:
    everywhere = replace(settings, per_file_ignores=(), extend_per_file_ignores=())
    for each in all_rules():
        on = rule_enabled(everywhere, each.code, each.name, settings.root)
        if on and each.holds_for(settings.target_version):
            yield each


class Linter:
    """Checks the files under one root, and keeps what it has learnt for the next question. Not safe for threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        overlays: Mapping[str, str] | None = None,
        cache: bool = True,
        mapped: bool = False,
    ) -> None:
        """`mapped`: state maps will be asked for. Raises `SettingsError` for selectors that mean no rule, and for a
        baseline that cannot be read."""
        self._mapped = mapped
        self.settings = resolve_selectors(_with_app_root(settings), {each.code: each.name for each in all_rules()})
        self._cache = Cache(self.settings.cache_dir) if cache and self.settings.cache_dir else None
        self._baseline = Baseline.load(settings.baseline) if settings.baseline else Baseline(settings.root / BASELINE)
        self._overlays = dict(overlays or {})
        self._excluded = GlobSet((*self.settings.exclude, *self.settings.extend_exclude), self.settings.root)
        self._projects: dict[str, _Project] = {}
        self._homes: dict[str, str] = {}

    def source(self, path: str) -> SourceText:
        """The text of a file, of the disk or the overlay. Raises `OSError` or `DecodeError`."""
        return self._project_of(path).index.source(path)

    def names(self, path: str) -> StateNames | None:
        """What means the session state in a file, as far as the file itself tells; None for one that does not parse."""
        return self._project_of(path).names(path)

    def syntax(self, path: str) -> Syntax | None:
        """The tree of a file; None where it cannot be read or does not parse."""
        return self._project_of(path).syntax(path)

    def excludes(self, path: str) -> bool:
        """Whether the settings leave a file out, which only counts where it is not named."""
        place, root = Path(path), self.settings.root
        around = (each for each in (place, *place.parents) if each != root and each.is_relative_to(root))
        return any(self._excluded.matches(str(each), each.name) for each in around)

    def replace(self, path: str, text: str | None) -> None:
        """Let a file have this text from now on (None: what is on disk)."""
        if text is None:
            self._overlays.pop(path, None)
        else:
            self._overlays[path] = text
        self._project_of(path).replace(path, text)

    def lint(
        self, paths: Sequence[Path | str], *, progress: Progress | None = None, ignore_noqa: bool = False
    ) -> Report:
        """Check files and folders, which lie under the root of the settings."""
        files, missing = self._discover(paths)
        work, problems = self._work(files)
        runs = [project.verdict(app) for project, app in _announced(work, progress)]
        if self._cache is not None:
            self._cache.flush()
        asked = frozenset(files)
        kept = _deduplicated([f for f in run.findings if f.place.path in asked and self._on(f)] for run in runs)
        suppressed, unused = list[Finding](), list[Finding]()
        if not ignore_noqa:
            kept, suppressed, unused = self._apply_comments(kept, self._judged(files, work))
        split = self._apply_baseline(_sorted([*kept, *unused]))
        problems += [*missing, *self._unreadable(files, work), *(problem for run in runs for problem in run.problems)]
        return Report(
            findings=split.new,
            problems=tuple(sorted(set(problems))),
            files=files,
            sources=self.source,
            statistics=_statistics(files, runs),
            suppressed=_sorted(suppressed),
            known=split.known,
            gone=Counter() if problems else self._fixed(split.gone, asked, runs),
        )

    def state_maps(self, paths: Sequence[Path | str]) -> tuple[StateMap, ...]:
        """The state maps of the apps that run any of these files and folders, sorted by entrypoint."""
        files, _ = self._discover(paths)
        work, _ = self._work(files)
        return tuple(sorted((project.state_map(app) for project, app in work), key=lambda each: each.entry))

    def judged_maps(
        self, paths: Sequence[Path | str], *, progress: Progress | None = None, ignore_noqa: bool = False
    ) -> tuple[tuple[StateMap, ...], Report]:
        """The state maps of the apps that run any of these files and folders, and what is wrong in all of their
        files."""
        files, _ = self._discover(paths)
        work, _ = self._work(files)
        modules = frozenset[str]().union(*(app.modules for _, app in work))
        report = self.lint([*paths, *sorted(modules.difference(files))], progress=progress, ignore_noqa=ignore_noqa)
        return self.state_maps(paths), report  # in this order: what finds the bugs sees the keys too

    # --- files ---------------------------------------------------------------------------------------------------

    def _discover(self, paths: Sequence[Path | str]) -> tuple[tuple[str, ...], list[Problem]]:
        overlaid = {os.path.abspath(path) for path in paths} & self._overlays.keys()
        found = discover([Path(path) for path in paths if os.path.abspath(path) not in overlaid], self.settings)
        # Its messages begin with the path as it was given; here the problem has one.
        missing = [Problem(str(p.path), 1, 1, p.message.partition(": ")[2] or p.message, "io") for p in found.problems]
        return tuple(sorted({*map(str, found.files), *overlaid})), missing

    def _project_of(self, path: str) -> _Project:
        folder = os.path.dirname(path)
        if folder not in self._homes:
            self._homes[folder] = self._home(Path(folder))
        home = self._homes[folder]
        if home not in self._projects:
            self._projects[home] = _Project(home, self.settings, self._overlays, self._cache, self._mapped)
        return self._projects[home]

    def _home(self, place: Path) -> str:
        """The folder whose files are the context of those in a folder: the root, or the excluded folder around it."""
        for folder in (*reversed(place.parents), place):
            inside = folder != self.settings.root and folder.is_relative_to(self.settings.root)
            if inside and self._excluded.matches(str(folder), folder.name):
                return str(folder)
        return str(self.settings.root)

    def _by_project(self, files: Iterable[str]) -> dict[_Project, list[str]]:
        groups: dict[_Project, list[str]] = {}
        for path in files:
            groups.setdefault(self._project_of(path), []).append(path)
        return groups

    def _work(self, files: Iterable[str]) -> tuple[list[tuple[_Project, App]], list[Problem]]:
        work, problems = list[tuple[_Project, App]](), list[Problem]()
        for project, mine in self._by_project(files).items():
            apps, failures = project.apps_of(mine)
            work += [(project, app) for app in apps]
            problems += failures
        return work, problems

    def _unreadable(self, files: Iterable[str], work: Sequence[tuple[_Project, App]]) -> Iterator[Problem]:
        for project, mine in self._by_project(files).items():
            yield from project.unreadable(mine, [app for owner, app in work if owner is project])

    def _judged(self, files: Iterable[str], work: Sequence[tuple[_Project, App]]) -> Iterator[str]:
        for project, mine in self._by_project(files).items():
            yield from project.judged(mine, [app for owner, app in work if owner is project])

    # --- what is reported ----------------------------------------------------------------------------------------

    def _on(self, finding: Finding) -> bool:
        known = rule(finding.code)
        return (
            self._is_sure(finding)
            and (known is None or known.holds_for(self.settings.target_version))
            and rule_enabled(self.settings, finding.code, finding.name, Path(finding.place.path))
        )

    def _is_sure(self, finding: Finding) -> bool:
        return finding.confidence >= Confidence[self.settings.min_confidence.upper()]

    def _apply_comments(
        self, findings: Sequence[Finding], judged: Iterable[str]
    ) -> tuple[list[Finding], list[Finding], list[Finding]]:
        """The findings that stay, those that a comment suppresses, and the useless comments in the files `judged`."""
        if unused_noqa.RULE not in _running_rules(self.settings):
            judged = ()
        comments = {path: Suppressions.from_source(self.source(path)) for path in {f.place.path for f in findings}}
        kept, suppressed = list[Finding](), list[Finding]()
        for finding in findings:
            silenced = comments[finding.place.path].suppressed(finding.code, finding.name, finding.place.span)
            (suppressed if silenced else kept).append(finding)
        unused = list[Finding]()
        for path in judged:
            on = {each.code: each.name for each in _running_rules(self.settings) if self._runs_in(each, path)}
            if unused_noqa.RULE.code in on:
                known = comments.get(path) or Suppressions.from_source(self.source(path))
                unused += unused_noqa.findings(path, known, on)
        return kept, suppressed, unused

    def known_as(self, finding: Finding) -> Known:
        """What a finding is recognised by in the baseline."""
        path = finding.place.path
        return self._baseline.describe(finding, self.syntax(path), self.source(path).text)

    def _apply_baseline(self, findings: tuple[Finding, ...]) -> Split:
        counts = self._baseline.counts
        return self._baseline.split(findings, self.known_as) if counts else Split(findings, (), Counter())

    def _fixed(self, gone: Counts, asked: Collection[str], runs: Iterable[_Run]) -> Counts:
        """Of what was not found, that which would have been: its file was looked at, or is no more, its rule is on, and
        it is not there with less confidence than is asked for."""
        running = {each.code for each in _running_rules(self.settings)}
        over = {known: gone[known] for known in gone if known.code in running and self._is_over(known, asked)}
        unsure = [f for run in runs for f in run.findings if over and f.place.path in asked and not self._is_sure(f)]
        return Counter(over) - Counter(map(self.known_as, unsure))

    def _is_over(self, known: Known, asked: Collection[str]) -> bool:
        path, on = self._baseline.path_of(known), rule(known.code)
        seen = path in asked and on is not None and self._runs_in(on, path)
        return seen or not os.path.exists(path)

    def _runs_in(self, rule: Rule, path: str) -> bool:
        return rule_enabled(self.settings, rule.code, rule.name, Path(path))


class _Files:
    """The files as fixes see them; each is parsed once."""

    def __init__(self, source: Callable[[str], SourceText]) -> None:
        self._source = source
        self._known: dict[str, Syntax | None] = {}

    def syntax(self, path: str) -> Syntax | None:
        if path not in self._known:
            try:
                self._known[path] = Syntax(self._source(path))
            except (OSError, DecodeError, SyntaxError, ValueError, RecursionError, MemoryError):
                self._known[path] = None
        return self._known[path]

    def forget(self, path: str) -> None:
        """The file has another text now."""
        self._known.pop(path, None)


def _announced(work: Sequence[tuple[_Project, App]], progress: Progress | None) -> Iterator[tuple[_Project, App]]:
    for done, (project, app) in enumerate(work):
        if progress is not None:
            progress(done, len(work), os.path.relpath(app.entry, project.index.root))
        yield project, app


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))


def _with_app_root(settings: Settings) -> Settings:
    """Where nothing marks the project's root, that of a page is still not its own folder but the entrypoint's."""
    root = settings.root
    if settings.config_file is not None or root.name != PAGES or root.parent == root:
        return settings
    below = settings.cache_dir is not None and settings.cache_dir.parent == root
    cache_dir = root.parent / settings.cache_dir.name if below and settings.cache_dir else settings.cache_dir
    return replace(settings, root=root.parent, cache_dir=cache_dir)


def _deduplicated(runs: Iterable[Iterable[Finding]]) -> list[Finding]:
    """One finding for each place, consequence and key: apps that share a file give it once each, perhaps for different
    reasons. The surest, then the shortest witness stays. What one app says in two codes are two bugs."""
    best: dict[tuple[Place, str, str | None], dict[str, Finding]] = {}
    for run in runs:
        mine: dict[tuple[Place, str, str | None], dict[str, Finding]] = {}
        for finding in sorted(run, key=_rank):
            mine.setdefault((finding.place, finding.code[:4], finding.key), {}).setdefault(finding.code, finding)
        for identity, found in mine.items():
            if identity not in best or _first_rank(found) < _first_rank(best[identity]):
                best[identity] = found
    return [finding for found in best.values() for finding in found.values()]


def _first_rank(found: Mapping[str, Finding]) -> tuple[int, int, str, str]:
    return min(map(_rank, found.values()))


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
