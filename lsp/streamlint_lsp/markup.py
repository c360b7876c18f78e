"""Text for clients that show Markdown and for those that do not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lsprotocol import types as t

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


class Plain:
    """Plain text."""

    kind = t.MarkupKind.PlainText

    def code(self, text: str) -> str:
        return text

    def bold(self, text: str) -> str:
        return text

    def link(self, text: str, target: str | None) -> str:
        return text

    def escaped(self, text: str) -> str:
        """Text that is not markup, whatever it looks like."""
        return text

    def block(self, text: str) -> str:
        """Markdown that is shown as it is."""
        return text

    def content(self, lines: Iterable[str]) -> t.MarkupContent:
        return t.MarkupContent(self.kind, "\n".join(lines).strip())


class Markdown(Plain):
    """Markdown as editors understand it."""

    kind = t.MarkupKind.Markdown

    def code(self, text: str) -> str:
        """In as many backticks as it takes."""
        ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
        pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
        return f"{ticks}{pad}{text}{pad}{ticks}"

    def bold(self, text: str) -> str:
        return f"**{text}**"

    def link(self, text: str, target: str | None) -> str:
        """A link; parentheses would end it."""
        if target is None:
            return text
        return f"[{text}]({target.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"

    def escaped(self, text: str) -> str:
        return _SPECIAL.sub(r"\\\1", text)


def markup(markdown: bool) -> Plain:
    return Markdown() if markdown else Plain()
