"""Who comes along."""

import streamlit as st


def greet(name, language):
    """Says hello to a guest."""
    greetings = {"en": "Welcome", "de": "Willkommen"}
    st.session_state.greeting = f"{greetings[language]}, {name}!"


def count_changes():
    st.session_state.changes += 1


def show():
    st.session_state.setdefault("greeting", "")
    st.write(st.session_state.greeting)
    st.button("Greet Ann", on_click=greet, args=("Ann",))  # bug: STL109
    st.button("Greet Bea", on_click=greet, args=("Bea", "de"))


def register():
    st.session_state.setdefault("changes", 0)
    with st.form("group"):
        st.number_input("Guests", 1, 20, key="group_size", on_change=count_changes)  # bug: STL108
        st.form_submit_button("Register")
