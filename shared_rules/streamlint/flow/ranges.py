"""What comparisons with numbers say about an unknown value: two tests that cannot both be true are told apart."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from streamlint.flow.valuations import Bound, Knowledge

MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def is_number(value: Hashable) -> bool:
    """A number that others can be compared with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def within(known: Knowledge, op: str, number: Hashable) -> Knowledge | None:
    """What is known once `value op number` is true; None if it cannot be."""
    assert isinstance(number, int | float)
    bound: Bound = (float(number), "=" in op)
    low, high = known.low, known.high
    if op[0] == ">":
        low = bound if low is None or (bound[0], not bound[1]) > (low[0], not low[1]) else low
    else:
        high = bound if high is None or bound < high else high
    if low is not None and high is not None and (low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1]))):
        return None
    return replace(known, low=low, high=high)
