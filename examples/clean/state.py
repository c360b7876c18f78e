"""Session State in one place: typed access for the pages, one `init` for all of them."""

import streamlit as st

STEPS = ("Upload", "Check", "Done")


class Wizard:
    """Where the user is. The class is a view of Session State and stores nothing itself."""

    def __init__(self):
        st.session_state.setdefault("step", 0)
        st.session_state.setdefault("answers", {})

    @property
    def step(self):
        return st.session_state.step

    def go(self, by):
        st.session_state.step = min(max(st.session_state.step + by, 0), len(STEPS) - 1)

    def answer(self, question, value):
        st.session_state.answers = {**st.session_state.answers, question: value}


def init():
    for key, value in {"theme": "light", "visits": 0}.items():
        if key not in st.session_state:
            st.session_state[key] = value


def has_data():
    return "rows" in st.session_state


def load(text):
    try:
        rows = [float(word) for word in text.split()]
    except ValueError:
        return False
    st.session_state.rows = rows
    st.session_state.source = "typed in"
    return True
