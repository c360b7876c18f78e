"""Settings of the whole process: environment variables, attributes of modules, logins of libraries."""

from __future__ import annotations

from dataclasses import field

from streamlint.findings import Place, Step
from streamlint.flow import faults
from streamlint.flow.machine import Later, Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree
from streamlint.flow.tree import KeyVal, WidgetVal
from streamlint.flow.values import External, Known, Mapping, Value
from streamlint.records import mutable

ENVIRON = frozenset({"os.environ.update", "os.environ.setdefault", "os.environ.__setitem__", "os.putenv"})
LOGINS = frozenset({
    "google.generativeai.configure", "huggingface_hub.login", "wandb.login", "pinecone.init", "cloudinary.config",
    "dspy.configure", "dspy.settings.configure",
})  # fmt: skip
"""Functions that keep what they are given for all later calls of their library."""
LOOKS = frozenset({
    "matplotlib", "pandas", "numpy", "plotly", "altair", "seaborn", "sys", "warnings", "logging", "streamlit",
    "random", "locale", "socket", "PIL",
})  # fmt: skip
"""Libraries whose attributes say how something looks, and nothing about a user."""


def item_set(m: Machine, owner: Value, index: Value | None, value: Value, place: Place) -> None:
    """`os.environ[name] = value`."""
    if owner == External("os.environ"):
        name = f'os.environ["{index.value}"]' if isinstance(index, Known) else "os.environ"
        _note(m, name, (value,), place)


def attribute_set(m: Machine, owner: Value, name: str, value: Value, place: Place) -> None:
    """`openai.api_key = value`."""
    if isinstance(owner, External) and owner.name.partition(".")[0] not in LOOKS:
        _note(m, f"{owner.name}.{name}", (value,), place)


def called(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> None:
    """`os.environ.update(...)`, `genai.configure(api_key=...)`."""
    if name in ENVIRON:
        inner = [value for arg in args if isinstance(arg, Mapping) for _, value in arg.items]
        _note(m, "os.environ", (*args, *inner, *kwargs.values()), place)
    elif name in LOGINS:
        _note(m, f"{name}()", (*args, *kwargs.values()), place)


def _note(m: Machine, name: str, values: tuple[Value, ...], place: Place) -> None:
    if all(isinstance(value, Known) for value in values):
        return
    step = f"puts a value of this session into `{name}`, which is there once for the process"
    fault = faults.mark(m, "process setting", place, (step, name))
    m.settings[fault] = values
    m.later[fault] = Later((Step(f"`{name}` holds what the first session has put there", place),))


@mutable
class UserData:
    """Which values come from a user, also by way of the session state."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    keys: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.origins = Origins(self.machine, self.tree)
        self.keys = {d.widget.key: True for d in self.tree.draws if d.widget.key is not None and d.widget.binds_key}

    def judge(self) -> None:
        """Notes the faults of settings that get a user's data."""
        m = self.machine
        m.leaks |= {name for name, values in m.settings.items() if any(self.holds(value) for value in values)}

    def holds(self, value: Value) -> bool:
        """Whether the value is made of what a user has entered or who the user is."""
        sources = self.origins.of(value, tests=False)
        entered = any(isinstance(s, WidgetVal) or (isinstance(s, KeyVal) and self._is_users(s.key)) for s in sources)
        return entered or bool(self.origins.users(value))

    def _is_users(self, key: str) -> bool:
        if key not in self.keys:
            self.keys[key] = False  # what refers to itself
            self.keys[key] = any(self.holds(value) for value in self.machine.values_of.get(key, ()))
        return self.keys[key]
