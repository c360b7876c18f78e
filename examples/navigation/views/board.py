import streamlit as st


def select(number):
    st.session_state.selected = number


st.title("Board")

for number, task in enumerate(st.session_state.tasks):
    st.button(task, key=f"task_{number}", on_click=select, args=(number,))

if "selected" in st.session_state:
    st.write("Selected:", st.session_state.tasks[st.session_state.selected])

with st.form("new"):
    st.text_input("New task", key="new_task")
    if st.form_submit_button("Add") and st.session_state.new_task:
        st.session_state.tasks = [*st.session_state.tasks, st.session_state.new_task]
        st.rerun()
