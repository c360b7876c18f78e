import streamlit as st

from store import session

st.set_page_config(page_title="Tea shop", page_icon="🍵")
session.init()
st.session_state.season = "autumn"

st.title("Tea shop")

if session.is_logged_in():
    st.success(f"Welcome back, {st.session_state.user}")
    st.button("Log out", on_click=session.log_out)
else:
    with st.form("login"):
        name = st.text_input("Name", key="login_name")
        if st.form_submit_button("Log in") and name:
            session.log_in(name)
            st.rerun()

st.selectbox("Currency", ["EUR", "USD"], key="currency_choice")
if st.button("Use this currency"):
    st.session_state.currency = st.session_state.currency_choice
st.write("Prices in", st.session_state.currency)
