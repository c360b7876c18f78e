"""Findings that are to stay: comments for their line or their file, after which they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting import actions, applied
from editor import editor
from lsprotocol import types as t
from streamlint.findings import Finding
from streamlint.fixes.building import applied as with_edits
from streamlint.lint import lint_paths
from streamlint.settings import load_settings
from streamlint.source import SourceText
from streamlint.suppressions import file_edit, line_edit

TOP = "import streamlit as st\n\n"
LINES = [
    ("st.write(st.session_state.n)\n", "st.write(st.session_state.n)  # noqa: STL103\n"),
    ("st.write(st.session_state.n)", "st.write(st.session_state.n)  # noqa: STL103"),
    ("st.write(st.session_state.n)  \r\n", "st.write(st.session_state.n)  # noqa: STL103\r\n"),
    ("st.write(st.session_state.n)  # noqa: E501\n", "st.write(st.session_state.n)  # noqa: E501, STL103\n"),
    ("st.write(st.session_state.n)  # noqa:E501 why\n", "st.write(st.session_state.n)  # noqa:E501, STL103 why\n"),
    ("st.write(st.session_state.n)  # NoQA : STL2\n", "st.write(st.session_state.n)  # NoQA : STL2, STL103\n"),
    ("st.write(st.session_state.n)  # a reason\n", "st.write(st.session_state.n)  # a reason  # noqa: STL103\n"),
    (
        "st.write(st.session_state.n)  # type: ignore[x]\n",
        "st.write(st.session_state.n)  # type: ignore[x]  # noqa: STL103\n",
    ),
    (
        "st.write(\n    1,\n    st.session_state.n,  # pragma: no cover\n)\n",
        "st.write(\n    1,\n    st.session_state.n,  # pragma: no cover  # noqa: STL103\n)\n",
    ),
    ("st.write(1, \\\n    st.session_state.n)\n", "st.write(1, \\\n    st.session_state.n)  # noqa: STL103\n"),
    ("st.write(st.session_state.n, \\\n    1)\n", "st.write(st.session_state.n, \\\n    1)  # noqa: STL103\n"),
    (
        'st.write(f"""\n{st.session_state.n}\n# noqa\n""")\n',
        'st.write(f"""\n{st.session_state.n}\n# noqa\n""")  # noqa: STL103\n',
    ),
    (
        'st.write(st.session_state.n, """\n# noqa: STL103\n""")\n',
        'st.write(st.session_state.n, """\n# noqa: STL103\n""")  # noqa: STL103\n',
    ),
    ("if st.session_state.n: pass\n", "if st.session_state.n: pass  # noqa: STL103\n"),
]
NEW = "# streamlint: noqa: STL103\n"
TEXT = "import streamlit as st\nst.write(st.session_state.n)\n"
FILES = [
    (TEXT, NEW + TEXT),
    ("#!/usr/bin/env python\n" + TEXT, "#!/usr/bin/env python\n" + NEW + TEXT),
    ("#!/bin/python\n# -*- coding: utf-8 -*-\n" + TEXT, "#!/bin/python\n# -*- coding: utf-8 -*-\n" + NEW + TEXT),
    ("# vim: set fileencoding=utf-8 :\n" + TEXT, "# vim: set fileencoding=utf-8 :\n" + NEW + TEXT),
    ('"""Doc.\n\nMore.\n"""  # note\n' + TEXT, '"""Doc.\n\nMore.\n"""  # note\n' + NEW + TEXT),
    ("# Licence\n'Doc.'\nfrom __future__ import annotations\n" + TEXT,
     "# Licence\n'Doc.'\n" + NEW + "from __future__ import annotations\n" + TEXT),
    ('"""Doc."""; ' + TEXT, NEW + '"""Doc."""; ' + TEXT),
    ("# streamlint: noqa: STL101\n" + TEXT, "# streamlint: noqa: STL101, STL103\n" + TEXT),
    ("# streamlint: file-ignore[STL101] why\n" + TEXT, "# streamlint: file-ignore[STL101, STL103] why\n" + TEXT),
    ("# ruff: noqa: F401\n" + TEXT, NEW + "# ruff: noqa: F401\n" + TEXT),
    ("# flake8: noqa: E501\n" + TEXT, NEW + "# flake8: noqa: E501\n" + TEXT),
    (TEXT.replace("\n", "\r\n"), (NEW + TEXT).replace("\n", "\r\n")),
    ("\f" + TEXT, NEW + "\f" + TEXT),
]  # fmt: skip


def reported(folder: Path, text: str) -> tuple[Finding, ...]:
    (folder / "app.py").write_text(text, encoding="utf-8", newline="")
    settings = load_settings(folder, isolated=True, overrides={"extend-select": ["STL901"]})
    return lint_paths([folder], settings, cache=False).findings


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_comment_for_the_line(tmp_path: Path, text: str, expected: str) -> None:
    [finding] = [each for each in reported(tmp_path, TOP + text) if each.code == "STL103"]
    edit = line_edit(SourceText("app.py", TOP + text), finding)
    assert edit is not None
    after = with_edits(TOP + text, [edit])
    assert after == TOP + expected
    assert "STL103" not in {each.code for each in reported(tmp_path, after)}


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_a_comment_for_the_file(tmp_path: Path, text: str, expected: str) -> None:
    [finding] = [each for each in reported(tmp_path, text) if each.code == "STL103"]
    edit = file_edit(SourceText("app.py", text), finding)
    assert edit is not None
    after = with_edits(text, [edit])
    assert after == expected
    assert "STL103" not in {each.code for each in reported(tmp_path, after)}


def test_nothing_silences_what_is_said_of_comments(tmp_path: Path) -> None:
    text = TOP + "x = 1  # noqa: STL103\n"
    [finding] = reported(tmp_path, text + "st.write(x)\n")
    assert finding.code == "STL901"
    assert line_edit(SourceText("app.py", text), finding) is file_edit(SourceText("app.py", text), finding) is None


@pytest.mark.asyncio
@pytest.mark.parametrize("where", ["for this line", "for the file"])
@pytest.mark.parametrize("client", ["vscode-1.139", "eglot-1.9"])
async def test_a_finding_is_gone_once_it_is_disabled(tmp_path: Path, client: str, where: str) -> None:
    text = TOP + 'st.write("😋",\n    st.session_state.n, st.session_state.n)\nst.write(st.session_state.m)\n'
    async with editor(tmp_path, {"app.py": text}, client=client) as ed:
        ed.open("app.py")
        first, last = await ed.diagnostics("app.py")
        offered = await actions(ed, "app.py", first.range, [first])
        await applied(ed, offered, f"Disable STL103 (key-never-set) {where}")
        left = await ed.codes("app.py")
        assert left == (["STL103"] if where == "for this line" else [])
        assert ed.texts["app.py"].count("noqa") == 1
        if left:
            await applied(ed, await actions(ed, "app.py", last.range), f"Disable STL103 (key-never-set) {where}")
            assert await ed.codes("app.py") == []
        assert isinstance(last, t.Diagnostic)
