"""A project's configuration with streamlint in it: settings of our own, and Ruff told whose codes `STL…` are.

Ruff removes suppression comments with codes that it does not know, unless `lint.external` names their prefix.
"""

from streamlint.adopting.drafts import Adoption, Drafts
from streamlint.adopting.toml import OWN, PREFIX, adopt_ruff, adopt_settings, adoptions

__all__ = ["OWN", "PREFIX", "Adoption", "Drafts", "adopt_ruff", "adopt_settings", "adoptions"]
