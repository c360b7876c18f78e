"""Session State of the shop: every page calls `init` first."""

import streamlit as st

DEFAULTS = {"currency": "EUR", "logged_in": False, "coupon": None}


def init():
    for key, value in DEFAULTS.items():
        if key not in st.session_state:
            st.session_state[key] = value
    st.session_state.setdefault("cart", {})


def log_in(name):
    st.session_state.user = name
    st.session_state.logged_in = True


def log_out():
    st.session_state.logged_in = False
    st.session_state.pop("user", None)


def is_logged_in():
    return st.session_state.get("logged_in", False)
