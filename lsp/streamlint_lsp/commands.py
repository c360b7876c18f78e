"""Commands for clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from streamlint_lsp.explaining import explain

COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {"streamlint.explain": explain}
