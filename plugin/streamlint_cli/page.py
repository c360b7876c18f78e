"""A page of its own that shows graphs: it asks no server for anything, and may run nothing but its own script.

Without scripts it shows the static picture. The script and its style sheet are built from `vscode-extension/`.
"""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any

HARMLESS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""In JSON these mean the same, and no text can end the element that it stands in."""


def page(graphs: Sequence[dict[str, Any]], picture: str) -> str:
    """The document. `graphs` are data for the script, `picture` is an SVG."""
    script, style = _script("map.js"), _style("map.css")
    title = html.escape(
        f"Session state of {', '.join(each['app'] for each in graphs)}" if graphs else "No Streamlit app"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script, [style, _style_of(picture)])}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<main id="map"></main>',
        f"<noscript>\n{picture}</noscript>",
        f'<script type="application/json" id="streamlint-data">{harmless({"version": 1, "graphs": graphs})}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def harmless(data: object) -> str:
    """JSON that may stand in a script element."""
    return "".join(HARMLESS.get(char, char) for char in json.dumps(data, separators=(",", ":")))


def _policy(script: str, styles: Sequence[str]) -> str:
    allowed = " ".join(map(_digest, dict.fromkeys(filter(None, styles))))
    return f"default-src 'none'; script-src {_digest(script)}; style-src {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style_of(picture: str) -> str:
    """The style sheet inside of an SVG."""
    return picture.partition("<style>")[2].partition("</style>")[0]


def _script(name: str) -> str:
    return _text(name).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _style(name: str) -> str:
    return _text(name).replace("</style", "<\\/style")


def _text(name: str) -> str:
    """A file of the package, with the line ends that a browser sees."""
    return files("streamlint_cli").joinpath("web", name).read_text(encoding="utf-8")
