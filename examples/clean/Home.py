import streamlit as st

import state

state.init()
st.session_state.visits += 1

st.title("Clean")
st.write("Runs so far:", st.session_state.visits)

with st.form("numbers"):
    text = st.text_input("Numbers", key="numbers_text")
    if st.form_submit_button("Load") and not state.load(text):
        st.error("Only numbers, please.")

if state.has_data():
    st.write(f"{len(st.session_state.rows)} numbers, {st.session_state.source}")


def forget():
    for key in ("rows", "source"):
        st.session_state.pop(key, None)


st.button("Forget", on_click=forget)
