import streamlit as st

st.title("Task")
st.subheader(st.session_state.tasks[st.session_state.selected])  # bug: STL102

note = st.text_area("Note", key="note")
if st.button("Save"):
    st.session_state.saved_note = note
    st.toast("Saved")

st.caption(st.session_state.get("saved_note", "No note yet"))
