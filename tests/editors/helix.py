"""What a person does, in a real Helix: see the diagnostic, apply the quick-fix, save, see it gone, rename a key."""

from __future__ import annotations

import time
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60


class Helix:
    """A Helix in a terminal that nobody looks at."""

    def __init__(self, root: Path, server: list[str], environment: dict[str, str], out: Path) -> None:
        config = root / ".helix"
        config.mkdir()
        arguments = ", ".join(f'"{word}"' for word in server[1:])
        (config / "languages.toml").write_text(
            f'[language-server.streamlint]\ncommand = "{server[0]}"\nargs = [{arguments}]\n\n'
            '[[language]]\nname = "python"\nlanguage-servers = ["streamlint"]\n',
            encoding="utf-8",
        )
        self._out = out
        self._said: list[str] = []
        self._screen = pyte.Screen(120, 30)
        self._stream = pyte.ByteStream(self._screen)
        self._process = pexpect.spawn(
            "hx", ["pages/Report.py"], cwd=str(root), env=environment, dimensions=(30, 120), timeout=5
        )

    def say(self, text: str) -> None:
        self._said.append(text)
        self._out.write_text("\n".join(self._said) + "\n", encoding="utf-8")

    def type(self, keys: str) -> None:
        self._process.send(keys)
        self._read(0.3)

    def until(self, what: str, text: str, there: bool = True) -> None:
        """Waits until a text is on the screen, or no more."""
        ends = time.monotonic() + PATIENCE
        while (text in "\n".join(self._screen.display)) is not there:
            if time.monotonic() > ends:
                raise AssertionError(f"waited in vain for {what}:\n" + "\n".join(self._screen.display))
            self._read(0.1)

    def _read(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                self._stream.feed(self._process.read_nonblocking(65536, timeout=0.05))
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                return

    def close(self) -> None:
        self._process.close(force=True)
