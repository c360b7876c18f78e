from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from streamlint.settings import (
    DEFAULT_EXCLUDE,
    NEWEST,
    OLDEST,
    Settings,
    SettingsError,
    load_settings,
    resolve_selectors,
    rule_enabled,
)

RULES = {
    "STL101": "read-before-init",
    "STL102": "set-after-widget",
    "STL201": "lost-on-page-switch",
    "STL501": "attribute-style",
}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def enabled(settings: Settings, path: str = "app.py") -> list[str]:
    return [code for code, name in RULES.items() if rule_enabled(settings, code, name, Path(path))]


# --- where settings come from


def test_without_any_configuration(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.root == tmp_path
    assert settings.config_file is None
    assert settings.exclude == DEFAULT_EXCLUDE
    assert settings.cache_dir == tmp_path / ".streamlint_cache"
    assert (settings.target_version, settings.target_version_source) == (NEWEST, "default")
    assert (settings.min_confidence, settings.output_format, settings.src) == ("possible", "full", (".", "src"))
    assert enabled(settings) == ["STL101", "STL102", "STL201"]


def test_the_closest_configuration_above_a_file_counts(tmp_path: Path) -> None:
    write(tmp_path / "streamlint.toml", "select = ['STL1']")
    inner = write(tmp_path / "a/pyproject.toml", "[tool.streamlint]\nselect = ['STL2']")
    write(tmp_path / "a/b/pyproject.toml", "[project]\nname = 'x'")
    app = write(tmp_path / "a/b/app.py", "")
    settings = load_settings(app)
    assert settings.config_file == inner
    assert settings.root == tmp_path / "a"
    assert settings.select == ("STL2",)
    assert load_settings(tmp_path).select == ("STL1",)


@pytest.mark.parametrize(
    ("present", "wins"),
    [
        ([".streamlint.toml", "streamlint.toml", "pyproject.toml"], ".streamlint.toml"),
        (["streamlint.toml", "pyproject.toml"], "streamlint.toml"),
        (["pyproject.toml"], "pyproject.toml"),
    ],
)
def test_of_one_folders_files_the_hidden_one_is_first(tmp_path: Path, present: list[str], wins: str) -> None:
    for name in present:
        write(tmp_path / name, "[tool.streamlint]\n" if name == "pyproject.toml" else "")
    assert load_settings(tmp_path).config_file == tmp_path / wins


def test_a_project_without_settings_still_has_a_root(tmp_path: Path) -> None:
    write(tmp_path / "requirements.txt", "streamlit==1.40")
    app = write(tmp_path / "pages/1_page.py", "")
    settings = load_settings(app)
    assert settings.root == tmp_path
    assert settings.target_version == (1, 40)


def test_every_key(tmp_path: Path) -> None:
    write(
        tmp_path / "pyproject.toml",
        """
        [tool.streamlint]
        exclude = ["old"]
        extend-exclude = ["gen"]
        force-exclude = true
        respect-gitignore = false
        target-version = "1.30.2"
        entrypoints = ["apps/*.py"]
        min-confidence = "certain"
        output-format = "json"
        cache-dir = "tmp/cache"
        src = ["lib"]
        jobs = 2
        [tool.streamlint.lint]
        select = ["STL1", "set-after-widget"]
        ignore = ["STL101"]
        extend-ignore = ["STL201"]
        extend-select = ["STL5"]
        per-file-ignores = { "tests/*" = ["STL1"] }
        extend-per-file-ignores = { "x.py" = ["ALL"] }
        [tool.streamlint.library-keys]
        streamlit_authenticator = ["name", "username"]
        """,
    )
    assert load_settings(tmp_path, config=['extend-exclude = ["more"]']) == Settings(
        root=tmp_path,
        config_file=tmp_path / "pyproject.toml",
        select=("STL1", "set-after-widget"),
        ignore=("STL101", "STL201"),
        extend_select=("STL5",),
        per_file_ignores=(("tests/*", ("STL1",)),),
        extend_per_file_ignores=(("x.py", ("ALL",)),),
        exclude=("old",),
        extend_exclude=("gen", "more"),
        force_exclude=True,
        respect_gitignore=False,
        target_version=(1, 30),
        target_version_source="setting",
        entrypoints=("apps/*.py",),
        library_keys=(("streamlit_authenticator", ("name", "username")),),
        min_confidence="certain",
        output_format="json",
        cache_dir=tmp_path / "tmp/cache",
        src=("lib",),
        jobs=2,
    )


def test_settings_travel_between_processes(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_extend_reads_another_file_first(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "select = ['STL1']\nextend-exclude = ['a', 'x/y']\nextend = 'app/streamlint.toml'")
    write(tmp_path / "app/streamlint.toml", "extend = '../base.toml'\nextend-exclude = ['b']\nignore = ['STL101']")
    settings = load_settings(tmp_path / "app")
    assert settings.select == ("STL1",)
    assert settings.ignore == ("STL101",)
    assert settings.extend_exclude == ("a", f"{tmp_path.as_posix()}/x/y", "b")


def test_extending_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "streamlint.toml", "extend = 'nope.toml'")
    with pytest.raises(SettingsError, match=r"streamlint\.toml: `extend` names .*nope\.toml"):
        load_settings(tmp_path)


# --- what is inherited from Ruff


@pytest.mark.parametrize("name", ["pyproject.toml", "ruff.toml", ".ruff.toml"])
def test_files_and_ignores_are_inherited_from_ruff(tmp_path: Path, name: str) -> None:
    head = "tool.ruff." if name == "pyproject.toml" else ""
    write(
        tmp_path / name,
        f"""
        {head}target-version = "py311"
        {head}exclude = ["old"]
        {head}extend-exclude = ["gen"]
        {head}lint.select = ["E"]
        {head}lint.ignore = ["STL1"]
        {head}lint.per-file-ignores = {{ "tests/*" = ["S101", "STL1"], "x.py" = ["E501", "ALL"] }}
        """,
    )
    settings = load_settings(tmp_path)
    assert settings.exclude == ("old",)
    assert settings.extend_exclude == ("gen",)
    assert settings.per_file_ignores == (("tests/*", ("STL1",)),)
    assert enabled(settings) == ["STL101", "STL102", "STL201"]
    # Ruff's target version is Python's.
    assert (settings.target_version, settings.target_version_source) == (NEWEST, "default")


def test_own_settings_are_over_those_of_ruff(tmp_path: Path) -> None:
    write(
        tmp_path / "ruff.toml",
        "exclude = ['r']\nextend-exclude = ['a/b', 'c']\n[lint.per-file-ignores]\n'a/x.py' = ['STL1']",
    )
    write(tmp_path / "app/streamlint.toml", "exclude = ['s']\nextend-exclude = ['d']")
    settings = load_settings(tmp_path / "app")
    assert settings.exclude == ("s",)
    above = tmp_path.as_posix()
    assert settings.extend_exclude == (f"{above}/a/b", "c", "d")
    assert settings.per_file_ignores == ((f"{above}/a/x.py", ("STL1",)),)


# --- --config, --isolated and overrides


def test_config_takes_a_file_and_pairs(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.streamlint]\nselect = ['STL1']")
    other = write(tmp_path / "ci/any.toml", "select = ['STL2']\njobs = 1\nexclude = ['a/b']")
    settings = load_settings(tmp_path, config=[str(other), "lint.ignore = ['STL201']", "jobs = 3"])
    assert (settings.select, settings.ignore, settings.jobs) == (("STL2",), ("STL201",), 3)
    assert settings.config_file == other
    assert settings.root == tmp_path
    assert settings.exclude == ("a/b",)


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.streamlint]\nselect = ['STL1'")
    write(tmp_path / "requirements.txt", "streamlit==1.30")
    settings = load_settings(tmp_path, isolated=True, config=["jobs = 3"])
    assert (settings.config_file, settings.jobs, settings.target_version) == (None, 3, NEWEST)


def test_overrides_are_strongest(tmp_path: Path) -> None:
    write(tmp_path / "streamlint.toml", "target-version = '1.30'\noutput-format = 'json'")
    given: dict[str, object] = {"target_version": "1.50", "output-format": None, "force_exclude": True}
    settings = load_settings(tmp_path, config=["target-version = '1.40'"], overrides=given)
    assert (settings.target_version, settings.output_format, settings.force_exclude) == ((1, 50), "json", True)


def test_globs_given_in_a_subfolder_are_about_that_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "streamlint.toml", "")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    settings = load_settings(tmp_path, overrides={"exclude": ["a/b", "c"]})
    assert settings.exclude == (f"{(tmp_path / 'sub').as_posix()}/a/b", "c")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (["nope.toml"], "neither an existing file nor"),
        (["select = [1"], "--config select = .1: not valid TOML"),
        (["selct = ['STL1']"], "unknown setting `selct`; did you mean `select`"),
        (["{file}", "{file}"], "more than one file"),
    ],
)
def test_wrong_config_options(tmp_path: Path, config: list[str], message: str) -> None:
    file = write(tmp_path / "x.toml", "")
    with pytest.raises(SettingsError, match=message):
        load_settings(tmp_path, config=[text.replace("{file}", str(file)) for text in config])


def test_a_config_file_contradicts_isolated(tmp_path: Path) -> None:
    file = write(tmp_path / "x.toml", "")
    with pytest.raises(SettingsError, match="cannot be used with --isolated"):
        load_settings(tmp_path, config=[str(file)], isolated=True)


# --- mistakes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exclud = []", "unknown setting `exclud`; did you mean `exclude`?"),
        ("zzz = 1", "unknown setting `zzz`"),
        ("[lint]\nper-file-ignore = {}", "unknown setting `lint.per-file-ignore`; did you mean `per-file-ignores`?"),
        ("lint = 1", "`lint` must be a table, not 1"),
        ("select = 'STL1'", "`select` must be a list of strings, not 'STL1'"),
        ("select = [1]", "`select` must be a list of strings, not [1]"),
        ("force-exclude = 'yes'", "`force-exclude` must be true or false, not 'yes'"),
        ("jobs = 0", "`jobs` must be a number of processes, 1 or more, not 0"),
        ("jobs = true", "`jobs` must be a number of processes, 1 or more, not true"),
        ("cache-dir = 1", "`cache-dir` must be a string, not 1"),
        ("per-file-ignores = ['x']", "`per-file-ignores` must be a table of lists of strings, not ['x']"),
        ("library-keys = { a = 'b' }", "`library-keys` must be a table of lists of strings, not a table"),
        ("min-confidence = 'certan'", "must be one of possible, certain, not 'certan'; did you mean `certain`?"),
        ("min-confidence = []", "must be one of possible, certain, not []"),
        ("output-format = 'text'", "`output-format` must be one of concise, full"),
        ("target-version = 'py310'", "must be a version of Streamlit in quotes, such as \"1.40\", not 'py310'"),
        ("target-version = 1.40", 'must be a version of Streamlit in quotes, such as "1.40", not 1.4'),
        ("select = [", "not valid TOML"),
        ("\n\na = = 1", "line 3"),
        ("\na = [1", "line 2"),
    ],
)
def test_mistakes_name_the_file_and_the_key(tmp_path: Path, text: str, message: str) -> None:
    file = write(tmp_path / "streamlint.toml", text)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert caught.value.message.startswith(f"{file}: ")
    assert message in caught.value.message


def test_files_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "streamlint.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(SettingsError, match="is not UTF-8"):
        load_settings(tmp_path)


def test_a_pyproject_whose_section_is_no_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool]\nstreamlint = 1")
    with pytest.raises(SettingsError, match=r"`tool\.streamlint` must be a table"):
        load_settings(tmp_path)


# --- selectors


@pytest.mark.parametrize(
    ("toml", "codes"),
    [
        ("select = ['ALL']", ["STL101", "STL102", "STL201", "STL501"]),
        ("select = ['STL']", ["STL101", "STL102", "STL201", "STL501"]),
        ("select = ['STL5']", ["STL501"]),
        ("select = []", []),
        ("select = ['STL10']", ["STL101", "STL102"]),
        ("select = ['set-after-widget']", ["STL102"]),
        ("extend-select = ['attribute-style']", ["STL101", "STL102", "STL201", "STL501"]),
        ("ignore = ['STL10']", ["STL201"]),
        ("ignore = ['read-before-init']", ["STL102", "STL201"]),
        ("select = ['STL101']\nignore = ['STL1']", ["STL101"]),
        ("select = ['STL101']\nignore = ['read-before-init']", []),
        ("select = ['STL1', 'STL2']\nignore = ['STL10']\nextend-select = ['STL102']", ["STL102", "STL201"]),
        ("ignore = ['ALL']", ["STL101", "STL102", "STL201"]),
        ("select = ['F']", []),
    ],
)
def test_the_most_specific_selector_wins(tmp_path: Path, toml: str, codes: list[str]) -> None:
    write(tmp_path / "streamlint.toml", toml)
    assert enabled(load_settings(tmp_path)) == codes


@pytest.mark.parametrize(
    ("overrides", "codes"),
    [
        ({"select": ["STL1"]}, ["STL101", "STL102"]),
        ({"extend_select": ["STL101"]}, ["STL101", "STL102"]),
        ({"extend_select": ["STL1"]}, ["STL101", "STL102"]),
        ({"ignore": ["STL102"]}, []),
        ({"select": ["STL1"], "ignore": ["STL102"]}, ["STL101"]),
    ],
)
def test_the_command_line_selects_what_the_file_ignores(
    tmp_path: Path, overrides: dict[str, object], codes: list[str]
) -> None:
    write(tmp_path / "streamlint.toml", "select = ['STL1']\nignore = ['STL101']")
    assert enabled(load_settings(tmp_path, overrides=overrides)) == codes


@pytest.mark.parametrize(
    ("glob", "ignored"),
    [
        ("*.py", True),
        ("t.py", True),
        ("src/*.py", True),  # as in Ruff, a star also stands for a slash
        ("src/a/*", True),
        ("src/**/t.py", True),
        ("**/t.py", True),
        ("./src/a/t.py", True),
        ("src/{a,b}/t.py", True),
        ("src/[ab]/?.py", True),
        ("src/[!a]/t.py", False),
        ("src/a/[", False),
        ("src", False),
        ("src/a", False),
        ("a/t.py", False),
        ("!src/a/*", False),
        ("!t.py", False),
        ("!x.py", True),
    ],
)
def test_per_file_ignores(tmp_path: Path, glob: str, ignored: bool) -> None:
    write(tmp_path / "streamlint.toml", f"[per-file-ignores]\n'{glob}' = ['STL1', 'lost-on-page-switch']")
    settings = load_settings(tmp_path)
    for path in ("src/a/t.py", str(tmp_path / "src/a/t.py")):
        assert enabled(settings, path) == ([] if ignored else ["STL101", "STL102", "STL201"])


def test_per_file_ignores_in_a_folder_with_magic_characters(tmp_path: Path) -> None:
    root = tmp_path / "a[1]{b,c}*"
    write(root / "streamlint.toml", "[per-file-ignores]\n'pages/*' = ['STL1']")
    assert enabled(load_settings(root), "pages/x.py") == ["STL201"]


def test_names_become_codes(tmp_path: Path) -> None:
    write(
        tmp_path / "streamlint.toml",
        "select = ['STL', 'STL3', 'set-after-widget', 'STL10', 'ALL']\nignore = ['STL101']\n"
        "per-file-ignores = { 'x.py' = ['read-before-init'] }",
    )
    settings = resolve_selectors(load_settings(tmp_path), RULES)
    assert settings.select == ("STL", "STL3", "STL102", "STL10", "ALL")
    assert settings.per_file_ignores == (("x.py", ("STL101",)),)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("select = ['STL110']", "unknown rule selector `STL110` in `select`"),
        ("ignore = ['stl101']", "`stl101` in `ignore` .*; did you mean `STL101`"),
        ("extend-select = ['set-after-widgets']", "did you mean `set-after-widget`"),
        ("select = ['F401']", "unknown rule selector `F401`"),
        ("select = ['']", "unknown rule selector ``"),
        (
            "per-file-ignores = { 'x.py' = ['STL9'] }",
            r"`STL9` in `per-file-ignores` \(settings from .*streamlint.toml\)",
        ),
    ],
)
def test_selectors_that_mean_nothing(tmp_path: Path, toml: str, message: str) -> None:
    write(tmp_path / "streamlint.toml", toml)
    with pytest.raises(SettingsError, match=message):
        resolve_selectors(load_settings(tmp_path), RULES)


# --- the version of Streamlit


def lock(version: str, key: str = "package") -> str:
    return f"""
        [[{key}]]
        name = "altair"
        version = "5.0"
        [[{key}]]
        name = "streamlit"
        version = "{version}"
        dependencies = [{{ name = "altair" }}]
        [{key}.metadata]
        x = 1
        [[{key}]]
        name = "zzz"
        dependencies = [{{ name = "streamlit" }}]
    """


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("uv.lock", lock("1.39.0"), (1, 39)),
        ("poetry.lock", lock("1.32.2"), (1, 32)),
        ("pdm.lock", lock("1.33.0"), (1, 33)),
        (
            "pylock.toml",
            lock("1.34", "packages"),
            (1, 34),
        ),
        ("Pipfile.lock", json.dumps({"default": {"streamlit": {"version": "==1.31.1"}}}), (1, 31)),
        ("requirements.txt", "pandas\nstreamlit==1.30.0  # web\n", (1, 30)),
        ("requirements.txt", "Streamlit [auth] >= 1.30, < 1.45.1\n", (1, 45)),
        ("requirements.txt", "streamlit==1.29.0 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def\n", (1, 29)),
        ("requirements.txt", "-r base.txt\n--index-url x\nstreamlit~=1.40.1; python_version > '3.8'", (1, 40)),
        ("requirements.txt", "streamlit==1.35.*", (1, 35)),
        ("requirements.txt", "streamlit>=1.20", NEWEST),
        ("requirements.txt", "streamlit>=9", NEWEST),
        ("requirements.txt", "streamlit==1.99", NEWEST),
        ("requirements.txt", "streamlit<1.20", OLDEST),
        ("requirements.txt", "streamlit==0.89.0", OLDEST),
        ("requirements-app.txt", "streamlit!=1.67.*", (1, 66)),
        ("requirements/base.txt", "streamlit==1.41", (1, 41)),
        ("pyproject.toml", "[project]\ndependencies = ['streamlit<1.50']", (1, 49)),
        ("pyproject.toml", "[project.optional-dependencies]\nui = ['streamlit==1.42.0']", (1, 42)),
        ("pyproject.toml", "[dependency-groups]\nui = ['streamlit==1.43.0', {include-group = 'x'}]", (1, 43)),
        ("pyproject.toml", "[tool.poetry.dependencies]\nstreamlit = '^1.30'", NEWEST),
        ("pyproject.toml", "[tool.poetry.dependencies]\nstreamlit = '~1.30.1'", (1, 30)),
        ("pyproject.toml", "[tool.poetry.group.ui.dependencies]\nstreamlit = {version = '1.36.0'}", (1, 36)),
        ("environment.yml", "dependencies:\n  - python=3.11\n  - conda-forge::streamlit=1.37\n", (1, 37)),
        ("environment.yaml", "dependencies:\n  - pip:\n    - 'streamlit==1.38.0'  # web\n", (1, 38)),
        ("environment.yml", "dependencies:\n- streamlit=1.37.0=py_0\n", (1, 37)),
    ],
)
def test_the_version_is_read_from_the_projects_files(
    tmp_path: Path, name: str, text: str, version: tuple[int, int]
) -> None:
    write(tmp_path / name, text)
    settings = load_settings(tmp_path)
    assert (settings.target_version, settings.target_version_source) == (version, Path(name).name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "streamlit\nstreamlit-aggrid==1.0\n# streamlit==1.30\nmy-streamlit==1.30"),
        ("requirements.txt", "git+https://example.org/streamlit@1.30\n===\n"),
        ("uv.lock", '[[package]]\nname = "streamlit"\nversion = '),
        ("uv.lock", '[[package]]\nname = "streamlit-extras"\nversion = "1.30"\n'),
        ("Pipfile.lock", "{'streamlit'"),
        ("Pipfile.lock", '["streamlit"]'),
        ("pyproject.toml", "[project]\nname = 'streamlit-app'\ndependencies = ['streamlit']"),
        ("pyproject.toml", "[tool.poetry.dependencies]\nstreamlit = '*'"),
        ("environment.yml", "dependencies:\n- streamlit\n- streamlit-extras=1.30\n"),
    ],
)
def test_files_that_do_not_say_a_version(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path / name, text)
    settings = load_settings(tmp_path)
    assert (settings.target_version, settings.target_version_source) == (NEWEST, "default")


def test_a_lock_is_asked_before_a_requirement(tmp_path: Path) -> None:
    write(tmp_path / "requirements-dev.txt", "streamlit==1.31")
    write(tmp_path / "pyproject.toml", "[project]\ndependencies = ['streamlit>=1.30']")
    assert load_settings(tmp_path).target_version_source == "requirements-dev.txt"
    write(tmp_path / "requirements.txt", "streamlit==1.32")
    assert load_settings(tmp_path).target_version_source == "requirements.txt"
    write(tmp_path / "uv.lock", lock("1.33.0"))
    assert load_settings(tmp_path).target_version_source == "uv.lock"
    write(tmp_path / "streamlint.toml", "target-version = '1.20'")
    settings = load_settings(tmp_path)
    assert (settings.target_version, settings.target_version_source) == (OLDEST, "setting")


def test_a_lock_may_stand_at_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "uv.lock", lock("1.20.0"))
    write(tmp_path / "repo/uv.lock", lock("1.33.0"))
    write(tmp_path / "repo/apps/one/streamlint.toml", "")
    assert load_settings(tmp_path / "repo/apps/one").target_version_source == "default"
    (tmp_path / "repo/.git").mkdir()
    assert load_settings(tmp_path / "repo/apps/one").target_version == (1, 33)
