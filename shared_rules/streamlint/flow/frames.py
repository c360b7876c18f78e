"""Where names live while the partial evaluator walks code."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.records import mutable

if TYPE_CHECKING:
    from streamlint.flow.values import Value


@mutable
class Frame:
    """The names of one body in one calling context. Frames compare by identity."""

    id: Hashable
    path: str
    env: dict[str, Value]
    parent: Frame | None = None
    """The frame whose names are visible from here: of the enclosing function, else of the module."""
    func: ir.Function | None = None
    spec_id: int = -1
    owner: Value | None = None
    """The class whose method runs here, and its first argument, for `super()`."""
    first: Value | None = None
    returns: list[Value] = field(default_factory=list)
    on_yield: object = None
    is_class: bool = False

    @property
    def module(self) -> Frame:
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame

    def __repr__(self) -> str:
        return f"<frame {self.id}>"

    def home(self, name: str) -> Frame | None:
        """The frame that holds `name`, seen from here; class bodies are invisible from inside functions."""
        frame: Frame | None = self
        first = True
        while frame is not None:
            if name in frame.env and (first or not frame.is_class):
                return frame
            frame, first = frame.parent, False
        return None
