"""Calls of Streamlit: widgets and containers, exits, pages, decorators."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import claims, dates, editors, forms, imports, methods, objects, reruns, signatures, state
from streamlint.flow.frames import Frame
from streamlint.flow.keys_of_widgets import check_key
from streamlint.flow.machine import Displayed, Machine, Returned
from streamlint.flow.messages import MESSAGES
from streamlint.flow.state import key_of
from streamlint.flow.tree import (
    NONE,
    AllT,
    Block,
    Branch,
    CallN,
    CellRef,
    Cmp,
    Draw,
    Exit,
    Forbidden,
    Havoc,
    Lit,
    PageArm,
    Pages,
    Pattern,
    Some,
    Spec,
    Sym,
    Term,
    WidgetInfo,
    WidgetVal,
)
from streamlint.flow.values import (
    Container,
    Containers,
    Element,
    External,
    Func,
    Known,
    Late,
    Mapping,
    ModuleV,
    Navigation,
    OneOf,
    PageV,
    Seq,
    State,
    Value,
)
from streamlint.streamlit_api import Element as Facts
from streamlint.streamlit_api import catalogue
from streamlint.streamlit_api import element as catalogue_element

CACHES = {
    "cache_data": "cached data",
    "cache_resource": "cached resource",
    "cache": "cached data",
    "experimental_memo": "cached data",
    "experimental_singleton": "cached resource",
    "memo": "cached data",
    "singleton": "cached resource",
    "cache for one session": "cached",
}
"""The decorators that cache, with the role that they give a function."""
FRAGMENTS = {
    "fragment": "fragment",
    "experimental_fragment": "fragment",
    "dialog": "dialog",
    "experimental_dialog": "dialog",
}
REGIONS = {"sidebar": "sidebar", "main": "main", "_bottom": "main", "bottom": "main"}


# --- names ---------------------------------------------------------------------------------------------------


def import_streamlit(m: Machine, node: ir.Import) -> None:
    """`import streamlit as st`, `from streamlit import session_state as ss`, `import streamlit.components.v1 as c`."""
    if node.attr is None:
        plain = node.binds_root or node.module == "streamlit"
        m.assign(m.frame, node.name, Element("") if plain else external_module(node.module))
    elif node.attr == "*":
        for name in sorted(catalogue().names()):
            m.assign(m.frame, name, attribute(m, Element(""), name))
    else:
        owner: Value = Element("") if node.module == "streamlit" else external_module(node.module)
        name = f"{node.module}.{node.attr}"
        value = (
            attribute(m, Element(""), node.attr)
            if isinstance(owner, Element)
            else external_attribute(m, node.module, node.attr)
        )
        m.assign(m.frame, node.name, External(name) if isinstance(value, Late) else value)


def external_module(name: str) -> Value:
    return External(name)


def external_attribute(m: Machine, dotted: str, name: str) -> Value:
    """`module.name` of something that is not part of the project."""
    if name == "session_state" and dotted.startswith("streamlit"):
        return State()
    return External(f"{dotted}.{name}")


def attribute(m: Machine, owner: Element | Container, name: str) -> Value:
    """`st.name`, `container.name`."""
    if isinstance(owner, Container):
        if name == "__enter__":
            m.unsure_forms += 1  # from here on: where it is left is not followed
        return Element(name, f"{owner.where}|{owner.form or ''}", owner)
    if owner.name == "":
        if name == "session_state":
            return State()
        if name in REGIONS:
            return Container(name, REGIONS[name], None, 0)
        if name in ("secrets", "query_params", "context", "user", "experimental_user", "column_config"):
            return Late(Sym(("st", name)))
        if name in ("components", "runtime", "elements", "delta_generator", "errors", "testing", "connections"):
            return External(f"streamlit.{name}")
        return Element(name)
    if name == "clear" and owner.name in CACHES:
        return External("streamlit.cache.clear")
    return External(f"streamlit.{owner.name}.{name}")


def decorate(name: str, func: Value) -> Value:
    """`@st.fragment`, `@st.cache_data`: the function, with its role."""
    if not isinstance(func, Func):
        return func
    if name in FRAGMENTS:
        return replace(func, role=FRAGMENTS[name])
    if name in CACHES:
        return replace(func, role=CACHES[name])
    return func


# --- calls ---------------------------------------------------------------------------------------------------


def call(
    m: Machine, func: Element, args: list[Value], kwargs: dict[str, Value], place: Place, unknown: bool = False
) -> Value:
    """`st.<name>(...)`."""
    from streamlint.flow.calls import call_value, force

    name = func.name
    editors.shown(m, name, args, place)
    for value in args:
        methods.seen(m, value, "shows", place)
    if any(isinstance(value, State) for value in (*args, *kwargs.values())):
        m.reads.note(None)
    if name == "write_stream" and args and isinstance(args[0], Func):
        args = [force(m, call_value(m, args[0], [], {}, place), place)]
    if any(isinstance(a, State) for a in args) and name in ("write", "json", "dataframe", "text", "table", ""):
        return m.unknown()
    if name in CACHES and (kwargs.get("scope") == Known.of("session") or "experimental_allow_widgets" in kwargs):
        name = "cache for one session"
    if name in CACHES or name in FRAGMENTS:
        return decorate(name, args[0]) if args and isinstance(args[0], Func) else Element(name)
    if name == "Page":
        return _page(m, args, kwargs)
    if name == "navigation":
        return _navigation(m, args, kwargs, place)
    facts = catalogue_element(name, m.version) or catalogue_element(name)
    if facts is None and name != "experimental_rerun":
        return _unknown_element(m, args, kwargs, place)
    if facts is None or facts.exits:
        return _exit(m, name, args, kwargs, place)
    if facts.takes_key or facts.callback or "widget" in facts.kinds:
        drawn = _widget(m, func, facts, args, kwargs, place, unknown)
        if drawn is not None:
            return drawn
    claims.check_fragment(m, func, facts, place, is_widget=False)
    if not unknown:
        claims.show(m, func, facts, _given(facts, args, kwargs), forms.form_of(m, func), place)
    if facts.is_container:
        return _container(m, func, facts, args, kwargs, place)
    shown = m.unknown(not_none=True)
    if isinstance(shown.term, CellRef):
        m.displayed[shown.term.cell] = Displayed(name, (*args, *kwargs.values()), place)
    if name in MESSAGES and isinstance(shown.term, CellRef):
        m.messages[shown.term.cell] = (name, place)
    return shown


def _unknown_element(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    third_party_keys(m, External("streamlit"), args, kwargs, place)
    return m.unknown(called=True)


def _exit(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if name == "switch_page":
        m.leave("switch", place)
    elif name in ("rerun", "experimental_rerun"):
        if kwargs.get("scope", args[0] if args else None) == Known.of("fragment"):
            m.emit(Forbidden(("forbidden", m.fresh()), "rerun", name, place))
        else:
            reruns.note(m, place)
        m.leave("rerun", place)
    else:
        m.leave("stop", place)
    return Known.of(None)


def argument(facts: Facts, name: str | None, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    """The argument a call gives for a parameter, None if it gives none."""
    if name is None:
        return None
    if name in kwargs:
        return kwargs[name]
    index = facts.argument_index(name)
    return args[index] if index is not None and index < len(args) else None


def _given(facts: Facts, args: list[Value], kwargs: dict[str, Value]) -> dict[str, Value]:
    """The arguments of a call by parameter."""
    found = {p.name: argument(facts, p.name, args, kwargs) for p in facts.parameters}
    return {name: value for name, value in found.items() if value is not None}


def _container(
    m: Machine, func: Element, facts: Facts, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    where, level, form = claims.region_of(m, func), claims.level_of(m, func), forms.form_of(m, func)
    if facts.returns_containers:
        spec = args[0] if args else kwargs.get("spec", kwargs.get("tabs"))
        count = None
        if isinstance(spec, Known) and isinstance(spec.value, int) and 0 < spec.value < 50:
            count = spec.value
        elif isinstance(spec, Seq) and spec.exact and not spec.only_if:
            count = len(spec.items)
        item = Container(func.name, where, form, level)
        return Seq("list", (item,) * count) if count is not None else Containers(item)
    if func.name == "form":
        key = argument(facts, "key", args, kwargs)
        forms.check(m, func, facts, None, place)
        known = key_of(key) if key is not None else None
        check_key(m, "form", known if isinstance(known, str) else None, False, lambda name: None, place)
        form = str(key.value) if isinstance(key, Known) else f"{claims.UNKNOWN_FORM} {m.fresh()}"
        made = m.unknown(not_none=True).term
        if isinstance(made, CellRef):
            m.made_forms[made.cell] = (form, place)
    return Container(func.name, where, form, level)


# --- widgets -------------------------------------------------------------------------------------------------


def _widget(
    m: Machine,
    func: Element,
    facts: Facts,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    unknown: bool,
) -> Value | None:
    """A call that may draw a widget; None if it keeps no state (a chart without selections)."""
    active = facts.plain.entry
    if not active and facts.activation is not None:
        given = argument(facts, facts.activation, args, kwargs)
        ignored = given is None or (isinstance(given, Known) and given.value in ("ignore", None))
        active = not ignored and facts.active is not None and facts.active.entry
    key_value = argument(facts, "key", args, kwargs)
    callback = argument(facts, facts.callback, args, kwargs)
    forms.check(m, func, facts, callback, place)
    if not active:
        if not facts.plain.settable:
            check_key(m, func.name, _widget_key(key_value)[0], False, lambda name: None, place)
        return None
    if isinstance(key_value, OneOf):
        return m.each(key_value, lambda k: _draw(m, func, facts, args, kwargs, k, callback, place, unknown), place)
    return _draw(m, func, facts, args, kwargs, key_value, callback, place, unknown)


def _draw(
    m: Machine,
    func: Element,
    facts: Facts,
    args: list[Value],
    kwargs: dict[str, Value],
    key_value: Value | None,
    callback: Value | None,
    place: Place,
    unknown: bool,
) -> Value:
    claims.check_fragment(m, func, facts, place, is_widget=True)
    key, pattern = _widget_key(key_value)
    if key is None and key_value is not None and not isinstance(key_value, Known):
        m.reads.note(pattern)
    label = args[0] if args else kwargs.get("label")
    form = forms.form_of(m, func)
    info = WidgetInfo(
        id=("widget", m.fresh()),
        element=func.name,
        key=key,
        pattern=pattern,
        place=place,
        label=str(label.value) if isinstance(label, Known) and isinstance(label.value, str) else "",
        trigger=facts.is_trigger,
        default=_default(m, facts, args, kwargs),
        form=form,
        fragment=m.fragments[-1] if m.fragments else None,
        binds_key=key is not None,
        optional=not state.is_constant(argument(facts, "options", args, kwargs) or Known.of(None)),
        steady=_is_steady(m, facts, args, kwargs),
        lasting=_lasting(kwargs.get("persist_state")),
        restarts=key_value in (None, Known.of(None)) and _is_constant(argument(facts, facts.value, args, kwargs)),
    )
    has_key = key is not None or (key_value is not None and key_value != Known.of(None))
    if not has_key and func.name == "form_submit_button" and form is not None and info.label:
        info.key = f"FormSubmitter:{form}-{info.label}"
        info.binds_key = True
    m.drawn_with[info.id] = _given(facts, args, kwargs)
    if not unknown and kwargs.keys() <= {parameter.name for parameter in facts.parameters}:
        region = claims.region_of(m, func)
        info.claims = claims.claim_widget(m, info, m.drawn_with[info.id], facts, region, has_key)
    if info.key is not None:
        m.note_key(info.key)
        if func.name == "data_editor":
            m.editors.add(info.key)
    if callback is not None:
        pair = argument(facts, "args", args, kwargs), argument(facts, "kwargs", args, kwargs)
        _later(m, info, callback, *pair, None if unknown else signatures.check(m, facts, callback, pair, place))
    drawn = facts.plain if facts.plain.entry or facts.active is None else facts.active
    if not unknown:
        check_key(m, func.name, info.key, drawn.settable, lambda name: argument(facts, name, args, kwargs), place)
    _note_returned(m, info, facts, args, kwargs)
    alias = dates.note(m, info, argument(facts, "value", args, kwargs))
    disabled = argument(facts, "disabled", args, kwargs)
    imports.note_drawn(m, func.name, place)
    m.emit(Draw(info, m.term(disabled) if disabled is not None else Lit(False), place))
    if key is None and key_value is not None and not (isinstance(key_value, Known) and key_value.value is None):
        havoc = Havoc(pattern, place)
        m.emit(havoc)
        m.foreign += [] if drawn.settable else [havoc]
        m.unsettable += [] if drawn.settable or pattern is None else [pattern]
    cell = ("tmp", m.fresh())
    from streamlint.flow.tree import Bind

    m.emit(Bind(cell, WidgetVal(info.id)))
    return Late(CellRef(cell), alias)


IDENTIFYING = frozenset({
    "accept_multiple_files", "accept_new_options", "column_config", "columns", "data", "format", "format_func",
    "max_chars", "max_selections", "max_upload_size", "max_value", "min_value", "num_rows", "options", "selection_mode",
    "step", "type", "validate",
})  # fmt: skip
"""Parameters that make a widget with a key another one (or give it another value) when they change."""
CALLING = frozenset({"args", "kwargs", "key", "on_change", "on_click", "on_select", "on_submit"})


def _is_steady(m: Machine, facts: Facts, args: list[Value], kwargs: dict[str, Value]) -> bool:
    """Until 1.50 all parameters are part of what a widget with a key is."""
    given = {name: value for name, value in _given(facts, args, kwargs).items() if value is not None}
    counts = given.keys() & IDENTIFYING if m.version >= (1, 51) else given.keys() - CALLING
    if m.version >= (1, 55):
        counts -= {"options"}
    return all(state.is_constant(given[name]) for name in counts)


def _lasting(given: Value | None) -> str | None:
    if given is None or given == Known.of(None):
        return None
    return str(given.value) if isinstance(given, Known) else "?"


def _is_constant(given: Value | None) -> bool:
    return given is None or isinstance(given, Known)


def _note_returned(m: Machine, info: WidgetInfo, facts: Facts, args: list[Value], kwargs: dict[str, Value]) -> None:
    """What is known of the value that a widget returns."""
    start = argument(facts, "value", args, kwargs)
    plain = start is None or (isinstance(start, Known) and start.value is not None)
    options = argument(facts, "options", args, kwargs)
    if facts.name in ("number_input", "slider") and plain:
        m.returns[info.id] = Returned(facts.name, "number")
        least = argument(facts, "min_value", args, kwargs)
        if isinstance(least, Known) and isinstance(least.value, int | float):
            info.least = float(least.value)
    elif facts.name in ("text_input", "text_area") and plain:
        m.returns[info.id] = Returned(facts.name, "text")
    elif facts.name in ("selectbox", "radio") and isinstance(options, Seq) and "accept_new_options" not in kwargs:
        texts = [i.value for i in options.items if isinstance(i, Known) and isinstance(i.value, str)]
        if len(texts) == len(options.items) and options.exact and not options.only_if:
            m.returns[info.id] = Returned(facts.name, "text", tuple(texts))


def _widget_key(value: Value | None) -> tuple[str | None, Pattern | None]:
    if value is None or (isinstance(value, Known) and value.value is None):
        return None, None
    key = key_of(value)
    if isinstance(key, str):
        return (None, None) if key == "None" else (key, None)  # measured: key="None" is no key
    return None, key


def _default(m: Machine, facts: Facts, args: list[Value], kwargs: dict[str, Value]) -> Term:
    """What the widget returns before the user touches it."""
    given = argument(facts, facts.value, args, kwargs)
    none = isinstance(given, Known) and given.value is None
    first = facts.plain.none if none and facts.plain.none is not None else facts.plain.first
    if facts.many is not None:
        flag = argument(facts, facts.many[0], args, kwargs)
        if isinstance(flag, Known) and repr(flag.value) == facts.many[1]:
            first = "[]"
        elif flag is not None and not isinstance(flag, Known):
            return Some(free=True)
    if facts.value == "index":
        return _option(args, kwargs, facts, given)
    if facts.name == "number_input" and given in (None, Known.of("min")):
        return _least(argument(facts, "min_value", args, kwargs))
    if given is not None and not none:
        truth = m.truth(given)
        if isinstance(given, Known):
            return Lit(given.value)
        return Some(truthy=truth, not_none=truth is True, free=True)
    constants: dict[str | None, Term] = {
        "''": Lit(""), "False": Lit(False), "None": NONE, "[]": Some(truthy=False, not_none=True), "1": Lit(1),
        "'#000000'": Lit("#000000"), "today": Some(True, True), "now": Some(True, True),
    }  # fmt: skip
    return constants.get(first, Some(free=True))


def _least(given: Value | None) -> Term:
    """What a number input shows that is given no number: the least it may, and 0.0 without a limit."""
    if given is None or given == Known.of(None):
        return Lit(0.0)
    return Lit(given.value) if isinstance(given, Known) else Some(not_none=True, free=True)


def _option(args: list[Value], kwargs: dict[str, Value], facts: Facts, given: Value | None) -> Term:
    options = argument(facts, "options", args, kwargs)
    index = 0
    if isinstance(given, Known):
        if given.value is None:
            return NONE
        index = given.value if isinstance(given.value, int) else 0
    elif given is not None:
        return Some(free=True)
    if isinstance(options, Seq) and options.exact and not options.only_if and 0 <= index < len(options.items):
        item = options.items[index]
        if isinstance(item, Known):
            return Lit(item.value)
        return Some(not_none=True, free=True)
    if isinstance(options, Mapping) and options.exact and 0 <= index < len(options.items):
        key = options.items[index][0]
        return Lit(key.value) if isinstance(key, Known) else Some(not_none=True, free=True)
    return Some(free=True)


def _later(
    m: Machine,
    info: WidgetInfo,
    callback: Value,
    args: Value | None,
    kwargs: Value | None,
    fault: Callable[[], None] | None = None,
) -> None:
    """A callback runs before the next run of the script: its body is walked when the script has been. `fault` emits
    what makes the call of it fail."""
    frame, fragments = m.frame, list(m.fragments)
    known = kwargs.items if isinstance(kwargs, Mapping) else ()
    named = {str(k.value): settled(v) for k, v in known if isinstance(k, Known)}
    given = [settled(v) for v in args.items] if isinstance(args, Seq) else None
    if isinstance(callback, Known) and fault is None:
        return

    def walk() -> None:
        from streamlint.flow.calls import call_value

        outer, m.frame = m.frame, frame
        saved, m.fragments = m.fragments, fragments
        forms, m.forms = m.forms, []
        within, m.within = m.within, []
        spec = Spec(m.fresh(), "callback", info.place)
        alive, m.alive = m.alive, True
        try:
            with m.block() as body:
                unknown = given is None and args is not None
                if fault is not None:
                    fault()
                call_value(m, callback, list(given or []), dict(named), info.place, unknown)
            spec.body, spec.done = body, True
            info.callback = spec
        finally:
            m.frame, m.fragments, m.forms, m.alive = outer, saved, forms, alive
            m.within = within

    m.callbacks.append((info, walk))


def component_callback(m: Machine, callback: Value, kwargs: dict[str, Value], place: Place) -> None:
    """`component(..., key="k", on_change=f)`: a custom component calls f before a later run, as widgets do."""
    info = WidgetInfo(
        id=("widget", m.fresh()),
        element="component",
        key=None,
        pattern=None,
        place=place,
        label="",
        trigger=False,
        default=Some(free=True),
        form=(m.forms[-1] if m.forms else None) or None,
        fragment=m.fragments[-1] if m.fragments else None,
        binds_key=False,
    )
    _later(m, info, callback, kwargs.get("args"), kwargs.get("kwargs"))
    m.emit(Draw(info, Lit(False), place))


def settled(value: Value) -> Value:
    """An argument as a callback sees it in a later run: terms of the run that drew the widget are gone."""
    return Late(Sym("callback argument")) if isinstance(value, Late | OneOf) else value


def third_party_keys(m: Machine, func: Value, args: list[Value], kwargs: dict[str, Value], place: Place) -> None:
    """`component(..., key="k")`: a widget of a kind we do not know keeps its value under that key."""
    value = kwargs.get("key")
    if value is None or isinstance(value, Func) or (isinstance(value, Known) and not isinstance(value.value, str)):
        return
    key = key_of(value)
    m.reads.note(key)
    if isinstance(key, str):
        m.note_key(key)
        key = Pattern((key,))
    m.emit(Havoc(key, place, supposed=True))


# --- pages ---------------------------------------------------------------------------------------------------


def _page(m: Machine, args: list[Value], kwargs: dict[str, Value]) -> Value:
    target = args[0] if args else kwargs.get("page", Known.of(None))
    title = kwargs.get("title", args[1] if len(args) > 1 else None)
    text = title.value if isinstance(title, Known) else None
    default = kwargs.get("default")
    return _as_page(m, target, str(text) if text else None, default is not None and m.truth(default) is not False)


def _as_page(m: Machine, target: Value, title: str | None = None, default: bool = False) -> PageV:
    if isinstance(target, PageV):
        return target
    path = None
    name = title or "page"
    if isinstance(target, Known) and isinstance(target.value, str):
        path = os.path.normpath(os.path.join(os.path.dirname(m.main_script), target.value))
        name = title or os.path.basename(path)
    elif isinstance(target, Func):
        name = title or m.function(target).name
    return PageV(target, name, path, default)


def _navigation(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    value = args[0] if args else kwargs.get("pages", Seq("list", ()))
    return m.each(value, lambda v: _navigation_of(m, v, place), place)


def _navigation_of(m: Machine, value: Value, place: Place) -> Value:
    pages, exact = _pages_of(m, value)
    return Navigation(tuple(pages), exact, (place, m.frame.id, m.fresh()))


Offered: TypeAlias = "tuple[list[tuple[PageV, Term | None]], bool]"
"""Pages with the condition each depends on, and whether these are all."""


def _pages_of(m: Machine, value: Value) -> Offered:
    match value:
        case PageV() | Func() | Known(str()):
            return [(_as_page(m, value), None)], True
        case Mapping(items, exact):
            return _joined([_pages_of(m, section) for _, section in items], exact)
        case OneOf(cell, options, open_):
            parts = [_only_if(_pages_of(m, o), Cmp("is", CellRef(cell), m.term(o))) for o in options]
            return _joined(parts, not open_)
        case Seq(items=items, exact=exact):
            parts = [_only_if(_pages_of(m, item), value.condition(i)) for i, item in enumerate(items)]
            return _joined(parts, exact)
        case _:
            return [], False


def _only_if(offered: Offered, condition: Term | None) -> Offered:
    if condition is None:
        return offered
    pages, exact = offered
    return [(page, condition if inner is None else AllT((condition, inner))) for page, inner in pages], exact


def _joined(parts: list[Offered], exact: bool) -> Offered:
    found: list[tuple[PageV, Term | None]] = []
    for pages, all_known in parts:
        found += [page for page in pages if page not in found]
        exact &= all_known
    return found, exact


def run_page(m: Machine, navigation: Navigation, place: Place) -> None:
    """`pg.run()`: one of the pages, as the user's address says."""
    pages = list(navigation.pages)
    if not navigation.exact:
        known = {page.path for page, _ in pages}
        extra = [p for p in m.app.page_scripts if p not in known]
        pages += [(PageV(Known.of(path), os.path.basename(path), path), None) for path in extra]
    if not pages:
        state.escapes(m, place)
        return
    arms: list[Block] = []
    alive = False
    before = m.frame.env
    for page, condition in pages:
        m.alive, m.frame.env = True, dict(before)
        with m.block() as body:
            run_one_page(m, page, place)
        alive = alive or m.alive
        arms.append(body if condition is None else [Branch(condition, body, [Exit("never", place)], place, "")])
    m.alive, m.frame.env = True, before
    m.emit(Pages(_offered(pages), tuple(arms), place))
    m.alive = alive


def _offered(pages: list[tuple[PageV, Term | None]]) -> tuple[PageArm, ...]:
    """The page marked as default is the default page, else the first; where that depends on the run, any may be."""
    marked = any(page.default for page, _ in pages)
    unsure = any(condition is not None for _, condition in pages)
    return tuple(
        PageArm(page.path or page.target, page.title, page.default if marked else unsure or i == 0)
        for i, (page, _) in enumerate(pages)
    )


def run_one_page(m: Machine, page: PageV, place: Place) -> None:
    from streamlint.flow.calls import call_function

    if isinstance(page.target, Func):
        call_function(m, page.target, [], {}, place)
    elif page.path is not None:
        spec = walk_script(m, page.path)
        if spec is not None:
            m.emit(CallN(spec, place))
    else:
        state.escapes(m, place)


def walk_script(m: Machine, path: str) -> Spec | None:
    """The body of a script that Streamlit runs: a page or the entrypoint, in a fresh module."""
    from streamlint.flow.statements import execute

    known = m.scripts.get(path)
    if known is not None:
        return known
    facts = m.project.facts(path)
    if facts.syntax_error is not None:
        return None
    spec = Spec(m.fresh(), path, Place(path, Span(0, 0)))
    m.scripts[path] = spec
    frame = Frame(("f", spec.id), path, {}, None, None, spec.id)
    outer, alive, forms, fragments, within = m.frame, m.alive, m.forms, m.fragments, m.within
    importing, m.importing = m.importing, []
    m.frame, m.alive, m.forms, m.fragments, m.within = frame, True, [], [], []
    try:
        with m.block() as body:
            execute(m, facts.body)
        spec.body, spec.done, spec.completes = body, True, m.alive
        m.script_frames[path] = frame
    finally:
        m.importing = importing
        m.frame, m.alive, m.forms, m.fragments, m.within = outer, alive, forms, fragments, within
    return spec


def finish(m: Machine) -> None:
    """Walks the callbacks that the scripts have registered, and those that these register."""
    while m.callbacks:
        _, walk = m.callbacks.pop()
        walk()


__all__ = ["Cmp", "ModuleV", "call", "finish", "objects", "run_page", "walk_script"]
