"""Feeds the linter with what nobody wrote: generated, mutated and foreign programs. `dev.py fuzz` runs it.

A case is a small project. Two processes with different hash seeds lint it and must say the same, soon, and without an
internal error. A case that fails is saved with the reason beside it, and can be run again:

    python scripts/fuzz.py --again .fuzz/splice-1
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import tokenize
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
SAVED = ROOT / ".fuzz"
LIMIT = 90.0
"""Seconds for one case on a busy machine; what takes longer hangs."""
WORKER_CASES = 150
"""A worker is replaced after so many cases, so that its memory does not count."""
LONGEST = 400_000

Project: TypeAlias = dict[str, str]
"""The text of each file by its path; surrogates stand for bytes that are no UTF-8."""


# --- the linter, in a process of its own -----------------------------------------------------------------------------


def work() -> None:
    """Lint the folders named on stdin, one a line, and answer each with one line."""
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        try:
            answer = judged(Path(json.loads(line)))
        except BaseException:
            answer = {"failure": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)


def judged(folder: Path) -> dict[str, Any]:
    """What `streamlint check` would print for a folder, and why it should not have."""
    from streamlint.lint import lint_paths
    from streamlint.settings import load_settings
    from streamlint_cli.entries import entries
    from streamlint_cli.machine import FORMATS as MACHINE
    from streamlint_cli.text import FORMATS as TEXT

    os.chdir(folder)
    settings = load_settings(folder, isolated=True, overrides={"select": ["ALL"], "jobs": 1})
    report = lint_paths([folder], settings, cache=False)
    internal = [problem.message for problem in report.problems if problem.kind == "internal"]
    rows = entries(report)
    for show in TEXT.values():
        internal += [] if show(rows, report) else ["nothing to show"] * bool(rows)
    printed = MACHINE["json"](rows)
    internal += list(without_comments(folder, report, settings))
    return {"failure": "\n".join(internal), "printed": printed.replace(str(folder), "")}


def without_comments(folder: Path, report: Any, settings: Any) -> Iterator[str]:
    """A file with the comments of `--add-noqa` has no findings, and still parses."""
    from streamlint.lint import lint_paths
    from streamlint.suppressions import add_noqa

    found = [finding for finding in report.findings if not finding.code.startswith("STL9")]
    overlays = {}
    for path in sorted({finding.place.path for finding in found}):
        source = report.sources(path)
        overlays[path] = add_noqa(source, [finding for finding in found if finding.place.path == path])
    if overlays:
        again = lint_paths([folder], settings, overlays=overlays, cache=False)
        yield from (f"not parsed after --add-noqa: {p}" for p in again.problems if p.path in overlays)
        yield from (f"not suppressed by --add-noqa: {f.code} {f.place}" for f in again.findings if f.code[3] != "9")


class Worker:
    """One such process, which is started when it is needed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.cases = 0
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str] = queue.Queue()

    def ask(self, folder: Path) -> None:
        if self.process is None or self.cases >= WORKER_CASES:
            self.stop()
            self._start()
        self.cases += 1
        assert self.process is not None and self.process.stdin is not None
        with contextlib.suppress(OSError):  # it ended: `answer` says so
            self.process.stdin.write(json.dumps(str(folder)) + "\n")
            self.process.stdin.flush()

    def answer(self, limit: float) -> dict[str, Any]:
        try:
            line = self.answers.get(timeout=limit)
        except queue.Empty:
            self.stop()
            return {"failure": f"no answer after {limit:.0f} seconds"}
        if not line:
            code = self.process.wait() if self.process else None
            self.stop()
            return {"failure": f"the process ended with exit status {code}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process, self.cases = None, 0

    def _start(self) -> None:
        env = {**os.environ, "PYTHONHASHSEED": str(self.seed), "PYTHONUTF8": "1"}
        command = [sys.executable, __file__, "--work"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env
        )
        self.answers = queue.Queue()
        threading.Thread(target=_listen, args=(self.process, self.answers), daemon=True).start()


def _listen(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    assert process.stdout is not None
    with contextlib.suppress(ValueError):
        for line in process.stdout:
            answers.put(line)
    answers.put("")


class Judge:
    """Asks both workers about each case, counts, and keeps what fails."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.workers = (Worker(1), Worker(2))
        self.cases: Counter[str] = Counter()
        self.reports: Counter[str] = Counter()
        self.failures: list[tuple[str, Path]] = []

    def check(self, kind: str, project: Project) -> None:
        with tempfile.TemporaryDirectory(prefix="streamlint-fuzz-") as name:
            folder = Path(name).resolve()
            write(folder, project)
            why = self.verdict(folder, kind)
        self.cases[kind] += 1
        if why:
            place = SAVED / f"{kind}-{sum(1 for _ in SAVED.glob(f'{kind}-*')) + 1}"
            write(place, project)
            (place / "why.txt").write_text(why, encoding="utf-8", errors="backslashreplace")
            self.failures.append((why.strip().splitlines()[-1][:200], place))
            print(f"FAILED {place}: {self.failures[-1][0]}", flush=True)

    def verdict(self, folder: Path, kind: str) -> str:
        for worker in self.workers:
            worker.ask(folder)
        first, second = (worker.answer(self.limit) for worker in self.workers)
        if first["failure"] or second["failure"]:
            return str(first["failure"] or second["failure"])
        self.reports[kind] += first["printed"].count('"code": "STL')
        if first["printed"] != second["printed"]:
            return f"{first['printed']}\n---\n{second['printed']}\nnot the same with another hash seed"
        return ""

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()


def write(folder: Path, project: Project) -> None:
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape" if text.isprintable() else "surrogatepass"))


# --- where cases come from -------------------------------------------------------------------------------------------

USE = "\nimport streamlit as st\nst.write(st.session_state.fuzz)\n"
WORDS = (
    *("st", "st.session_state", "st.session_state.a", "st.session_state['b']", "st.button('x', key='a')", "ss"),
    *("st.session_state.get('a')", "st.stop()", "st.rerun()", "st.form('f')", "st.sidebar", "st.fragment", "'a'"),
    *("st.text_input('t', key='b', on_change=f, args=(1,))", "len", "f", "f()", "self", "None", "lambda: st", "*a"),
)


def seeds() -> list[Project]:
    """The apps of this repository: examples, tests and the pages of the rules."""
    found: list[Project] = []
    for folder in [*(ROOT / "examples").iterdir(), *(ROOT / "tests" / "runtime" / "cases").iterdir()]:
        files = sorted(folder.rglob("*.py")) if folder.is_dir() else []
        found.append({path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files})
    for page in sorted((ROOT / "shared_rules" / "streamlint" / "rules").glob("*.md")):
        for block in page.read_text(encoding="utf-8").split("```py\n")[1:]:
            found.append({"app.py": block.split("```")[0]})
    for path in sorted((ROOT / "tests").rglob("flow/**/*.py")):
        found.append({"app.py": path.read_text(encoding="utf-8")})
    return [project for project in found if project]


def tokens(text: str) -> list[str]:
    """A text in pieces that put together are the text again, each a token with the blanks before it."""
    pieces: list[str] = []
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    at = 0
    with contextlib.suppress(tokenize.TokenError, SyntaxError, IndexError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            end = starts[token.end[0] - 1] + token.end[1]
            if end > at:
                pieces.append(text[at:end])
                at = end
    return [*pieces, text[at:]]


def mutated(rng: random.Random, project: Project, others: list[Project]) -> Project:
    """The same with one file changed in a few places."""
    name = rng.choice(sorted(project))
    pieces = tokens(project[name])
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        i, j = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        action = rng.randrange(7)
        if action == 0:
            pieces[i] = ""
        elif action == 1:
            pieces.insert(i, pieces[j])
        elif action == 2:
            pieces[i], pieces[j] = pieces[j], pieces[i]
        elif action == 3:
            pieces[i] = f" {rng.choice(WORDS)}"
        elif action == 4:
            foreign = tokens(rng.choice(list(rng.choice(others).values())))
            start = rng.randrange(len(foreign))
            pieces[i:i] = foreign[start : start + rng.randrange(1, 40)]
        elif action == 5:
            del pieces[min(i, j) : max(i, j) if max(i, j) - min(i, j) < 30 else min(i, j) + 3]
            pieces = pieces or [""]
        else:
            pieces[i] = rng.choice(("\0", "\r", "\x0c", "\ufeff", "\u2028", "é", "'''", "(", "\\\n", "\t", "#noqa\n"))
    text = "".join(pieces)
    if rng.random() < 0.1:
        text = text[: rng.randrange(len(text) + 1)]
    return {**project, name: text}


def spliced(rng: random.Random, projects: list[Project]) -> Project:
    """Statements of several apps in each other's blocks: programs that parse."""
    trees = []
    while len(trees) < 3:
        with contextlib.suppress(SyntaxError, ValueError):
            trees.append(ast.parse(rng.choice(list(rng.choice(projects).values()))))
    host, *guests = trees
    pool = [node for tree in guests for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for _ in range(rng.randrange(1, 10)):
        blocks = [
            block
            for node in ast.walk(host)
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(node, name, None), list)
        ]
        block = rng.choice(blocks)
        chosen = rng.choice(pool) if pool else ast.Pass()
        block.insert(rng.randrange(len(block) + 1), ast.parse(ast.unparse(chosen)).body[0])
    files = {"app.py": ast.unparse(host)}
    if rng.random() < 0.3:
        files["pages/other.py"] = ast.unparse(guests[0])
        files["helper.py"] = ast.unparse(guests[1])
        files["app.py"] = f"from helper import *\nimport helper\n{files['app.py']}"
    return files


def foreign(folders: list[str]) -> list[Path]:
    found = {path for folder in folders for path in Path(folder).rglob("*.py")}
    inside = [path for path in found if path.stat().st_size <= LONGEST]
    return sorted(inside)


def borrowed(rng: random.Random, files: list[Path]) -> Project:
    """A file of somebody else, as an app, with some of its names made Streamlit's."""
    text = rng.choice(files).read_bytes().decode("utf-8", "surrogateescape")
    if rng.random() < 0.5:
        text = renamed(rng, text, 0.03)
    return {"app.py": text + USE}


def renamed(rng: random.Random, text: str, share: float) -> str:
    pieces = tokens(text)
    return "".join(
        f" {rng.choice(WORDS)}" if piece.strip().isidentifier() and rng.random() < share else piece for piece in pieces
    )


def generated(rng: random.Random, judge: Judge, until: float) -> None:
    """Programs by the grammar, from hypothesmith."""
    import hypothesis
    import hypothesmith

    quiet = hypothesis.settings(
        max_examples=25, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    for strategy in (hypothesmith.from_grammar(), hypothesmith.from_node()):

        @hypothesis.seed(rng.randrange(2**32))
        @quiet
        @hypothesis.given(strategy)
        def one(text: str) -> None:
            if time.monotonic() < until:
                share = rng.choice((0.0, 0.3, 0.7))
                judge.check("grammar", {"app.py": renamed(rng, text, share) + USE})

        one()


# --- the run ---------------------------------------------------------------------------------------------------------


def fuzz(minutes: float, seed: int, limit: float) -> int:
    print(f"seed {seed}, {minutes:g} minutes", flush=True)
    rng, judge = random.Random(seed), Judge(limit)
    apps = seeds()
    paths = sysconfig.get_paths()
    packages = foreign([paths["purelib"]])
    library = [path for path in foreign([paths["stdlib"]]) if "site-packages" not in path.parts]
    makers: dict[str, Callable[[], Project]] = {
        "mutation": lambda: mutated(rng, rng.choice(apps), apps),
        "splice": lambda: spliced(rng, apps),
        "stdlib": lambda: borrowed(rng, library),
        "site-packages": lambda: borrowed(rng, packages),
    }
    end = time.monotonic() + minutes * 60
    try:
        while time.monotonic() < end:
            for kind, make in makers.items():
                for_now = min(end, time.monotonic() + 6)
                while time.monotonic() < for_now:
                    judge.check(kind, make())
            generated(rng, judge, min(end, time.monotonic() + 8))
    finally:
        judge.stop()
        summary(judge)
    return 1 if judge.failures else 0


def summary(judge: Judge) -> None:
    print(f"\n{sum(judge.cases.values())} cases")
    for kind in sorted(judge.cases):
        print(f"  {kind:15} {judge.cases[kind]:6} cases {judge.reports[kind]:6} reports")
    print(f"{len(judge.failures)} failures")
    for why, place in judge.failures:
        print(f"  {place}: {why}")


def again(folder: Path, limit: float) -> int:
    """Run a saved case once more."""
    judge = Judge(limit)
    with tempfile.TemporaryDirectory(prefix="streamlint-fuzz-") as name:
        copy = Path(shutil.copytree(folder, Path(name).resolve() / "case"))
        why = judge.verdict(copy, "saved")
    judge.stop()
    print(why or "all is well")
    return 1 if why else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for a case")
    parser.add_argument("--again", type=Path, metavar="FOLDER", help="run a saved case")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work()
        return 0
    if options.again:
        return again(options.again, options.limit)
    return fuzz(options.minutes, options.seed, options.limit)


if __name__ == "__main__":
    sys.exit(main())
