import streamlit as st

import state

if not state.has_data():
    st.info("Load some numbers on the home page first.")
    st.stop()

rows = st.session_state.rows
st.metric("Sum", sum(rows))

if "history" not in st.session_state:
    st.session_state.history = []
if st.button("Remember"):
    st.session_state.history.append(sum(rows))
st.write("Remembered:", len(st.session_state.history))
