"""Comments that switch findings off: `# noqa` and its relatives, as flake8 and Ruff read them.

| comment | where it stands | what it is about |
|---|---|---|
| `# noqa`, `# noqa: STL101` | behind code | findings that begin on its line |
| `# flake8: noqa`, `# ruff: noqa`, `# streamlint: noqa`, each also with `: STL101` | on its own line | the file |
| `# ruff: ignore[STL101]` | on its own line | the next logical line |
| `# ruff: ignore[STL101]` | behind code | its line |
| `# ruff: disable[STL101]` | on its own line | up to the same `enable` as far indented, or the end of the block |
| `# ruff: file-ignore[STL101]` | on its own line, not indented | the file |

`streamlint:` can be written for `ruff:`, a rule's name or the beginning of its code for its code. A line that ends in a
backslash or inside a multi-line string goes together with the lines up to the end of that.
"""

from streamlint.suppressions.adding import add_noqa, file_edit, line_edit
from streamlint.suppressions.matching import Suppressions, Unused

__all__ = ["Suppressions", "Unused", "add_noqa", "file_edit", "line_edit"]
