"""Write the catalogue of Streamlit's elements from the sources of its releases.

    python scripts/generate_catalogue.py CACHE [--check]

downloads the latest patch of every minor into the folder CACHE (once), reads the signatures from the wheels'
source with `ast` (nothing of Streamlit is imported) and joins them with the measured facts of
`streamlit_api/behaviour.toml`, which no signature can tell. `--check` writes nothing and exits with 1 if the
catalogue in the repository is not what the sources say.

A fact that changes over time is written as a mapping from the first minor it holds for to its value; one that
never changed is written plainly. A parameter is written as its position and default, `4=None`: `kw` stands for
keyword-only, `*` and `**` for the variadic ones, and a parameter without default is required.
"""

from __future__ import annotations

import argparse
import ast
import functools
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

API = Path(__file__).resolve().parent.parent / "shared_rules" / "streamlint" / "streamlit_api"
OLDEST, NEWEST = 28, 67
SUBMODULES = ("column_config", "components.v1", "components.v2")
FORWARDERS = ("_gather_metrics", "gather_metrics")
DEPRECATORS = ("_deprecate_func_name", "_deprecate_obj_name", "deprecate_func_name", "deprecate_obj_name")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Signature:
    """What one release says about one name. `parameters` is None for an object that is not callable."""

    parameters: dict[str, str] | None
    is_method: bool = False


def wheel(cache: Path, minor: int) -> Path:
    """The wheel of the latest patch of `1.minor`, downloaded unless it is in the cache."""
    found = sorted(cache.glob(f"streamlit-1.{minor}.*.whl"))
    if not found:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "-d",
            str(cache),
            f"streamlit==1.{minor}.*",
        ]
        subprocess.run(command, check=True)
        found = sorted(cache.glob(f"streamlit-1.{minor}.*.whl"))
    return found[-1]


class Release:
    """The source of one release, read straight from its wheel."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self._names = frozenset(self._zip.namelist())

    @functools.cache  # noqa: B019  one release lives as long as the script
    def tree(self, module: str) -> ast.Module | None:
        """The parsed module of a dotted name, None if the release has no such module."""
        stem = module.replace(".", "/")
        for name in (f"{stem}.py", f"{stem}/__init__.py"):
            if name in self._names:
                return ast.parse(self._zip.read(name))
        return None

    @functools.cache  # noqa: B019
    def bindings(self, module: str) -> dict[str, ast.AST]:
        """What the module's body binds: definitions, assigned values, imports. Later bindings win; overloads do not."""
        tree = self.tree(module)
        return {} if tree is None else dict(_bindings(tree.body))

    def resolve(self, module: str, name: str) -> tuple[str, ast.AST] | None:
        """The definition behind a name and the module it stands in, through imports and aliases."""
        node = self.bindings(module).get(name)
        if isinstance(node, ast.ImportFrom):
            source = next(alias.name for alias in node.names if (alias.asname or alias.name) == name)
            itself = (node.module, source) == (module, name)
            target = None if itself else self.resolve(node.module or "", source)
            return target or (f"{node.module}.{source}", ast.Module([], []))
        if isinstance(node, ast.Import):
            return next(alias.name for alias in node.names), ast.Module([], [])
        if isinstance(node, ast.Name):
            return self.resolve(module, node.id)
        if isinstance(node, ast.Call) and _callee(node) in FORWARDERS:
            return self._expression(module, node.args[1])
        if isinstance(node, ast.Call) and _callee(node) in DEPRECATORS:
            return self._expression(module, node.args[0])
        if isinstance(node, ast.Call) and _callee(node) in ("cast", "_cast"):
            return self._expression(module, node.args[1])
        if isinstance(node, ast.Attribute):
            return self._expression(module, node)
        return None if node is None else (module, node)

    def _expression(self, module: str, node: ast.expr) -> tuple[str, ast.AST] | None:
        """Like `resolve`, for a name or an attribute of a container or module."""
        if isinstance(node, ast.Name):
            return self.resolve(module, node.id) or (module, node)
        if not isinstance(node, ast.Attribute):
            return module, node
        if node.attr in self.methods():
            return self.methods()[node.attr]
        base = self._expression(module, node.value)
        found = self.resolve(base[0], node.attr) if base and isinstance(base[1], ast.Module) else None
        return found or (module, node)

    @functools.cache  # noqa: B019
    def methods(self) -> dict[str, tuple[str, Function]]:
        """The methods of `DeltaGenerator`, from its mixins and itself; private ones included."""
        module = "streamlit.delta_generator"
        cls = self.bindings(module)["DeltaGenerator"]
        assert isinstance(cls, ast.ClassDef)
        found: dict[str, tuple[str, Function]] = {}
        for base in reversed(cls.bases):  # the first base wins
            mixin = self.resolve(module, ast.unparse(base))
            if mixin and isinstance(mixin[1], ast.ClassDef):
                found.update(self._methods(mixin[0], mixin[1]))
        return {**found, **self._methods(module, cls)}

    def _methods(self, module: str, cls: ast.ClassDef) -> dict[str, tuple[str, Function]]:
        found: dict[str, tuple[str, Function]] = {}
        for name, node in _bindings(cls.body):
            inner = _forwarded(node) if isinstance(node, ast.Call) else None
            if isinstance(inner, ast.Name):
                found[name] = found[inner.id]
            elif isinstance(node, Function) and not _is_property(node):
                found[name] = (module, node)
        return found

    def signatures(self) -> Iterator[tuple[str, Signature]]:
        """Every public name of `streamlit`, of the public submodules and of `DeltaGenerator` (as `.name`)."""
        for name in self.bindings("streamlit"):
            if _is_public(name):
                yield from self._signature("streamlit", name, name)
        for submodule in SUBMODULES:
            for name in self._exports(f"streamlit.{submodule}"):
                yield from self._signature(f"streamlit.{submodule}", name, f"{submodule}.{name}")
        for name, (module, method) in self.methods().items():
            if not name.startswith("_"):
                yield f".{name}", Signature(self._parameters(module, method, bound=True), is_method=True)

    def _exports(self, module: str) -> list[str]:
        names = self.bindings(module).get("__all__")
        return list(ast.literal_eval(names)) if isinstance(names, ast.expr) else []

    def _signature(self, module: str, name: str, public: str) -> Iterator[tuple[str, Signature]]:
        found = self.resolve(module, name)
        if found is None or isinstance(found[1], ast.Module):
            return
        where, node = found
        if isinstance(node, Function):
            bound = any(method is node for _, method in self.methods().values())
            yield public, Signature(self._parameters(where, node, bound))
        elif isinstance(node, ast.ClassDef):
            yield public, Signature(self._special(where, node, "__init__"))
        elif isinstance(node, ast.Call):
            cls = self.resolve(where, _callee(node))
            yield public, Signature(self._special(*cls, "__call__") if cls else None)
        elif isinstance(node, ast.Attribute | ast.Name):
            yield public, Signature(None)

    def _special(self, module: str, cls: ast.AST, name: str) -> dict[str, str] | None:
        method = dict(_bindings(cls.body)).get(name) if isinstance(cls, ast.ClassDef) else None
        return self._parameters(module, method, bound=True) if isinstance(method, Function) else None

    def _parameters(self, module: str, function: Function, bound: bool) -> dict[str, str]:
        args = function.args
        names = [*args.posonlyargs, *args.args]
        defaults: list[ast.expr | None] = [None] * (len(names) - len(args.defaults))
        pairs = list(zip(names, [*defaults, *args.defaults], strict=True))[1 if bound else 0 :]
        found = {arg.arg: f"{index}{self._default(module, default)}" for index, (arg, default) in enumerate(pairs)}
        if args.vararg:
            found[args.vararg.arg] = "*"
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found[arg.arg] = f"kw{self._default(module, default)}"
        if args.kwarg:
            found[args.kwarg.arg] = "**"
        return found

    def _default(self, module: str, node: ast.expr | None) -> str:
        if node is None:
            return ""
        if isinstance(node, ast.Name):
            found = self.resolve(module, node.id)
            node = found[1] if found and isinstance(found[1], ast.Constant | ast.Tuple) else node
        return f"={ast.unparse(node)}"


def _callee(node: ast.Call) -> str:
    return ast.unparse(node.func)


def _forwarded(node: ast.AST) -> ast.AST | None:
    """The function inside `name = deprecate_func_name(gather_metrics("…", function), …)`, None for anything else."""
    while isinstance(node, ast.Call) and _callee(node) in (*FORWARDERS, *DEPRECATORS):
        node = node.args[1 if _callee(node) in FORWARDERS else 0]
    return node if isinstance(node, ast.Name) else None


def _is_public(name: str) -> bool:
    return not name.startswith("_") and name not in ("annotations", "event", "TYPE_CHECKING")


def _is_property(node: Function) -> bool:
    return any(ast.unparse(decorator) in ("property", "overload") for decorator in node.decorator_list)


def _bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    for node in body:
        if isinstance(node, Function):
            if not any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list):
                yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if isinstance(node, ast.ImportFrom) or alias.asname:
                    yield alias.asname or alias.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.If):
            yield from _bindings([*node.body, *node.orelse])


# --- joining the releases ------------------------------------------------------------------------------------


def timeline(values: dict[int, Any]) -> Any:
    """A value for every minor, as the plain value if it never changes, else as {first minor: value}."""
    changes: dict[str, Any] = {}
    for minor in range(OLDEST, NEWEST + 1):
        value = values.get(minor)
        if not changes or list(changes.values())[-1] != value:
            changes[str(minor)] = value
    return values[OLDEST] if len(changes) == 1 else changes


def join(releases: dict[int, dict[str, Signature]]) -> dict[str, dict[str, Any]]:
    """One record per name: where it lives and its parameters, each over time."""
    names = {name.removeprefix(".") for signatures in releases.values() for name in signatures}
    return {name: _record(name, releases) for name in sorted(names)}


def _record(name: str, releases: dict[int, dict[str, Signature]]) -> dict[str, Any]:
    own = {minor: signatures.get(name) or signatures.get(f".{name}") for minor, signatures in releases.items()}
    on = {minor: _place(name, signatures) for minor, signatures in releases.items()}
    record: dict[str, Any] = {"name": name, "on": timeline(on)}
    if any(signature and signature.parameters is not None for signature in own.values()):
        record["params"] = {
            parameter: timeline(
                {m: s.parameters.get(parameter) if s and s.parameters else None for m, s in own.items()}
            )
            for parameter in _ordered(own)
        }
    return record


def _ordered(own: dict[int, Signature | None]) -> list[str]:
    """The parameters' names in the order of the newest release that has them."""
    order: dict[str, None] = {}
    for minor in sorted(own, reverse=True):
        signature = own[minor]
        order.update(dict.fromkeys((signature.parameters or {}) if signature else {}))
    return list(order)


def _place(name: str, signatures: dict[str, Signature]) -> str | None:
    return ("st" if name in signatures else "") + ("dg" if f".{name}" in signatures else "") or None


def add_behaviour(records: dict[str, dict[str, Any]], behaviour: dict[str, dict[str, Any]]) -> list[str]:
    """Join the hand-written facts in; the answer names what does not fit together."""
    facts = {
        name: {k: v for k, v in group.items() if k != "names"}
        for group in behaviour.values()
        for name in group["names"]
    }
    for name in facts.keys() & records.keys():
        records[name].update(facts[name])
    problems = [f"behaviour.toml: streamlit has no {name}" for name in sorted(facts.keys() - records.keys())]
    return problems + [f"behaviour.toml: nothing about {name}" for name in sorted(records.keys() - facts.keys())]


def render(records: dict[str, dict[str, Any]]) -> str:
    """The catalogue's text: one element per line."""
    lines = ",\n".join(json.dumps(records[name], separators=(",", ":")) for name in sorted(records))
    return f'{{"oldest":{OLDEST},"newest":{NEWEST},"elements":[\n{lines}\n]}}\n'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="folder that keeps the downloaded wheels")
    parser.add_argument("--check", action="store_true", help="compare with the catalogue instead of writing it")
    options = parser.parse_args()
    minors = range(OLDEST, NEWEST + 1)
    records = join({minor: dict(Release(wheel(options.cache, minor)).signatures()) for minor in minors})
    problems = add_behaviour(records, tomllib.loads((API / "behaviour.toml").read_text("utf-8")))
    target = API / "catalogue.json"
    if options.check and (not target.exists() or target.read_text("utf-8") != render(records)):
        problems.append("catalogue.json is not what the sources say; run the script without --check")
    elif not options.check:
        target.write_text(render(records), "utf-8")
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
