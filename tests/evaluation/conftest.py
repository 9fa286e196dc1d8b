"""Random examples are the same in every run of the short suite; the long one looks further."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("scoring", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("scoring-full", deadline=None, max_examples=1000)
settings.load_profile("scoring-full" if os.environ.get("SRM_FULL") else "scoring")
