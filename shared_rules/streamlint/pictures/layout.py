"""Where the nodes of a graph in columns go: few crossings, short lines, the same for the same graph.

Nodes are known by their names here, and links join a node of the middle column to one of another.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

Columns: TypeAlias = tuple[list[str], list[str], list[str]]
"""Left, middle and right, each from top to bottom."""
Links: TypeAlias = Sequence[tuple[str, str]]
"""Pairs of a node at the side and one in the middle."""

SWEEPS = 12
SPACE = 14
"""Pixels between two nodes of a column."""


def arranged(columns: Columns, links: Links, first: str) -> Columns:
    """The columns in an order with few crossings: each node goes to the mean of those it is linked to, again and again,
    and the best order seen is kept. `first` stays at the top of the left column."""
    near = _neighbours(links)
    best, fewest = columns, crossings(columns, links)
    left, middle, right = columns
    for _ in range(SWEEPS):
        middle = _sorted_by_mean(middle, near, _levels(left) | _levels(right))
        levels = _levels(middle)
        left = sorted(_sorted_by_mean(left, near, levels), key=lambda node: node != first)
        right = _sorted_by_mean(right, near, levels)
        found = crossings((left, middle, right), links)
        if found < fewest:
            best, fewest = (left, middle, right), found
    return best


def _neighbours(links: Links) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for side, middle in links:
        near.setdefault(side, []).append(middle)
        near.setdefault(middle, []).append(side)
    return near


def _levels(column: Sequence[str]) -> dict[str, float]:
    """How far down each node is, from 0 to 1."""
    return {node: (place + 0.5) / len(column) for place, node in enumerate(column)}


def _sorted_by_mean(column: Sequence[str], near: Mapping[str, Sequence[str]], levels: Mapping[str, float]) -> list[str]:
    """The nodes by the mean level of their neighbours; those without any go to the bottom, in the order they have."""

    def mean(node: str) -> float:
        found = [levels[each] for each in near.get(node, ())]
        return sum(found) / len(found) if found else 2.0

    return sorted(column, key=mean)


def crossings(columns: Columns, links: Links) -> int:
    """How many pairs of links cross each other."""
    left, middle, right = ({node: place for place, node in enumerate(column)} for column in columns)
    return sum(
        _inversions(sorted((side[node], middle[key]) for node, key in links if node in side)) for side in (left, right)
    )


def _inversions(pairs: Iterable[tuple[int, int]]) -> int:
    """How many pairs of these, sorted by what comes first, are not sorted by what comes second."""
    seen: list[int] = []
    found = 0
    for _, second in pairs:
        found += len(seen) - bisect_left(seen, second + 1)
        insort(seen, second)
    return found


def tops(columns: Columns, heights: Mapping[str, float], links: Links) -> dict[str, float]:
    """The upper edge of each node, from 0: the tallest column is stacked, and the nodes of the others stand as near to
    what they are linked to as they can."""
    left, middle, right = columns
    found: dict[str, float] = {}
    for column in columns:
        found |= _stacked(column, heights)
    near = _neighbours(links)
    tallest = max(columns, key=lambda column: total(column, heights))
    for column in (middle, left, right):
        if column is not tallest:
            found |= _drawn_near(column, heights, near, found)
    return found


def total(column: Sequence[str], heights: Mapping[str, float]) -> float:
    """The height of a column."""
    return sum(heights[node] for node in column) + SPACE * max(0, len(column) - 1)


def _stacked(column: Sequence[str], heights: Mapping[str, float]) -> dict[str, float]:
    starts = accumulate((heights[node] + SPACE for node in column), initial=0.0)
    return dict(zip(column, starts, strict=False))


def _drawn_near(
    column: Sequence[str],
    heights: Mapping[str, float],
    near: Mapping[str, Sequence[str]],
    known: Mapping[str, float],
) -> dict[str, float]:
    """The nodes where they would like to be, moved apart as little as possible (least squares): a node's wish, less
    the room that those above take, must not decrease."""
    above = _stacked(column, heights)
    wishes: list[float] = []
    for node in column:
        centres = [known[each] + heights[each] / 2 for each in near.get(node, ())]
        free = sum(centres) / len(centres) - heights[node] / 2 - above[node] if centres else None
        wishes.append(free if free is not None else wishes[-1] if wishes else 0.0)
    return {node: max(0.0, place) + above[node] for node, place in zip(column, increasing(wishes), strict=True)}


def increasing(values: Iterable[float]) -> list[float]:
    """The numbers that never decrease and are closest to these: neighbours in the wrong order share their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, more = pools.pop()
            mean, count = (mean * count + before * more) / (count + more), count + more
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]
