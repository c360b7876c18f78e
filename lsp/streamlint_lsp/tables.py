"""What the apps of a file say of each key, put together once for each answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from streamlint.records import immutable
from streamlint.statemap import DRAWS, WRITES, Access, StateMap

MANY_TYPES = 5


@immutable
class KeyInfo:
    """One key, seen from one file. `first` is where it gets its first value; `begun_here`: in the file itself, or in
    code that its runs come to. `drawn`: a widget has it; `read`: code reads it, or asks for it."""

    key: str
    type: str | None
    first: Access | None
    begun_here: bool
    drawn: bool
    read: bool
    attribute: bool
    """Whether the key can be spelled as an attribute."""


def table(path: str, maps: Sequence[StateMap]) -> tuple[KeyInfo, ...]:
    """The keys of the apps that run a file."""
    from streamlint.flow.spellings import can_be_attribute  # nothing else here needs the engine

    def info(key: str) -> KeyInfo:
        found = accesses(maps, key)
        first = initialisers(maps, key)
        return KeyInfo(
            key,
            type_of(maps, key),
            first[0] if first else None,
            any(each.use in WRITES and (each.place.path == path or path in each.pages) for each in first),
            any(each.use == DRAWS for each in found),
            any(each.reads for each in found),
            can_be_attribute(key),
        )

    return tuple(info(key) for key in sorted({key for each in maps for key in each.keys}))


def type_of(maps: Iterable[StateMap], key: str) -> str | None:
    """The types of what a key holds, as an annotation; None where they are not known or too many to tell anything."""
    found = dict.fromkeys(name for each in maps for name in each.types.get(key, ()))
    names = [name for name in found if name != "None"] + ["None"] * ("None" in found)
    return " | ".join(names) if 0 < len(names) <= MANY_TYPES else None


def accesses(maps: Sequence[StateMap], key: str) -> tuple[Access, ...]:
    """All accesses of a key in these apps; those of files that several apps run count once."""
    if len(maps) == 1:
        return maps[0].keys.get(key, ())
    found = {(each.place, each.token, each.use): each for map_ in maps for each in map_.keys.get(key, ())}
    return tuple(sorted(found.values(), key=lambda each: each.place))


def initialisers(maps: Sequence[StateMap], key: str) -> tuple[Access, ...]:
    """Where a key gets its first value in these apps."""
    if len(maps) == 1:
        return maps[0].initialisers(key)
    found = {(each.place, each.token): each for map_ in maps for each in map_.initialisers(key)}
    return tuple(sorted(found.values(), key=lambda each: each.place))


def is_subsequence(query: str, key: str) -> bool:
    """Whether the letters of the query come in the key in this order, whatever their case."""
    letters = iter(key.casefold())
    return all(letter in letters for letter in query.casefold() if not letter.isspace())
