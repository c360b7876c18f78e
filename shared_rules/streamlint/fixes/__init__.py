"""Fixes: from the place of a finding to text edits that are right Python.

`syntax` looks at a file again, `building` turns edits into a checked `Fix`; the other modules each know one kind of
repair. Rules put these together and never see a tree.
"""

from __future__ import annotations

from streamlint.fixes.building import Files, finished
from streamlint.fixes.syntax import Syntax

__all__ = ["Files", "Syntax", "finished"]
