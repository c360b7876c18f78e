"""The answers of inference: plain values."""

from __future__ import annotations

from enum import Enum
from hashlib import blake2b
from typing import Final, TypeAlias

Answer: TypeAlias = "str | int | float | bool | bytes | None"
"""A constant. The same values as `streamlint.facts.ir.Literal`, which stands on a higher floor."""


class NoAnswer(Enum):
    """The type of `NO_ANSWER`: None is an answer."""

    NO_ANSWER = "no answer"


NO_ANSWER: Final = NoAnswer.NO_ANSWER


def content_hash(text: str) -> str:
    """Which text a file had when an answer was given: 16 bytes of BLAKE2b over its UTF-8, in hexadecimal digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
