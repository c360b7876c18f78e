import streamlit as st

from store import cart, session
from store.catalog import PRODUCTS

session.init()
st.title("Your cart")
cart.show_last_added()

for code, count in st.session_state.cart.items():
    st.write(f"{count} x {PRODUCTS[code].name}")


def use_coupon():
    st.session_state.coupon = st.session_state.coupon_input.strip().upper()


st.text_input("Coupon", key="coupon_input", on_change=use_coupon)

if st.button("Remove the coupon"):
    del st.session_state.coupon

if st.session_state.coupon:  # bug: STL101
    st.write("10 % off with", st.session_state.coupon)

st.metric("Total", f"{cart.total():.2f} {st.session_state.currency}")
