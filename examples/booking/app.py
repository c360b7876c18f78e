import datetime

import guests
import streamlit as st

ROOMS = {"Garden": 80, "Harbour": 120, "Tower": 150}

st.title("Book a room")
part = st.sidebar.radio("Part", ["Search", "Nights", "Compare", "Guests", "Group", "Budget"], key="part")


def search():
    st.text_input("Search", key="query")
    for room in ROOMS:
        if st.session_state.query.lower() in room.lower():
            st.write(room, ROOMS[room])
    if st.button("Clear"):
        st.session_state.query = ""  # bug: STL104


def nights():
    today = datetime.date(2026, 5, 1)
    first, last = st.date_input("Nights", (today, today + datetime.timedelta(days=2)), key="nights")  # bug: STL113
    st.write((last - first).days, "nights")


def compare():
    chosen = st.multiselect("Rooms", list(ROOMS), key="chosen")
    for room in chosen:
        st.checkbox("Breakfast", key=f"breakfast_{room}")
    if st.checkbox("With stars"):
        for _ in ROOMS:
            st.slider("Stars", 1, 5, key="stars")  # bug: STL106


def budget():
    if "limit" not in st.session_state:
        st.session_state.limit = "100"
    limit = st.number_input("At most", key="limit")  # bug: STL112
    st.write([room for room, price in ROOMS.items() if price <= limit])


if part == "Search":
    search()
elif part == "Nights":
    nights()
elif part == "Compare":
    compare()
elif part == "Guests":
    guests.show()
elif part == "Group":
    guests.register()
else:
    budget()
