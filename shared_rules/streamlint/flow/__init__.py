"""What a rerun does to session state: the interpretation of an app's runs.

The way from files to witnesses: `machine` walks the code of an app once and leaves a flow tree in which every state
event has its key (`tree`); for each key, `reduce` keeps the part of the tree that matters, `explore` walks it with sets
of valuations and `runs` strings runs together to sessions until one fails. `missing` says what a failure means.
`suspects` and `crashes` do the same for what raises by the order of a run: two elements with one key, a key that is
assigned after its widget; `clashes` describes it. What Streamlit refuses, and what Python cannot do with what Streamlit
gives, is marked in the tree while the code is walked (`faults`), searched for like a missing key and described by
`misuses`.
"""

from __future__ import annotations

from streamlint.flow.app import AppResult, analyse_app
from streamlint.flow.clashes import Clash
from streamlint.flow.guards import Guard
from streamlint.flow.missing import MissingKey
from streamlint.flow.misuses import Misuse
from streamlint.flow.spellings import Access, Dynamic
from streamlint.flow.synced import Synced
from streamlint.flow.unused import Unused

__all__ = [
    "Access",
    "AppResult",
    "Clash",
    "Dynamic",
    "Guard",
    "MissingKey",
    "Misuse",
    "Synced",
    "Unused",
    "analyse_app",
]
