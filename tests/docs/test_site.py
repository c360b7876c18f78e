"""The built site: its links lead somewhere, it asks nobody else for anything, and it fits a phone and a desktop."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from docs.conftest import Visit
from streamlint.rules import all_rules

pytestmark = pytest.mark.docs
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKED_AT = ("", "session-state/", "tutorial/", "rules/", "rules/uninitialized-key/", "reference/settings/")
LOOKED_AT += ("reference/cli/", "editors/", "editors/vscode/", "faq/", "architecture/", "performance/", "playground/")
OWN = "https://streamlint.readthedocs.io/"


class Links(HTMLParser):
    """The anchors of a page, where it leads to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.targets.add(given["href"])
        elif tag in ("script", "img", "iframe", "source") and "src" in given:
            self.loaded.add(given["src"])
        elif tag == "link" and "href" in given and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.add(given["href"])


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    files = [path for path in site.rglob("*.html") if path.name != "404.html"]
    return {path: Links(path.read_text(encoding="utf-8")) for path in files}


def target_of(page: Path, link: str) -> tuple[Path, str]:
    parts = urlsplit(link)
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return (path / "index.html" if path.is_dir() else path), unquote(parts.fragment)


def test_links_lead_to_pages_and_anchors(pages: dict[Path, Links]) -> None:
    broken = []
    for page, links in pages.items():
        for link in links.targets:
            if urlsplit(link).scheme:
                continue
            path, anchor = target_of(page, link)
            is_shared = "playground" in path.parts
            if not path.is_file() or (anchor and not is_shared and anchor not in pages[path].ids | {"__codelineno"}):
                broken.append((page.as_posix(), link))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Links]) -> None:
    assert {
        src for links in pages.values() for src in links.loaded if urlsplit(src).scheme not in ("", "data")
    } == set()


def test_the_address_that_a_finding_gives_has_its_page(site: Path) -> None:
    missing = [rule.name for rule in all_rules() if not (site / "rules" / rule.name / "index.html").is_file()]
    assert missing == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_ask_nobody(size: dict[str, int], scheme: str, chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    for path in LOOKED_AT:
        visit = Visit(context.new_page(), address)
        visit.page.goto(address + path)
        width = visit.page.evaluate("document.documentElement.scrollWidth")
        broken = visit.page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
        assert (path, width <= size["width"], broken, visit.outside, visit.errors) == (path, True, [], [], [])
        visit.page.close()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_a_picture_can_be_read(scheme: str, chromium: Any, address: str) -> None:
    page = chromium.new_page(viewport=PHONE, color_scheme=scheme)
    page.goto(f"{address}session-state/")
    overflowing = page.evaluate(WORDS_OUTSIDE)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.sl-picture text')].map(t => t.getBoundingClientRect().height)"
    )
    assert overflowing == [] and len(sizes) > 30 and page.locator(".sl-figure[role=img]").count() == 3
    assert min(sizes) > 9
    page.close()


WORDS_OUTSIDE = """
[...document.querySelectorAll('.sl-picture')].flatMap(picture => {
  const boxes = [...picture.querySelectorAll('rect')].map(r => r.getBoundingClientRect());
  return [...picture.querySelectorAll('text')].filter(text => {
    const at = text.getBoundingClientRect(), middle = at.top + at.height / 2;
    return boxes.some(box => box.left <= at.left && at.left < box.right && box.top < middle && middle < box.bottom
                             && at.right > box.right + 1);
  }).map(text => text.textContent);
})
"""


def test_search_finds_a_rule(chromium: Any, address: str) -> None:
    page = chromium.new_page(viewport=DESKTOP)
    page.goto(address)
    page.locator("input.md-search__input").fill("phantom-click")
    page.locator(".md-search-result__link").first.wait_for(timeout=30_000)
    assert "phantom" in page.locator(".md-search-result__list").inner_text()
    page.close()
