"""The style sheet of the static picture: once for light pages, once for dark ones. Colour is never the only sign."""

from __future__ import annotations

from collections.abc import Mapping

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
LIGHT = {
    "canvas": "#ffffff",
    "ink": "#1f2328",
    "quiet": "#59636e",
    "sets": "#0969da",
    "reads": "#6e7781",
    "draws": "#1a7f37",
    "deletes": "#9a6700",
    "error": "#cf222e",
    "warning": "#bf8700",
    "hint": "#57606a",
    "on": "#ffffff",
    "page": "#ddf4ff",
    "page-edge": "#0969da",
    "plain": "#f6f8fa",
    "plain-edge": "#6e7781",
    "widget": "#dafbe1",
    "widget-edge": "#1a7f37",
    "callback": "#fbefff",
    "callback-edge": "#8250df",
}
DARK = {
    "canvas": "#0d1117",
    "ink": "#e6edf3",
    "quiet": "#9198a1",
    "sets": "#58a6ff",
    "reads": "#8b949e",
    "draws": "#3fb950",
    "deletes": "#d29922",
    "error": "#ff7b72",
    "warning": "#e3b341",
    "hint": "#9198a1",
    "on": "#0d1117",
    "page": "#0d2747",
    "page-edge": "#58a6ff",
    "plain": "#1c2128",
    "plain-edge": "#8b949e",
    "widget": "#0f2d18",
    "widget-edge": "#3fb950",
    "callback": "#2b1848",
    "callback-edge": "#bc8cff",
}
SHAPES = """\
.streamlint text{font-family:%(font)s;font-size:13px}
.streamlint .small{font-size:11px}
.streamlint .label,.streamlint .head{font-weight:600}
.streamlint .head{font-size:15px}
.streamlint .middle{text-anchor:middle}
.streamlint .line{fill:none;stroke-width:1.8}
.streamlint .reads .line{stroke-width:1.1}
.streamlint .deletes .line{stroke-dasharray:1.5 4;stroke-linecap:round}
.streamlint .unprotected .line{stroke-width:2.6;stroke-dasharray:7 4}
.streamlint .cross{fill:none;stroke-width:2}
.streamlint .shape{stroke-width:1.4}
.streamlint .entrypoint .shape{stroke-width:2.6}
.streamlint .dynamic .shape{stroke-dasharray:6 4}
"""


def style_sheet() -> str:
    return (SHAPES % {"font": FONT}) + _rules(LIGHT) + "@media (prefers-color-scheme:dark){\n" + _rules(DARK) + "}\n"


def _rules(colours: Mapping[str, str]) -> str:
    rules = {
        ".canvas": f"fill:{colours['canvas']}",
        "text": f"fill:{colours['ink']}",
        ".quiet": f"fill:{colours['quiet']}",
        ".on": f"fill:{colours['on']}",
    }
    for kind in ("page", "plain", "widget", "callback"):
        rules[f".{kind} .shape"] = f"fill:{colours[kind]};stroke:{colours[f'{kind}-edge']}"
    for name in ("sets", "reads", "draws", "deletes", "error", "warning", "hint"):
        rules[f".{name} .line,.streamlint .{name} .cross"] = f"stroke:{colours[name]}"
        rules[f".{name} .head-of-line,.streamlint .{name} .fill"] = f"fill:{colours[name]}"
    rules[".unprotected .line"] = f"stroke:{colours['error']}"
    rules[".unprotected .head-of-line,.streamlint .code"] = f"fill:{colours['error']}"
    return "".join(f".streamlint {selector}{{{rule}}}\n" for selector, rule in rules.items())
