"""The life of a key, as editors tell it: where it begins, who does what with it, and whether it outlives a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from streamlint.statemap import DELETES, DRAWS, Access, StateMap

from streamlint_lsp import keys, tables
from streamlint_lsp.markup import Plain
from streamlint_lsp.view import View

MANY = 6
"""More places than this are counted, not listed."""


def life(view: View, app: StateMap, key: str, page: Plain) -> list[str]:
    """What is known of a key of an app, in lines."""
    found, first = app.keys.get(key, ()), app.initialisers(key)
    beginnings = [access for access in first if access.use != DRAWS]
    others = [access for access in found if access not in beginnings]
    return [
        _title(view, app, key, page),
        "",
        *_listed(view, "initialised", beginnings, page),
        *_listed(view, "widget", [access for access in found if access.use == DRAWS], page),
        *_listed(view, "written", [access for access in others if access.writes], page),
        *(_reads(view, app, key, page)),
        *_listed(view, "tested", [access for access in others if access.use == "asks"], page),
        *_listed(view, "deleted", [access for access in others if access.use == DELETES], page),
        *_survival(view, app, key, page),
    ]


def _title(view: View, app: StateMap, key: str, page: Plain) -> str:
    type_ = tables.type_of([app], key)
    shown = f"{page.bold(page.code(key))}: {page.code(type_)}" if type_ else page.bold(page.code(key))
    return f"{shown} — session state of {page.code(keys.relative(view, app.entry))}"


def _reads(view: View, app: StateMap, key: str, page: Plain) -> Iterator[str]:
    reads = [access for access in app.keys.get(key, ()) if access.use == "reads"]
    if reads:
        yield from _listed(view, "read", reads, page)
    elif any(access.matches(key) and access.use == "reads" for access in app.dynamic):
        yield "- never read by name; keys that are made at run time may be this one"
    else:
        yield "- never read"


def _listed(view: View, what: str, found: Sequence[Access], page: Plain) -> Iterator[str]:
    """One line for what is done at several places."""
    if found:
        shown = [_told(view, access, page) for access in _distinct(found)]
        more = f", and {len(shown) - MANY} more" if len(shown) > MANY else ""
        yield f"- {page.bold(what)} {', '.join(shown[:MANY])}{more}"


def _distinct(found: Iterable[Access]) -> list[Access]:
    """The accesses, one of each place."""
    return list({(access.place, access.token): access for access in found}.values())


def _told(view: View, access: Access, page: Plain) -> str:
    """A place with what it gives and who leads there."""
    value = keys.value_of(view, access)
    told = f"{page.code(value)} " if value is not None else ""
    location = keys.where(view, access)
    target = f"{location.uri}#L{location.range.start.line + 1}" if location is not None else None
    link = page.link(keys.place_name(view, access), target)
    return f"{told}{'at ' if told else ''}{link}{_led(view, access, page)}"


def _led(view: View, access: Access, page: Plain) -> str:
    """The callbacks that lead to a place, or the pages if the place does not say it."""
    if access.callbacks:
        return f" (callback {', '.join(page.code(each) for each in access.callbacks)})"
    pages = [each for each in access.pages if each != access.place.path]
    if not pages:
        return ""
    names = [page.code(keys.relative(view, each)) for each in pages[:MANY]]
    return f" (on {', '.join(names)}{', …' if len(pages) > MANY else ''})"


def _survival(view: View, app: StateMap, key: str, page: Plain) -> Iterator[str]:
    """Whether the value is there on another page."""
    survives = app.survives(key)
    if survives is None:
        return
    release = ".".join(map(str, view.answer.target))
    widgets = app.widgets(key)
    if not widgets:
        why = "no widget has the key"
    elif any(widget.lasting for widget in widgets):
        why = f"the widget keeps its value ({page.code('persist_state')})"
    elif survives:
        why = "the entrypoint draws the widget on every page"
    else:
        why = "the value of a widget is dropped with its page"
    verdict = "survives a page switch" if survives else "is lost on a page switch"
    yield f"- {page.bold(verdict)}: {why} (Streamlit {release})"
