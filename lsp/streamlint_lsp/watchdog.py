"""A server whose client has died without a word ends, too."""

from __future__ import annotations

import asyncio
import os
import sys

PERIOD = 3.0
"""Seconds between two looks."""


async def watch(client: int) -> None:
    """Ends this process when the client's has gone. Does nothing about one that cannot be seen: it lives elsewhere."""
    if not is_alive(client):
        return
    while is_alive(client):
        await asyncio.sleep(PERIOD)
    os._exit(1)  # what reads from the client never returns


def is_alive(process: int) -> bool:
    """Whether there is a process with this id; False where that cannot be asked without harm."""
    if sys.platform == "win32" or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
