"""What the browser is served is exactly what the lock says, licensed and named."""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())
OURS = {"vendor.toml", "vendor.py", "vendor.lock.json", "THIRD_PARTY.md", "mit.template.txt"}


def served() -> set[str]:
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    return {path for path in found if "__pycache__" not in path} - OURS


def test_every_served_file_has_the_hash_of_the_lock() -> None:
    for path, entry in LOCK.items():
        data = (VENDOR / path).read_bytes()
        assert entry["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode(), path
        assert entry["bytes"] == len(data), path


def test_nothing_is_served_that_the_lock_does_not_know() -> None:
    assert served() == set(LOCK)


def test_every_package_ships_its_licence_and_is_listed() -> None:
    listed = (VENDOR / "THIRD_PARTY.md").read_text()
    packages = tomllib.loads((VENDOR / "vendor.toml").read_text())["packages"]
    for name, spec in packages.items():
        assert (VENDOR / "licenses" / (name.replace("@", "").replace("/", "-") + ".txt")).stat().st_size > 400, name
        assert f"## {name} {spec['version']}" in listed


def test_no_served_script_or_sheet_points_at_a_source_map() -> None:
    for path in LOCK:
        if path.endswith((".js", ".css")):
            assert b"sourceMappingURL" not in (VENDOR / path).read_bytes(), path


def test_the_sprite_holds_every_listed_icon() -> None:
    sprite = (VENDOR / "icons.svg").read_text()
    icons = tomllib.loads((VENDOR / "vendor.toml").read_text())["packages"]["@tabler/icons"]["icons"]
    for name in [*icons["outline"], *(f"{icon}-filled" for icon in icons["filled"])]:
        assert f'id="{name}"' in sprite, name
