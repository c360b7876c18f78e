"""streamlint's engine: what a rerun does to `st.session_state`, and the rules that follow from it.

The engine reads text and returns values. It never prints, never exits and never imports or runs the code it looks at.
`streamlint.lint` is the one entry for all front ends.
"""

__version__ = "0.1.0"
