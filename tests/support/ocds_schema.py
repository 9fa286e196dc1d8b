"""OCDS 1.1.5 JSON Schema from the shared data: the base with its extensions merged in, and the European profile."""

from __future__ import annotations

import copy
import csv
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.support.shared_data import shared_path

_DATA = ("data", "ocds")
_MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9%._~:/?#\[\]@!$&'()*+,;=-]+")
_ZIP_ROOT = "standard-1__1__5/schema/"


def schema_is_absent() -> bool:
    return not (shared_path(*_DATA, "standard-1__1__5.zip").exists() and _profile().exists())


def schema_faults(package: dict[str, Any]) -> list[str]:
    """Everything the two schemas have against a package, as "where: what"; an empty list is a valid one."""
    return [
        f"{name} {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for name, validator in (("1.1.5", _base_validator()), ("eu", _profile_validator()))
        for error in validator.iter_errors(package)
    ]


def code_faults(package: dict[str, Any]) -> list[str]:
    """Codes that stand in no code list of the standard or its extensions, for the lists the schema leaves open."""
    lists = _code_lists()
    return [f"{path}: {value}" for path, name, value in _coded(package) if name in lists and value not in lists[name]]


def _profile() -> Any:
    return shared_path(*_DATA, "profiles", "european-union", "schema", "patched")


@cache
def _profile_validator() -> Draft4Validator:
    package = json.loads((_profile() / "release-package-schema.json").read_text())
    release = json.loads((_profile() / "release-schema.json").read_text())
    return _validator(package, release)


@cache
def _base_validator() -> Draft4Validator:
    with zipfile.ZipFile(shared_path(*_DATA, "standard-1__1__5.zip")) as archive:
        package = json.loads(archive.read(_ZIP_ROOT + "release-package-schema.json"))
        release = json.loads(archive.read(_ZIP_ROOT + "release-schema.json"))
    for folder in sorted(shared_path(*_DATA, "extensions").iterdir()):
        patch = folder / "release-schema.json"
        if patch.exists():
            release = _merge_patch(release, json.loads(patch.read_text()))
    return _validator(package, release)


def _validator(package: dict[str, Any], release: dict[str, Any]) -> Draft4Validator:
    address = package["properties"]["releases"]["items"]["$ref"]
    registry: Registry[Any] = Registry().with_resource(address, DRAFT4.create_resource({**release, "id": address}))
    return Draft4Validator(package, registry=registry, format_checker=_formats())


def _formats() -> FormatChecker:
    """The two formats OCDS uses; the library checks neither without further packages."""
    checker = FormatChecker(formats=())

    @checker.checks("date-time")
    def is_moment(value: object) -> bool:
        return not isinstance(value, str) or bool(_MOMENT.fullmatch(value))

    @checker.checks("uri")
    def is_uri(value: object) -> bool:
        return not isinstance(value, str) or bool(_URI.fullmatch(value))

    return checker


def _merge_patch(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    merged = copy.copy(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge_patch(merged.get(key), value)
    return merged


_CODED = {
    "documentType": "documentType.csv",
    "roles": "partyRole.csv",
    "measure": "bidStatistics.csv",
    "awardCriteria": "awardCriteria.csv",
    "submissionMethod": "submissionMethod.csv",
}


def _coded(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _coded(member, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, member in value.items():
            codes = member if isinstance(member, list) else [member]
            if key in _CODED and all(isinstance(code, str) for code in codes):
                yield from ((f"{path}.{key}", _CODED[key], code) for code in codes)
            else:
                yield from _coded(member, f"{path}.{key}")


@cache
def _code_lists() -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {}
    folders = [
        _profile() / "codelists",
        *(folder / "codelists" for folder in shared_path(*_DATA, "extensions").iterdir()),
    ]
    for folder in folders:
        for file in folder.glob("*.csv"):
            with file.open(newline="") as rows:
                codes = {row["Code"] for row in csv.DictReader(rows)}
            lists.setdefault(file.name.lstrip("+"), set()).update(codes)
    return lists
