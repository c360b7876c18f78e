"""Everything a contributor or a CI job runs, from a bare Python: standard library only.

    python3 scripts/dev.py demo      lint the examples
    python3 scripts/dev.py test      lint, type check and test on this Python
    python3 scripts/dev.py pythons   the tests on the other Pythons found
    python3 scripts/dev.py runtime   what is claimed about Streamlit, on old and new versions of it
    python3 scripts/dev.py editors   real editors with the language server, which it installs on Debian and Ubuntu
    python3 scripts/dev.py vscode    the VS Code extension: its checks, its package, and that in a real VS Code
    python3 scripts/dev.py adoption  this project as users install it: pre-commit, the GitHub Action
    python3 scripts/dev.py packaging the wheel and the sdist: complete, reproducible, and of use where nothing else is
    python3 scripts/dev.py fixes     all fixes, applied to all apps of the tests
    python3 scripts/dev.py browser   a sample of that in Chromium, which it installs on Debian and Ubuntu
    python3 scripts/dev.py docs      the documentation site with its playground, and both in Chromium
    python3 scripts/dev.py fuzz      programs that nobody wrote, for --minutes

Makes `.venv` in the repository (and further environments inside it) and installs what each command needs. Exits 0
when all went well, 1 when a check failed, 2 when it could not be run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / ".venv"
OTHERS = MAIN / "others"
OLDEST = (3, 10)
NEWEST = (3, 15)
STREAMLITS = {
    # NumPy and PyArrow of the time: pip would pick a PyArrow that wants a newer NumPy than Streamlit allows.
    "1.28.2": ("streamlit==1.28.2", "numpy<2", "pyarrow<15"),
    "1.40.2": ("streamlit==1.40.2", "numpy<2", "pyarrow<17"),
}
NEWEST_STREAMLIT = "newest"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
OLD_STREAMLIT_PYTHONS = ((3, 11), (3, 10), (3, 12))
CODE_SERVER = "code-server@4.139.1"
"""VS Code 1.139.1 as a server, for browsers; the only VS Code that a package registry has."""
CODE_SERVER_NODE = "node@24"
"""What it insists on, whatever this machine has."""
CODE_SERVER_NEEDS = ("libkrb5-dev", "g++", "make", "fonts-dejavu-core", "fonts-noto-color-emoji")
"""Debian's packages that its modules are compiled with, and what it is drawn with."""
EDITORS = {"nvim": "neovim", "emacs": "emacs-nox elpa-eglot"}
"""Programs, and Debian's packages that have them."""
QUICK = "not runtime and not sweep and not editors and not vscode and not adoption and not packaging"
LEAN = (
    "-e",
    ".[flake8,lsp]",
    "pytest>=8",
    "pytest-lsp>=1",
    "pytest-randomly",
    "pytest-timeout",
    "pytest-xdist",
    "hypothesis",
    "jsonschema",
    "ruff>=0.12",
)


class CannotRun(Exception):
    """Something outside the project is missing; the message says what to do."""


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None, check: bool = False) -> int:
    """Runs a command in the repository with its output shown; with `check`, raises `CannotRun` where it fails."""
    words = [str(word) for word in command]
    code = subprocess.call(words, cwd=ROOT, env={**os.environ, **(env or {})})
    if check and code:
        raise CannotRun(f"this failed with exit status {code}: {' '.join(words)}")
    return code


# --- interpreters and environments ---------------------------------------------------------------------------


def version_of(python: str | Path) -> tuple[int, int] | None:
    """The version of an interpreter, or None where it does not start (a pyenv shim without that version, say)."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    words = done.stdout.split()
    return (int(words[0]), int(words[1])) if done.returncode == 0 and len(words) == 2 else None


def find_pythons() -> dict[tuple[int, int], str]:
    """One interpreter for each version of Python from `OLDEST` up, the running one first choice for its version."""
    found = {sys.version_info[:2]: sys.executable}
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        for candidate in candidates(f"python3.{minor}"):
            if version_of(candidate) == (3, minor):
                found.setdefault((3, minor), str(candidate))
                break
    return {version: found[version] for version in sorted(found) if version >= OLDEST}


def candidates(name: str) -> list[Path]:
    """Where an interpreter may be: on the path, or behind a pyenv shim that has no version chosen."""
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    behind = [path for folder in folders if folder.name == "shims" for path in folder.parent.glob("versions/*/bin")]
    return [folder / name for folder in [*folders, *behind] if (folder / name).is_file()]


def interpreter(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make(environment: Path, python: str, *requirements: str) -> Path:
    """An environment of `python` with the requirements installed; done once for each set of them."""
    wanted = stamp(python, requirements)
    marker = environment / "streamlint-installed.txt"
    if not (marker.is_file() and wanted in marker.read_text().split() and version_of(interpreter(environment))):
        say(f"Installing into {environment.relative_to(ROOT)} ({' '.join(requirements)})")
        if version_of(interpreter(environment)) != version_of(python):
            create(environment, python)
        pip = (interpreter(environment), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, *requirements, check=True)
        with marker.open("a") as file:
            file.write(f"{wanted}\n")
    return interpreter(environment)


def create(environment: Path, python: str) -> None:
    if environment.exists():
        shutil.rmtree(environment)
    if run(python, "-m", "venv", environment):
        raise CannotRun(f"{python} cannot make virtual environments; on Debian and Ubuntu, install python3-venv")


def stamp(python: str, requirements: tuple[str, ...]) -> str:
    """Changes when the environment must be brought up to date."""
    parts = [repr(version_of(python)), *requirements, (ROOT / "pyproject.toml").read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def developer() -> Path:
    """The main environment with all tools. Pyright is a Node program, which its extra brings where there is none."""
    extra = () if shutil.which("node") else ("pyright[nodejs]",)
    return make(MAIN, sys.executable, "-e", ".[dev]", *extra)


# --- commands ------------------------------------------------------------------------------------------------


def demo() -> int:
    """Lints the examples, which have bugs on purpose: to find them is the success, anything else is a failure."""
    python = make(MAIN, sys.executable, "-e", ".")
    say("streamlint check examples")
    code = run(python, "-m", "streamlint_cli", "check", "--exit-zero", "--no-cache", "examples")
    if code == 0:
        say("These bugs were put into examples/ on purpose. Now try: .venv/bin/streamlint check path/to/your/app")
    return code


def test() -> int:
    """Every check on this Python but those that have commands of their own, which take longer."""
    python = developer()
    steps = {
        "ruff check": (python, "-m", "ruff", "check", "."),
        "ruff format": (python, "-m", "ruff", "format", "--check", "."),
        "mypy": (python, "-m", "mypy"),
        "pyright": (python, "-m", "pyright", "--pythonpath", python),
        f"tests on Python {dotted(sys.version_info[:2])}": (*pytest(python), "-m", QUICK),
    }
    return summary([name for name, command in steps.items() if not passes(name, *command)])


def pythons() -> int:
    """The tests on the other Pythons: all of them on the oldest, elsewhere without the thousands of small apps and
    those of the server, which differ little from one to the next."""
    failed, found = [], find_pythons()
    for version, other in found.items():
        if version != sys.version_info[:2]:
            lean = make(OTHERS / f"python-{dotted(version)}", other, *LEAN)
            name = f"tests on Python {dotted(version)}"
            flow, server = ("--ignore", "tests/streamlint/flow"), ("--ignore", "tests/streamlint_lsp")
            fewer = () if version == min(found) else (*flow, *server)
            failed += [] if passes(name, *pytest(lean), "-m", QUICK, *fewer) else [name]
    return summary(failed)


def runtime(only: str | None) -> int:
    """The tests that ask a real Streamlit, for old and new versions of it, or for one."""
    python = developer()
    found = find_pythons()
    old = next((found[version] for version in OLD_STREAMLIT_PYTHONS if version in found), None)
    name, failed = "claims about the newest Streamlit", []
    if only in (None, NEWEST_STREAMLIT):
        failed += [] if passes(name, *pytest(python), "-m", "runtime") else [name]
    wanted = {version: needed for version, needed in STREAMLITS.items() if only in (None, version)}
    for version, requirements in wanted.items() if old else ():
        asked = make(OTHERS / f"streamlit-{version}", str(old), *requirements)
        name, env = f"claims about Streamlit {version}", {"STREAMLINT_RUNTIME_PYTHON": str(asked)}
        failed += [] if passes(name, *pytest(python), "-m", "runtime", env=env) else [name]
    if old is None and wanted:
        say("Old versions of Streamlit need Python 3.10 to 3.12, which was not found: only the newest was asked.")
    return summary(failed)


def editors() -> int:
    """Real editors do a real job with the language server; the test of one that cannot be had is skipped."""
    developer()
    python = make(MAIN, sys.executable, "-e", ".[editors]")
    missing = [package for program, package in EDITORS.items() if shutil.which(program) is None]
    for package in missing if shutil.which("apt-get") else ():
        say(f"Installing {package}")
        install = ("apt-get", "install", "-y", "--no-install-recommends", *package.split())
        if run(*install) and run("apt-get", "update") == 0:
            run(*install)
    folder = newer_helix() if shutil.which("hx") is None else None
    env = {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"} if folder else None
    name, command = "real editors", (python, "-m", "pytest", "-q", "-rs", "-m", "editors", "tests/editors")
    return summary([] if passes(name, *command, env=env) else [name])


def newer_helix() -> Path | None:
    """The folder of a Helix for a Debian that is too old to have it: the newer one's, with the C library that it was
    built for. None where that fails."""
    home = MAIN / "helix"
    program, usr, parts = home / "bin" / "hx", home / "root" / "usr", home / "sources"
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    if program.is_file():
        return program.parent
    if not sources.is_file() or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    for folder in (parts, program.parent, home / "state", home / "cache"):
        folder.mkdir(parents=True, exist_ok=True)
    (parts / "newer.sources").write_text(sources.read_text().replace("bookworm", "trixie"))
    options = {"Dir::State": home / "state", "Dir::Cache": home / "cache", "Dir::State::status": "/dev/null"}
    options |= {"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": parts}
    apt = ("apt-get", *(word for key, value in options.items() for word in ("-o", f"{key}={value}")))
    for step in ((*apt, "update"), (*apt, "download", "hx", "libc6", "libgcc-s1")):
        if subprocess.call(step, cwd=home):
            return None
    if any(run("dpkg-deb", "-x", package, home / "root") for package in home.glob("*.deb")):
        return None
    libraries = next(usr.glob("lib/*/libc.so.6")).parent
    loader = next(libraries.glob("ld-linux*"))
    program.write_text(f'#!/bin/sh\nexec "{loader}" --library-path "{libraries}" "{usr}/lib/hx/hx" "$@"\n')
    program.chmod(0o755)
    return program.parent


def vscode(only: str | None) -> int:
    """The extension's own checks, then its package in a real VS Code, which a person's clicks and keys drive."""
    python = developer()
    folder = ROOT / "vscode-extension"
    if shutil.which("npm") is None:
        raise CannotRun("Node 20 or newer with npm is needed; on Debian, `apt-get install nodejs npm` as root")
    env = {**editor_of_browsers(), "STREAMLINT_PYTHON": str(python), "STREAMLINT_CHROMIUM": find_chromium()}
    npm = ("npm", "--prefix", folder)
    run(*npm, "ci", "--no-fund", "--no-audit", check=True)
    package = {"package of the extension": (*npm, "run", "package")}
    checks = {
        "checks of the extension": (*npm, "run", "check"),
        "tests of the extension": (*npm, "test"),
        "page of the state map in Chromium": (*npm, "run", "test:page"),
        "server of the package on every Python": (python, "-m", "pytest", "-q", "-m", "vscode", "tests/vscode"),
    }
    driven = {"the extension in VS Code": (*npm, "run", "test:editor", *(("--", "-t", only) if only else ()))}
    steps = {**package, **({} if only else checks), **driven}
    return summary([name for name, command in steps.items() if not passes(name, *command, env=env)])


def editor_of_browsers() -> dict[str, str]:
    """Where VS Code and the Node that it wants are; installs both where they are not yet."""
    home, node = MAIN / "vscode" / "code-server", MAIN / "vscode" / "node"
    env = {"STREAMLINT_CODE_SERVER": str(home), "STREAMLINT_NODE24": str(node / "node_modules" / ".bin")}
    marker = home / "streamlint-installed.txt"
    if marker.is_file() and marker.read_text() == CODE_SERVER:
        return env
    say("Installing VS Code, which takes some minutes")
    if shutil.which("apt-get") and run("apt-get", "update") == 0:
        run("apt-get", "install", "-y", "--no-install-recommends", *CODE_SERVER_NEEDS)
    for place, package in ((node, CODE_SERVER_NODE), (home, CODE_SERVER)):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (place / "package.json").write_text("{}")
        path = f"{env['STREAMLINT_NODE24']}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        npm = ("npm", "--prefix", place, "install", "--legacy-peer-deps", "--no-fund", "--no-audit", package)
        run(*npm, env={"PATH": path}, check=True)
    marker.write_text(CODE_SERVER)
    return env


def adoption() -> int:
    """What users of other tools install: the hook with the real pre-commit, the GitHub Action with its own steps."""
    developer()
    python = make(MAIN, sys.executable, "-e", ".[adoption]")
    name, path = "pre-commit and the GitHub Action", f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    command = (python, "-m", "pytest", "-q", "-rs", "-m", "adoption", "tests/ci")
    return summary([] if passes(name, *command, env={"PATH": path}) else [name])


def packaging() -> int:
    """Builds the distributions twice, and installs them where nothing else is."""
    python = make(MAIN, sys.executable, "-e", ".[packaging]")
    name, command = "distributions", (python, "-m", "pytest", "-q", "-rs", "-m", "packaging", "tests/distributions")
    env = {"PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    return summary([] if passes(name, *command, env=env) else [name])


def fixes() -> int:
    """All fixes, safe and unsafe, applied to all apps of the tests."""
    python = developer()
    name = "fixes of all apps"
    return summary([] if passes(name, *pytest(python), "-m", "sweep") else [name])


def browser() -> int:
    """What the tests' own browser does, Chromium does alike. Slow: each app gets a server of its own."""
    developer()
    chromium = find_chromium()
    python = make(MAIN, sys.executable, "-e", ".[browser]")
    name, env = "a sample of the pages in Chromium", {"STREAMLINT_CHROMIUM": chromium}
    command = (python, "-m", "pytest", "-q", "tests/runtime/test_chromium.py")
    return summary([] if passes(name, *command, env=env) else [name])


def docs() -> int:
    """Builds the documentation site and the playground into `site/`, and looks at both as a reader does."""
    developer()
    python = make(MAIN, sys.executable, "-e", ".[docs]")
    if shutil.which("npm") is None:
        raise CannotRun("Node 20 or newer with npm is needed; on Debian, `apt-get install nodejs npm` as root")
    npm = ("npm", "--prefix", ROOT / "playground")
    run(*npm, "ci", "--no-fund", "--no-audit", check=True)
    env = {"STREAMLINT_CHROMIUM": find_chromium(), "STREAMLINT_PYTHON": str(python), "NO_MKDOCS_2_WARNING": "1"}
    steps = {
        "documentation site": (python, "-m", "mkdocs", "build", "--quiet"),
        "checks of the playground": (*npm, "run", "check"),
        "playground": (*npm, "run", "build"),
        "site and playground in Chromium": (python, "-m", "pytest", "-q", "-m", "docs", "tests/docs"),
    }
    return summary([name for name, command in steps.items() if not passes(name, *command, env=env)])


def find_chromium() -> str:
    """Where Chromium is; installs Debian's where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None and shutil.which("apt-get"):
        say("Installing Chromium")
        install = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")
        if run(*install) and run("apt-get", "update") == 0:
            run(*install)
        found = shutil.which(CHROMIUMS[0])
    if found is None:
        raise CannotRun("Chromium is needed and was not found; on Debian, `apt-get install chromium` as root")
    return found


def fuzz(minutes: float) -> int:
    """Generated, mutated and foreign programs. What it generates with has no wheels for the newest Pythons at times, so
    only this command installs it."""
    developer()
    python = make(MAIN, sys.executable, "-e", ".[fuzz]")
    return run(python, "scripts/fuzz.py", "--minutes", str(minutes))


def pytest(python: Path) -> tuple[str | Path, ...]:
    workers = min(os.cpu_count() or 1, 8)
    return (python, "-m", "pytest", "-q", "-n", str(workers))


def passes(name: str, *command: str | Path, env: dict[str, str] | None = None) -> bool:
    say(name)
    started = time.monotonic()
    code = run(*command, env=env)
    print(
        f"-- {name}: {'ok' if code == 0 else f'exit status {code}'} after {time.monotonic() - started:.0f} s",
        flush=True,
    )
    return code == 0


def summary(failed: list[str]) -> int:
    say(f"FAILED: {', '.join(failed)}" if failed else "All good.")
    return 1 if failed else 0


def dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def use_a_new_python() -> None:
    """Starts again under a Python that is new enough, where the one that was called is not."""
    if sys.version_info[:2] >= OLDEST:
        return
    for version, python in reversed(list(find_pythons().items())):
        if version >= OLDEST:
            os.execv(python, [python, *sys.argv])
    raise CannotRun(f"Python {dotted(OLDEST)} or newer is needed; this is {dotted(sys.version_info[:2])}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = {
        "demo": demo,
        "test": test,
        "pythons": pythons,
        "runtime": lambda: runtime(given.streamlit),
        "editors": editors,
        "vscode": lambda: vscode(given.only),
        "adoption": adoption,
        "packaging": packaging,
        "fixes": fixes,
        "browser": browser,
        "docs": docs,
        "fuzz": lambda: fuzz(given.minutes),
    }
    parser.add_argument("command", choices=commands)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long to fuzz (default: 5)")
    versions = (NEWEST_STREAMLIT, *STREAMLITS)
    parser.add_argument("--streamlit", choices=versions, help="of `runtime`, the one version to ask (default: all)")
    parser.add_argument("--only", help="of `vscode`, the tests in VS Code with this in their names")
    given = parser.parse_args()
    try:
        use_a_new_python()
        return commands[given.command]()
    except CannotRun as error:
        print(f"scripts/dev.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
