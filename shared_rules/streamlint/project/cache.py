"""What earlier runs found out, on disk: safe to delete, to share between processes and to lose.

Layout: `<dir>/<tag>/<kind>.pack`, one file per kind of value, so that ten thousand source files are one read. A tag is
the version of streamlint, the version of Python and a hash of the engine's own files: what another engine wrote is
never read. A pack is a magic, the digest of its index, the index and the pickled values, each with its own digest.
They are verified before anything is unpickled; what does not verify does not exist.

The folder is local data like a `__pycache__`. Values are pickles, but only the engine's own plain classes and a few
builtins can come out of them: a pack from a stranger cannot run code.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import io
import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Hashable, Iterator
from dataclasses import field
from enum import Enum
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlint
from streamlint.records import mutable

FOLDER_NAME = ".streamlint_cache"
MAX_AGE_DAYS = 14
MAX_PACK_BYTES = 256 * 1024 * 1024

_MAGIC = b"STLPACK1"
_DIGEST_SIZE = 16
_HEAD = struct.Struct(f"<8s{_DIGEST_SIZE}sQ")
_ROW = struct.Struct(f"<{_DIGEST_SIZE}sQQ{_DIGEST_SIZE}sI")
_DAY = 24 * 60 * 60
_TAG_FILE = "CACHEDIR.TAG"
_TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by streamlint; safe to delete.\n"
_BUILTINS = frozenset({"frozenset", "set", "complex", "bytearray"})


def digest(*parts: bytes) -> bytes:
    """A hash of these parts, which are kept apart: 16 bytes of BLAKE2b."""
    hasher = blake2b(digest_size=_DIGEST_SIZE)
    for part in parts:
        hasher.update(len(part).to_bytes(8, "little"))
        hasher.update(part)
    return hasher.digest()


def engine_tag() -> str:
    """The name of the folder for what this very engine, under this Python, writes."""
    version = getattr(streamlint, "__version__", "0")
    return f"{version}-py{sys.version_info[0]}{sys.version_info[1]}-{_engine_hash().hex()}"


def _engine_hash() -> bytes:
    hasher = blake2b(digest_size=8)
    for path in sorted(Path(streamlint.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".pyi", ".json", ".toml") and path.is_file():
            hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.digest()


class Cache:
    """Values by kind and key, as earlier runs left them.

    Nothing here ever raises because of the disk: what cannot be read is missing, what cannot be written is not kept.
    Values must be built from plain data and the engine's frozen dataclasses and enums. Threads may share a cache.
    """

    def __init__(self, dir: Path, *, tag: str | None = None) -> None:
        """`dir` is usually `<project root>/.streamlint_cache`; it is made when there is something to write."""
        self.dir = dir
        self._tag = tag
        self._packs: dict[str, _Pack] = {}
        self._lock = threading.RLock()

    @property
    def tag(self) -> str:
        """The folder inside `dir` that this engine uses."""
        if self._tag is None:
            self._tag = engine_tag()
        return self._tag

    def get(self, kind: str, key: bytes) -> Any | None:
        """The value put under a key (a `digest`), or None. `kind` is an identifier."""
        with self._lock:
            return self._pack(kind).get(key)

    def put(self, kind: str, key: bytes, value: object) -> None:
        """Keep a value until `flush`. A value that cannot be pickled is not kept."""
        try:
            blob = encode(value)
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
            return
        with self._lock:
            self._pack(kind).put(key, blob)

    def flush(self) -> None:
        """Write what is new, together with what other processes wrote meanwhile. Costs nothing if nothing is new."""
        with self._lock:
            dirty = {kind: pack for kind, pack in self._packs.items() if pack.dirty}
            if not dirty:
                return
            with contextlib.suppress(OSError):
                folder = self.dir / self.tag
                _make_folder(self.dir, folder)
                for kind, pack in dirty.items():
                    pack.save(folder / f"{kind}.pack")
                _drop_stale_tags(self.dir, keep=self.tag)

    def _pack(self, kind: str) -> _Pack:
        if kind not in self._packs:
            if not kind.isidentifier():
                raise ValueError(f"not a kind of cached value: {kind!r}")
            self._packs[kind] = _Pack.load(self.dir / self.tag / f"{kind}.pack")
        return self._packs[kind]


def clean(dir: Path) -> bool:
    """Delete a cache folder and say whether there was one. A folder that no cache made is left alone."""
    try:
        ours = (dir / _TAG_FILE).read_text(encoding="utf-8").startswith(_TAG_TEXT.splitlines()[0])
    except (OSError, UnicodeDecodeError):
        return False
    if ours:
        import shutil

        shutil.rmtree(dir, ignore_errors=True)
    return ours


@mutable
class _Row:
    blob: bytes | memoryview
    check: bytes
    day: int
    """When the value was last used, in days since 1970."""


@mutable
class _Pack:
    rows: dict[bytes, _Row] = field(default_factory=dict)
    dirty: bool = False

    @classmethod
    def load(cls, path: Path) -> _Pack:
        """What a file holds; an empty pack if it is missing, cut short or changed."""
        try:
            data = memoryview(path.read_bytes())
        except OSError:
            return cls()
        return cls(dict(_read_rows(data)))

    def get(self, key: bytes) -> Any | None:
        row = self.rows.get(key)
        if row is None:
            return None
        try:
            if digest(row.blob) != row.check:  # type: ignore[arg-type]
                raise pickle.UnpicklingError("changed on disk")
            value = decode(row.blob)
        except Exception:  # whatever a damaged value does, it is a value we do not have
            del self.rows[key]
            return None
        today = _today()
        if row.day != today:
            row.day, self.dirty = today, True
        return value

    def put(self, key: bytes, blob: bytes) -> None:
        if len(key) != _DIGEST_SIZE:
            raise ValueError(f"a key is a digest of {_DIGEST_SIZE} bytes, not {len(key)}")
        self.rows[key] = _Row(blob, digest(blob), _today())
        self.dirty = True

    def save(self, path: Path) -> None:
        """Replace the file in one step by the union of it and this pack, less what is old. Raises OSError."""
        rows = {**_Pack.load(path).rows, **self.rows}
        _write_atomically(path, _bytes_of(_kept(rows)))
        self.dirty = False


def _read_rows(data: memoryview) -> Iterator[tuple[bytes, _Row]]:
    if len(data) < _HEAD.size:
        return
    magic, check, count = _HEAD.unpack_from(data)
    start = _HEAD.size + count * _ROW.size
    if magic != _MAGIC or start > len(data) or digest(data[_HEAD.size : start]) != check:  # type: ignore[arg-type]
        return
    for key, offset, length, row_check, day in _ROW.iter_unpack(data[_HEAD.size : start]):
        yield key, _Row(data[start + offset : start + offset + length], row_check, day)


def _bytes_of(rows: dict[bytes, _Row]) -> bytes:
    index = bytearray()
    offset = 0
    for key, row in rows.items():
        index += _ROW.pack(key, offset, len(row.blob), row.check, row.day)
        offset += len(row.blob)
    head = _HEAD.pack(_MAGIC, digest(bytes(index)), len(rows))
    return b"".join([head, bytes(index), *(row.blob for row in rows.values())])


def _kept(rows: dict[bytes, _Row]) -> dict[bytes, _Row]:
    oldest = _today() - MAX_AGE_DAYS
    kept: dict[bytes, _Row] = {}
    size = 0
    for key, row in sorted(rows.items(), key=lambda item: (-item[1].day, item[0])):
        size += len(row.blob)
        if row.day < oldest or size > MAX_PACK_BYTES:
            break
        kept[key] = row
    return kept


def _today() -> int:
    return int(time.time() // _DAY)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    # Thousands of small values at once and no garbage among them: looking for some takes most of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def encode(value: object) -> bytes:
    """A plain value of the engine as bytes, faster than by `pickle.dumps`."""
    buffer = io.BytesIO()
    with _no_collection():
        _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def decode(blob: bytes | memoryview) -> Any:
    """The value that `encode` was given. Bytes that are anything else raise an exception of some kind."""
    with _no_collection():
        return _Unpickler(io.BytesIO(blob)).load()


@cache
def _field_names(kind: Hashable) -> tuple[str, ...] | None:
    """The fields that a dataclass can be made anew from, in order; None for other types."""
    if not isinstance(kind, type) or not dataclasses.is_dataclass(kind):
        return None
    if not all(field.init for field in dataclasses.fields(kind)):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call of its class, which is three times faster to read than what Python does."""

    def reducer_override(self, obj: Any) -> Any:
        kind: Any = type(obj)
        names = _field_names(kind)
        return NotImplemented if names is None else (kind, tuple([getattr(obj, name) for name in names]))


class _Unpickler(pickle.Unpickler):
    """Rebuilds the engine's plain values and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in _BUILTINS:
            return super().find_class(module, name)
        if module.split(".")[0] == "streamlint" and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"not a plain value of the engine: {module}.{name}")


def _make_folder(dir: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((_TAG_FILE, _TAG_TEXT), (".gitignore", "*\n")):
        if not (dir / name).exists():
            _write_atomically(dir / name, text.encode())


def _write_atomically(path: Path, data: bytes) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".tmp-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _drop_stale_tags(dir: Path, *, keep: str) -> None:
    limit = time.time() - MAX_AGE_DAYS * _DAY
    for folder in dir.iterdir():
        if folder.name != keep and folder.is_dir() and folder.stat().st_mtime < limit:
            import shutil

            shutil.rmtree(folder, ignore_errors=True)
