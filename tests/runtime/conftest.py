"""One process with a real Streamlit for each test worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from runtime.client import Runtime


@pytest.fixture(scope="session")
def streamlit() -> Iterator[Runtime]:
    """Runs apps; which Streamlit, `runtime.client.PYTHON` in the environment says."""
    runtime = Runtime()
    yield runtime
    runtime.close()
