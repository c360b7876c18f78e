import streamlit as st

from store import cart, session

session.init()
st.title("Checkout")

if not session.is_logged_in():
    st.info("Please log in on the home page.")
    if st.button("Continue as a guest"):
        session.log_in("guest")
        st.rerun()
    st.stop()

with st.form("address"):
    st.text_input("Street", key="street")
    sent = st.form_submit_button("Order")

if sent:
    st.session_state.order_number = 1001
    st.success(f"Thank you, {st.session_state.user}: {st.session_state.street}")

if st.button("Print the receipt"):
    st.write(f"Order {st.session_state.order_number}")  # bug: STL101
    st.write(f"Total {cart.total():.2f} {st.session_state.curency}")  # bug: STL103
