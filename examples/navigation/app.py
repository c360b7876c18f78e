import streamlit as st

st.session_state.setdefault("role", "viewer")
st.session_state.setdefault("tasks", ["Water the plants", "Call Ann"])


def login():
    st.title("Sign in")
    role = st.selectbox("Role", ["viewer", "editor"], key="role_choice")
    if st.button("Sign in"):
        st.session_state.role = role
        st.session_state.signed_in = True
        st.session_state.signed_in_as = role
        st.rerun()


def sign_out():
    for key in ("signed_in", "signed_in_as"):
        st.session_state.pop(key, None)


pages = [
    st.Page("views/board.py", title="Board", default=True),
    st.Page("views/task.py", title="Task"),
    st.Page("views/report.py", title="Report"),
    st.Page(login, title="Sign in"),
]
page = st.navigation(pages)

with st.sidebar:
    if st.session_state.get("signed_in"):
        st.write(f"Signed in as {st.session_state.signed_in_as}")
        st.button("Sign out", on_click=sign_out)

page.run()
