import streamlit as st

from store.catalog import PRODUCTS


def add(code):
    cart = st.session_state.cart
    cart[code] = cart.get(code, 0) + 1
    st.session_state.last_added = code


def total():
    return sum(PRODUCTS[code].price * count for code, count in st.session_state.cart.items())


def show_last_added():
    st.caption(f"Last added: {PRODUCTS[st.session_state.last_added].name}")  # bug: STL102
