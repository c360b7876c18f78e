import streamlit as st

from store import cart, session
from store.catalog import PRODUCTS

session.init()
st.title("Catalog")
st.caption(f"Our {st.session_state.season} selection")  # bug: STL102

for code, product in PRODUCTS.items():
    left, right = st.columns(2)
    left.write(f"{product.name}: {product.price:.2f} {st.session_state.currency}")
    right.button("Add", key=f"add_{code}", on_click=cart.add, args=(code,))

if "last_added" in st.session_state:
    cart.show_last_added()
