"""What mkdocs calls while it builds the site (`hooks` in mkdocs.yml)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from docs_site import blocks, links, navigation, outside, pictures  # noqa: E402


def on_config(config: Any) -> Any:
    """The navigation lists every rule."""
    config.nav = navigation.complete(config.nav)
    return config


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages and pictures that are not below `docs/`."""
    from mkdocs.structure.files import File

    for path, content in outside.pages().items():
        files.append(File.generated(config, path, content=content))
    for path, source in outside.pictures().items():
        files.append(File.generated(config, path, abs_src_path=str(source)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """From the Markdown of the repository to that of the site."""
    path = page.file.src_uri
    top = "../" * (page.url.count("/"))
    text = blocks.shown(markdown, path, playground=f"{top}playground/app/")
    return pictures.inlined(links.rewritten(text, path), ROOT / "docs", path)
