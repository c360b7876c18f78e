"""Finding the configuration, reading it, and laying one source over the other.

From weak to strong: the defaults; what is inherited from Ruff; the file that `extend` names; the closest
`.streamlint.toml`, `streamlint.toml` or `[tool.streamlint]` at or above the linted path; inline `--config` values;
the overrides of the command line or the editor.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from streamlint.records import immutable
from streamlint.settings.files import (
    find_own,
    find_ruff,
    is_project,
    is_too_wide,
    own_table,
    parse_toml,
    read_toml,
    ruff_table,
)
from streamlint.settings.globs import glob_escape
from streamlint.settings.model import BASELINE, CACHE_DIR, FileSelectors, Settings, SettingsError
from streamlint.settings.schema import validate
from streamlint.settings.version import NEWEST, detect_version, parse_version

_GLOBS = ("exclude", "extend-exclude", "entrypoints")
_FILE_GLOBS = ("per-file-ignores", "extend-per-file-ignores")


@immutable
class _Layer:
    """Settings from one source; the globs in it are relative to `folder`."""

    values: Mapping[str, Any]
    folder: Path


def load_settings(
    start: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """The settings for the file or folder `start`. Raises `SettingsError`.

    `config` holds what `--config` is given: at most one file, which replaces the search, and any number of TOML
    `key = value` pairs. `isolated` reads no file at all, locks included. `overrides` are by key, kebab-case or
    snake_case; a None is as if it were not there. Globs in a `--config` file, in pairs and in overrides are relative
    to the working directory if that is inside the project, else to the project.
    """
    start = Path(os.path.abspath(start))
    file, pairs = _split_config(config, isolated)
    own = file or (None if isolated else find_own(start))
    root = own.parent if own and not file else _project_root(start)
    layers = [] if isolated else _file_layers(start, own, root if file else None)
    here = _working_folder(root)
    layers += [_Layer(validate(pair, f"--config {text}"), here) for text, pair in pairs]
    given = {key.replace("_", "-"): value for key, value in (overrides or {}).items() if value is not None}
    layers.append(_Layer(validate(given, "command line"), here))
    usual = root / BASELINE
    baseline = usual if not isolated and usual.is_file() else None
    settings = _merge(Settings(root, own, cache_dir=root / CACHE_DIR, baseline=baseline), layers)
    return settings if isolated or settings.target_version_source == "setting" else _with_detected_version(settings)


def _split_config(config: Sequence[str], isolated: bool) -> tuple[Path | None, list[tuple[str, dict[str, Any]]]]:
    files: list[Path] = []
    pairs: list[tuple[str, dict[str, Any]]] = []
    for text in config:
        path = Path(text).expanduser()
        if path.is_file():
            files.append(Path(os.path.abspath(path)))
        elif "=" in text:
            pairs.append((text, parse_toml(text, f"--config {text}")))
        else:
            raise SettingsError(f"--config {text}: neither an existing file nor a TOML `key = value` pair")
    if len(files) > 1:
        raise SettingsError(f"--config names more than one file: {files[0]} and {files[1]}")
    if files and isolated:
        raise SettingsError(f"--config {files[0]} cannot be used with --isolated")
    return (files[0] if files else None), pairs


def _project_root(start: Path) -> Path:
    """The closest folder at or above `start` that is marked as a project's. Where none is, it is the working directory
    for what lies in it, so that a file means the same whether it is named alone or with its folder."""
    folder = start if start.is_dir() else start.parent
    marked = next((at for at in (folder, *folder.parents) if is_project(at)), None)
    if marked is not None:
        return marked
    here = Path.cwd()
    return here if folder.is_relative_to(here) and not is_too_wide(here) else folder


def _working_folder(root: Path) -> Path:
    here = Path.cwd()
    return here if here.is_relative_to(root) else root


def _file_layers(start: Path, own: Path | None, folder: Path | None) -> list[_Layer]:
    ruff = find_ruff(start)
    layers = _chain(ruff, own=False) if ruff else []
    if own:
        layers += _chain(own, own=True)
        if folder:
            layers[-1] = replace(layers[-1], folder=_working_folder(folder))
    return layers


def _chain(path: Path, *, own: bool) -> list[_Layer]:
    """The layer of a file after those of the files that it extends."""
    layers: list[_Layer] = []
    seen: set[Path] = set()
    following: Path | None = path
    while following and following not in seen:
        seen.add(following)
        values = _own_values(following) if own else ruff_table(following)
        layers.insert(0, _Layer(values, following.parent))
        following = _extended(following, values.get("extend"))
    return layers


def _own_values(path: Path) -> dict[str, Any]:
    section = " [tool.streamlint]" if path.name == "pyproject.toml" else ""
    return validate(own_table(path, read_toml(path)) or {}, f"{path}{section}")


def _extended(path: Path, extend: str | None) -> Path | None:
    if extend is None:
        return None
    target = Path(os.path.abspath(path.parent / Path(os.path.expandvars(extend)).expanduser()))
    if not target.is_file():
        raise SettingsError(f"{path}: `extend` names {target}, which is not a file")
    return target


def _merge(settings: Settings, layers: Sequence[_Layer]) -> Settings:
    for layer in layers:
        values = _anchored(layer, settings.root)
        settings = _with_rules(settings, values)
        settings = _with_files(settings, values, layer.folder)
        settings = _with_options(settings, values)
    return settings


def _anchored(layer: _Layer, root: Path) -> dict[str, Any]:
    """The values of a layer with its globs made relative to the root, which is to say absolute where they are not."""
    values = dict(layer.values)
    if layer.folder == root:
        return values
    for key in _GLOBS:
        if key in values:
            values[key] = [_anchor(glob, layer.folder) for glob in values[key]]
    for key in _FILE_GLOBS:
        if key in values:
            values[key] = {_anchor(glob, layer.folder): rules for glob, rules in values[key].items()}
    if "src" in values:
        values["src"] = [str(layer.folder / folder) for folder in values["src"]]
    return values


def _anchor(glob: str, folder: Path) -> str:
    negation, pattern = ("!", glob[1:]) if glob.startswith("!") else ("", glob)
    # A glob without a slash is about names, wherever they stand.
    if "/" not in pattern or os.path.isabs(pattern):
        return glob
    return f"{negation}{glob_escape(folder.as_posix())}/{pattern}"


def _with_rules(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """As in Ruff: a `select` begins anew, and what is selected later is not ignored by what came earlier."""
    ignore = (*values.get("ignore", ()), *values.get("extend-ignore", ()))
    extend = tuple(values.get("extend-select", ()))
    if "select" in values:
        return replace(settings, select=tuple(values["select"]), extend_select=extend, ignore=ignore)
    kept = tuple(old for old in settings.ignore if not any(_covers(selector, old) for selector in extend))
    return replace(settings, extend_select=settings.extend_select + extend, ignore=kept + ignore)


def _covers(selector: str, other: str) -> bool:
    return selector in ("ALL", other) or (selector.startswith("STL") and other.startswith(selector))


def _with_files(settings: Settings, values: Mapping[str, Any], folder: Path) -> Settings:
    if "exclude" in values:
        settings = replace(settings, exclude=tuple(values["exclude"]))
    if "per-file-ignores" in values:
        settings = replace(settings, per_file_ignores=_pairs(values["per-file-ignores"]))
    if "cache-dir" in values:
        settings = replace(settings, cache_dir=folder / _expanded(values["cache-dir"]))
    if "baseline" in values:
        file = values["baseline"]
        settings = replace(settings, baseline=Path(os.path.abspath(folder / _expanded(file))) if file else None)
    return replace(
        settings,
        extend_exclude=settings.extend_exclude + tuple(values.get("extend-exclude", ())),
        extend_per_file_ignores=settings.extend_per_file_ignores + _pairs(values.get("extend-per-file-ignores", {})),
    )


def _expanded(path: str) -> Path:
    """As a shell would, which Ruff does too."""
    return Path(os.path.expandvars(path)).expanduser()


def _with_options(settings: Settings, values: Mapping[str, Any]) -> Settings:
    settings = replace(
        settings,
        force_exclude=values.get("force-exclude", settings.force_exclude),
        respect_gitignore=values.get("respect-gitignore", settings.respect_gitignore),
        entrypoints=tuple(values.get("entrypoints", settings.entrypoints)),
        access_style=values.get("access-style", settings.access_style),
        min_confidence=values.get("min-confidence", settings.min_confidence),
        output_format=values.get("output-format", settings.output_format),
        src=tuple(values.get("src", settings.src)),
        jobs=values.get("jobs", settings.jobs),
    )
    if "library-keys" in values:
        settings = replace(settings, library_keys=_pairs(values["library-keys"]))
    if "target-version" in values:
        version = parse_version(values["target-version"]) or NEWEST
        settings = replace(settings, target_version=version, target_version_source="setting")
    return settings


def _with_detected_version(settings: Settings) -> Settings:
    detected = detect_version(settings.root)
    if detected is None:
        return settings
    return replace(settings, target_version=detected[0], target_version_source=detected[1])


def _pairs(table: Mapping[str, Sequence[str]]) -> FileSelectors:
    return tuple((key, tuple(values)) for key, values in table.items())
