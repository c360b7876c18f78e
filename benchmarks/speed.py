"""Measures what streamlint costs beside the tools it stands next to, as ratios within one run.

    python benchmarks/speed.py                    a generated project of 600 files (benchmarks/corpus.py)
    python benchmarks/speed.py --corpus FOLDER    your own
    python benchmarks/speed.py --growth           how cost grows from 10 to 10,000 files

Prints Markdown. Times are CPU seconds (user and system, with all child processes), the least of several runs; memory
is the most that one process held. Needs what `pip install -e .[dev]` brings. Run it while nothing else runs.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus

RUNS = 3
SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
PYTHON = sys.executable
CHECK = (PYTHON, "-m", "streamlint_cli", "check", "--exit-zero", "--isolated", "--quiet", "-j1")


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and megabytes held at most."""

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str], folder: Path, runs: int = RUNS, before: Callable[[], None] | None = None) -> Cost:
    """The least of several runs; `before` is done before each."""
    costs = []
    for _ in range(runs):
        if before is not None:
            before()
        costs.append(_once(command, folder))
    return min(costs, key=lambda cost: cost.seconds)


def _once(command: Sequence[str], folder: Path) -> Cost:
    """In a process that does nothing but start this one, so that its children are counted alone."""
    script = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
        "sys.exit(sys.stderr.write(done.stderr.decode()[-2000:]) if done.returncode not in range(32) else 0)"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([PYTHON, "-c", script, *command], cwd=folder, capture_output=True, text=True, env=env)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    seconds, megabytes = done.stdout.split()
    return Cost(float(seconds), float(megabytes))


def python_files(folder: Path) -> list[Path]:
    """The files that streamlint looks at."""
    found = subprocess.run([*CHECK, "--show-files", "."], cwd=folder, capture_output=True, text=True, check=True)
    return [folder / line for line in found.stdout.splitlines() if line]


def in_process(work: Callable[[], object]) -> float:
    """The CPU seconds of work in this process, the least of several runs."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def matters(data: bytes) -> bool:
    return b"streamlit" in data


@dataclass(frozen=True)
class Parsed:
    """`ast.parse` of all files, and what the aim for a cold run is measured by: `ast.parse` of those that say
    `streamlit`, and one scan of the bytes of the rest."""

    files: int
    lines: int
    everything: float
    floor: float


def parsed(paths: list[Path]) -> Parsed:
    texts = [path.read_bytes() for path in paths]
    streamlit = [data for data in texts if matters(data)]

    def parse(datas: list[bytes]) -> None:
        for data in datas:
            try:
                ast.parse(data)
            except (SyntaxError, ValueError):
                continue

    def floor() -> None:
        for path in paths:
            matters(path.read_bytes())
        parse(streamlit)

    lines = sum(data.count(b"\n") for data in texts)
    return Parsed(len(paths), lines, in_process(lambda: parse(texts)), in_process(floor))


def table(folder: Path) -> None:
    """The costs of all tools on one folder."""
    base = parsed(python_files(folder))
    with tempfile.TemporaryDirectory() as cache:
        cold = cost_of([*CHECK, "--no-cache", "."], folder)
        start = cost_of([PYTHON, "-m", "streamlint_cli", "version"], folder)
        cost_of([*CHECK, "--cache-dir", cache, "."], folder, runs=1)
        warm = cost_of([*CHECK, "--cache-dir", cache, "."], folder)
    flags = ("--isolated", "--exit-zero", "-j1", ".")
    plain = cost_of([PYTHON, str(Path(__file__).with_name("flake8_without.py")), *flags], folder)
    with_plugin = cost_of([PYTHON, "-m", "flake8", *flags], folder)
    ruff = cost_of([PYTHON, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", "-q", "."], folder)
    pylint = cost_of([PYTHON, "-m", "pylint", "-j1", "--exit-zero", "--recursive=y", "."], folder, runs=1)
    print(f"{base.files} files, {base.lines} lines; Python {sys.version.split()[0]}\n")
    print("| tool | CPU seconds | memory (MB) |\n|---|---:|---:|")
    print(f"| `ast.parse` of all files | {base.everything:.2f} | |")
    print(f"| `ast.parse` of the files that say `streamlit`, a byte scan of the rest | {base.floor:.2f} | |")
    rows = {
        "`streamlint check`, cold": cold,
        "`streamlint check`, warm": warm,
        "`streamlint version` (what a start costs)": start,
        "flake8 without the plugin": plain,
        "flake8 with the plugin": with_plugin,
        "pylint": pylint,
        "ruff": ruff,
    }
    for name, cost in rows.items():
        print(f"| {name} | {cost.seconds:.2f} | {cost.megabytes:.0f} |")
    print("\n| aim | wanted | measured |\n|---|---|---:|")
    print(f"| cold, to `ast.parse` and scan | at most 3 | {(cold.seconds - start.seconds) / base.floor:.1f} |")
    print(f"| warm, to cold | at most 0.2 | {warm.seconds / cold.seconds:.2f} |")
    print(f"| flake8 with the plugin, to without | at most 1.10 | {with_plugin.seconds / plain.seconds:.2f} |")
    print(f"| faster than flake8 | at least 5 times | {plain.seconds / cold.seconds:.1f} |")
    print(f"| faster than pylint | at least 20 times | {pylint.seconds / cold.seconds:.1f} |")


def growth() -> None:
    """Cold runs on projects of growing size."""
    print("| files | CPU seconds, cold | per file (ms) | warm | memory (MB) |\n|---:|---:|---:|---:|---:|")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
            corpus.make(Path(folder), size)
            cold = cost_of([*CHECK, "--no-cache", "."], Path(folder), runs=1)
            cost_of([*CHECK, "--cache-dir", cache, "."], Path(folder), runs=1)
            warm = cost_of([*CHECK, "--cache-dir", cache, "."], Path(folder), runs=1)
        each = 1000 * cold.seconds / size
        print(f"| {size:,} | {cold.seconds:.2f} | {each:.2f} | {warm.seconds:.2f} | {cold.megabytes:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="measure this folder instead of a generated project")
    parser.add_argument("--files", type=int, default=600, help="files of the generated project")
    parser.add_argument("--growth", action="store_true", help="measure projects of growing size")
    options = parser.parse_args()
    if options.growth:
        growth()
    elif options.corpus is not None:
        table(options.corpus.resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            corpus.make(Path(folder), options.files)
            table(Path(folder))


if __name__ == "__main__":
    main()
