"""Which keys and parameters the code reads, as far as a walk sees."""

from __future__ import annotations

from dataclasses import field

from streamlint.findings import Place
from streamlint.flow.tree import Pattern
from streamlint.flow.values import Value
from streamlint.records import mutable


@mutable
class Reads:
    """The keys that are read, and the patterns of keys (None: any key)."""

    keys: set[str] = field(default_factory=set)
    patterns: set[Pattern | None] = field(default_factory=set)

    def note(self, key: str | Pattern | None) -> None:
        """A read of a key, or of all keys of which no more is known."""
        if isinstance(key, str):
            self.keys.add(key)
        else:
            self.patterns.add(key)

    def may_read(self, key: str) -> bool:
        """Whether a read means this key, or may mean it."""
        return key in self.keys or any(pattern is None or pattern.matches(key) for pattern in self.patterns)


@mutable
class Params:
    """What is done to single parameters of the page's address (`st.query_params`)."""

    read: set[str] = field(default_factory=set)
    stored: dict[Place, tuple[str, Value]] = field(default_factory=dict)
