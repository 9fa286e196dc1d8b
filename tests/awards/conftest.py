from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def rounds() -> int:
    """How many random instances: few in the short run, many in the full one."""
    return 500 if os.environ.get("SRM_FULL") else 200
