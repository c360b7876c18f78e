"""The disk cache: what is put is got by the next process, and nothing on the disk can make it fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlint.facts.extract import extract_module
from streamlint.findings import Span
from streamlint.project import cache as cache_module
from streamlint.project.cache import Cache, clean, digest

KEY = digest(b"key")
CODE = "import streamlit as st\nif st.button('a'):\n    st.session_state.x = [1, 2.5, b'b', None, f'{st}']\n"


def written(folder: Path, value: object = "value", tag: str = "t") -> Path:
    cache = Cache(folder, tag=tag)
    cache.put("facts", KEY, value)
    cache.flush()
    return folder / tag / "facts.pack"


def test_a_value_is_there_for_the_next_run(tmp_path: Path) -> None:
    facts = extract_module("/app.py", CODE)
    written(tmp_path, (facts, (None, "/other.py")))
    assert Cache(tmp_path, tag="t").get("facts", KEY) == (facts, (None, "/other.py"))


def test_kinds_and_keys_are_apart(tmp_path: Path) -> None:
    written(tmp_path)
    cache = Cache(tmp_path, tag="t")
    assert cache.get("findings", KEY) is None
    assert cache.get("facts", digest(b"other")) is None
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_another_engine_does_not_see_it(tmp_path: Path) -> None:
    written(tmp_path, tag="old")
    assert Cache(tmp_path, tag="new").get("facts", KEY) is None
    assert Cache(tmp_path).tag == Cache(tmp_path).tag != "old"


def test_nothing_is_written_without_something_new(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Cache(folder, tag="t").flush()
    assert not folder.exists()
    pack = written(folder)
    before = pack.stat().st_mtime_ns
    again = Cache(folder, tag="t")
    again.get("facts", KEY)
    again.flush()
    assert pack.stat().st_mtime_ns == before


def test_the_folder_is_ignored_by_git_and_backups(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "*\n"
    assert (tmp_path / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


@pytest.mark.parametrize("position", ["all", "head", "middle", "last"])
def test_a_damaged_pack_is_an_empty_one(tmp_path: Path, position: str) -> None:
    pack = written(tmp_path)
    data = bytearray(pack.read_bytes())
    if position == "all":
        data = bytearray(b"not a pack")
    else:
        data[{"head": 10, "middle": len(data) // 2, "last": len(data) - 1}[position]] ^= 0xFF
    pack.write_bytes(bytes(data))
    assert Cache(tmp_path, tag="t").get("facts", KEY) is None


def test_every_cut_of_a_pack_is_survived(tmp_path: Path) -> None:
    pack = written(tmp_path)
    data = pack.read_bytes()
    for length in range(len(data)):
        pack.write_bytes(data[:length])
        assert Cache(tmp_path, tag="t").get("facts", KEY) is None


def test_damage_is_repaired_by_the_next_write(tmp_path: Path) -> None:
    written(tmp_path).write_bytes(b"")
    written(tmp_path)
    assert Cache(tmp_path, tag="t").get("facts", KEY) == "value"


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 1",)


def test_only_plain_values_come_out(tmp_path: Path) -> None:
    written(tmp_path, Evil())
    assert Cache(tmp_path, tag="t").get("facts", KEY) is None


def test_what_cannot_be_pickled_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, tag="t")
    cache.put("facts", KEY, lambda: None)
    assert cache.get("facts", KEY) is None


def test_a_value_that_its_class_refuses_is_not_there(tmp_path: Path) -> None:
    span = Span(1, 2)
    object.__setattr__(span, "start", 5)
    written(tmp_path, span)
    assert Cache(tmp_path, tag="t").get("facts", KEY) is None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = Cache(blocked / "cache", tag="t")
    cache.put("facts", KEY, "value")
    cache.flush()
    assert cache.get("facts", KEY) == "value"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_folder_is_no_error(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "t").chmod(0o500)
    cache = Cache(tmp_path, tag="t")
    cache.put("facts", digest(b"new"), "new")
    cache.flush()
    (tmp_path / "t").chmod(0o700)
    assert Cache(tmp_path, tag="t").get("facts", KEY) == "value"


def test_what_another_run_wrote_meanwhile_is_kept(tmp_path: Path) -> None:
    one, two = Cache(tmp_path, tag="t"), Cache(tmp_path, tag="t")
    one.put("facts", digest(b"1"), 1)
    two.put("facts", digest(b"2"), 2)
    one.flush()
    two.flush()
    after = Cache(tmp_path, tag="t")
    assert (after.get("facts", digest(b"1")), after.get("facts", digest(b"2"))) == (1, 2)


WRITER = """
import sys
from pathlib import Path
from streamlint.project.cache import Cache, digest
for number in range(40):
    cache = Cache(Path(sys.argv[1]), tag="t")
    cache.put("facts", digest(sys.argv[2].encode(), bytes([number])), "x" * 10_000)
    cache.flush()
"""


def test_processes_may_write_at_once(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "ab"]
    assert [run.wait() for run in runs] == [0, 0]
    cache = Cache(tmp_path, tag="t")
    # A writer may lose values to the other in a race, but never the pack, nor what was written last of all.
    assert any(cache.get("facts", digest(name, bytes([39]))) == "x" * 10_000 for name in (b"a", b"b"))
    assert not list((tmp_path / "t").glob(".tmp-*"))


def test_old_values_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    later = cache_module._today() + cache_module.MAX_AGE_DAYS + 1
    monkeypatch.setattr(cache_module, "_today", lambda: later)
    cache = Cache(tmp_path, tag="t")
    cache.put("facts", digest(b"new"), "new")
    cache.flush()
    after = Cache(tmp_path, tag="t")
    assert (after.get("facts", KEY), after.get("facts", digest(b"new"))) == (None, "new")


def test_clean_deletes_a_cache_and_nothing_else(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    written(mine)
    other.mkdir()
    (other / "data.txt").write_text("precious")
    assert (clean(mine), clean(other), clean(tmp_path / "missing")) == (True, False, False)
    assert not mine.exists()
    assert (other / "data.txt").exists()
