"""Extracting the facts of many files at once, over processes where that pays."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from streamlint.project.cache import decode, encode

if TYPE_CHECKING:
    from streamlint.facts.ir import ModuleFacts
    from streamlint.project.index import ProjectIndex
    from streamlint.settings import Settings

MIN_BYTES = 2_000_000
"""Less text than this is extracted before workers, which import the engine first, have caught up."""
_BATCH = 8


def load(index: ProjectIndex, paths: Iterable[str]) -> None:
    """Put the facts of these files into the index: from the cache, else from their texts.

    The outcome does not depend on the number of processes. When no process can be started, or one dies, the rest is
    done here.
    """
    missing = _uncached(index, paths)
    jobs = _jobs(index, missing)
    if jobs > 1:
        for path, facts in _in_processes(index, missing, jobs):
            index.remember(path, facts, fresh=True)
    for path in missing:
        index.facts(path)


def _uncached(index: ProjectIndex, paths: Iterable[str]) -> list[str]:
    missing: list[str] = []
    for path in dict.fromkeys(paths):
        if index.has_facts(path):
            continue
        cached = index.cached_facts(path)
        if cached is None:
            missing.append(path)
        else:
            index.remember(path, cached, fresh=False)
    return missing


def _jobs(index: ProjectIndex, paths: Sequence[str]) -> int:
    if index.settings.jobs == 1 or sum(map(index.size, paths)) < MIN_BYTES:
        return 1
    import multiprocessing  # not for small projects, which would wait longer for this than for anything else

    # A worker of flake8 or pytest must not (a daemon cannot) start workers of its own.
    if multiprocessing.parent_process() is not None:
        return 1
    return min(index.settings.jobs or os.cpu_count() or 1, -(-len(paths) // _BATCH))


def _in_processes(index: ProjectIndex, paths: Sequence[str], jobs: int) -> list[tuple[str, ModuleFacts]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    before = set(multiprocessing.active_children())
    batches = [list(paths[start : start + _BATCH]) for start in range(0, len(paths), _BATCH)]
    done: list[tuple[str, ModuleFacts]] = []
    try:
        # Fork is not safe under an editor's threads, so workers start from nothing on every platform.
        context = multiprocessing.get_context("spawn")
        setup = (index.root, index.settings, dict(index.overlays))
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=setup) as pool:
            try:
                with _interrupts_blocked():
                    found = pool.map(_extract_batch, batches)
                for results in found:
                    done.extend(decode(results))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for worker in set(multiprocessing.active_children()) - before:
                    worker.terminate()
                raise
    except (OSError, RuntimeError, BrokenProcessPool, pickle.PickleError, AttributeError, TypeError):
        pass  # what is done is done; the caller extracts the rest itself
    return done


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Workers that are started here never see Ctrl-C, which a terminal sends to all: only this process answers it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


_worker: ProjectIndex | None = None


def _start_worker(root: str, settings: Settings, overlays: dict[str, str]) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from streamlint.project.index import ProjectIndex

    _worker = ProjectIndex(Path(root), settings=settings, overlays=overlays)


def _extract_batch(paths: list[str]) -> bytes:
    assert _worker is not None
    return encode([(path, _worker.extract(path)) for path in paths])
