"""What an expression means, where its own structure does not tell: astroid's only keeper.

Importing this package is cheap; astroid is imported when the first question is asked.
"""

from __future__ import annotations

from streamlint.inference.answers import NO_ANSWER, Answer, NoAnswer, content_hash
from streamlint.inference.keeper import Inference, Questions

__all__ = ["NO_ANSWER", "Answer", "Inference", "NoAnswer", "Questions", "content_hash"]
