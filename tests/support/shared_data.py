"""Where the reading material lies that is not part of the project, and whether it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parents[2]


def shared_path(*parts: str) -> Path:
    """A path below the shared folder: `SRM_SHARED`, or `shared` beside the repository."""
    root = os.environ.get("SRM_SHARED")
    return (Path(root) if root else _REPOSITORY.parent / "shared").joinpath(*parts)


def needs(path: Path) -> Path:
    """The path, or a skipped test that says what is absent."""
    if not path.exists():
        pytest.skip(f"data absent: {path.name} (set SRM_SHARED to the folder that holds data/)")
    return path
