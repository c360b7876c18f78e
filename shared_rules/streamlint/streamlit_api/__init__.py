"""Floor 1: Streamlit as data, per version, and the stub source that stands for it. Nothing here imports Streamlit."""

from streamlint.streamlit_api.data import (
    NEWEST,
    OLDEST,
    Catalogue,
    catalogue,
    element,
    is_container,
    parse_version,
)
from streamlint.streamlit_api.elements import (
    CALLBACKS,
    Argument,
    Element,
    Parameter,
    State,
    Version,
    bind,
    submit_button_key,
)
from streamlint.streamlit_api.libraries import StateKeyword, library_keys, library_state_keyword

STATE_METHODS = frozenset(
    ("clear", "get", "items", "keys", "pop", "popitem", "setdefault", "to_dict", "update", "values")
)
"""The public methods of `st.session_state`: attribute reads of these names never reach a key."""

MUTATORS = frozenset(("clear", "pop", "popitem", "setdefault", "update"))
"""The methods of `st.session_state` that write or delete keys."""

__all__ = [
    "CALLBACKS",
    "MUTATORS",
    "NEWEST",
    "OLDEST",
    "STATE_METHODS",
    "Argument",
    "Catalogue",
    "Element",
    "Parameter",
    "State",
    "StateKeyword",
    "Version",
    "bind",
    "catalogue",
    "element",
    "is_container",
    "library_keys",
    "library_state_keyword",
    "parse_version",
    "submit_button_key",
]
