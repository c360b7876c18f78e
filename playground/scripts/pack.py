"""Packs the engine, and what it needs, into one archive that Pyodide unpacks: `pack.py ARCHIVE`."""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("streamlint", "astroid", "pathspec", "packaging")
HERE = Path(__file__).resolve().parent.parent
DATE = (2020, 1, 1, 0, 0, 0)
"""The same files make the same archive."""


def main(archive: str) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for package in PACKAGES:
            spec = find_spec(package)
            if spec is None or not spec.submodule_search_locations:
                raise SystemExit(f"{sys.executable} has no package {package}: install streamlint into it")
            folder = Path(spec.submodule_search_locations[0])
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    add(packed, path, path.relative_to(folder.parent).as_posix())
            for file in files(package) or ():
                if "license" in file.as_posix().lower() and ".dist-info" in file.parts[0]:
                    add(packed, Path(str(file.locate())), f"licences/{package}/{file.name}")
        add(packed, HERE / "python" / "playground.py", "playground.py")


def add(packed: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    main(sys.argv[1])
