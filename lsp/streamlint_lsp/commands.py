"""Commands for clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {}
