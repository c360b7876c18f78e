import streamlit as st

from state import STEPS, Wizard

wizard = Wizard()
st.title(STEPS[wizard.step])
st.progress(wizard.step / (len(STEPS) - 1))

if wizard.step == 0:
    st.text_input("Your name", key="wizard_name")
    if st.button("Keep the name"):
        wizard.answer("name", st.session_state.wizard_name)

st.button("Back", on_click=wizard.go, args=(-1,), disabled=wizard.step == 0)
st.button("Next", on_click=wizard.go, args=(1,), disabled=wizard.step == len(STEPS) - 1)

theme = getattr(st.session_state, "theme", "light")
st.caption(f"{len(st.session_state.answers)} answers, theme {theme}")
