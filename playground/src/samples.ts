import type { Files } from "./types";

/** Apps to begin with, by what they show. */
export const SAMPLES: Record<string, Files> = {
  "A key that only a click sets": {
    "app.py": `import streamlit as st

st.title("Shopping list")
st.text_input("What do you need?", key="wish")

if st.button("New list"):
    st.session_state.shopping = []

if st.button("Add"):
    st.session_state.shopping.append(st.session_state.wish)
    st.session_state.wish = ""

st.write(f"{len(st.session_state.shopping)} things to buy")
`,
  },
  "A page that needs another page": {
    "app.py": `import streamlit as st

st.session_state["dataset"] = "sales"
st.text_input("Your name", key="name")
`,
    "pages/Report.py": `import streamlit as st

st.header(st.session_state["dataset"])
st.write("for", st.session_state.get("name", "nobody"))
`,
  },
  "One cart for all users": {
    "app.py": `import cart
import streamlit as st

item = st.text_input("Item")
if st.button("Buy"):
    cart.add(item)
st.write(f"{len(cart.items)} in the cart")
`,
    "cart.py": `items = []


def add(item):
    items.append(item)
`,
  },
  "Every second change is lost": {
    "app.py": `import streamlit as st

st.session_state.setdefault("size", 1)
st.session_state.size = st.number_input("Size", value=st.session_state.size)
`,
  },
  "An app without a bug": {
    "app.py": `import streamlit as st


def clear():
    st.session_state.query = ""


st.text_input("Search", key="query")
st.button("Clear", on_click=clear)
st.write("Searching for", st.session_state.query)
`,
  },
};
