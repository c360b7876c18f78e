import streamlit as st

st.title("Report")
st.write("Open tasks:", len(st.session_state.tasks))

if st.button("Count the words"):
    st.session_state["words"] = sum(len(task.split()) for task in st.session_state.tasks)

if st.session_state.role == "editor":
    st.write("Words:", st.session_state["words"])  # bug: STL101

if st.toggle("Details"):
    for task in st.session_state["todos"]:  # bug: STL103
        st.write(task)
