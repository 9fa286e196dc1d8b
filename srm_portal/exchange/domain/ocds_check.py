"""What a schema cannot say of a release package: ids that are unique, references that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from srm_portal.kernel.errors import FieldProblem

_REFERENCES = frozenset({"buyer", "procuringEntity", "author", "tenderers", "suppliers", "signatories"})
_NEEDED = {
    "package": ("uri", "version", "publishedDate", "publisher", "releases"),
    "release": ("ocid", "id", "date", "tag", "initiationType"),
}


def check_package(package: object) -> list[FieldProblem]:
    """Members that must be there, ids that must be unique, and every reference to a party, lot, bid or award."""
    if not isinstance(package, dict):
        return [FieldProblem("", "not_an_object")]
    problems = list(_missing(package, "package", ""))
    releases = package.get("releases")
    for row, release in enumerate(releases if isinstance(releases, list) else []):
        if isinstance(release, dict):
            problems += [FieldProblem(at, code, row, value) for at, code, value in _release_faults(release)]
        else:
            problems.append(FieldProblem("", "not_an_object", row))
    return problems


def _missing(holder: dict[str, object], kind: str, path: str) -> Iterator[FieldProblem]:
    return (FieldProblem(f"{path}{key}", "missing") for key in _NEEDED[kind] if not holder.get(key))


def _release_faults(release: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    yield from ((problem.field, problem.code, "") for problem in _missing(release, "release", ""))
    tender, bids = _object(release, "tender"), _object(release, "bids")
    lists = {
        "party": ("parties", _objects(release, "parties")),
        "lot": ("tender.lots", _objects(tender, "lots")),
        "item": ("tender.items", _objects(tender, "items")),
        "bid": ("bids.details", _objects(bids, "details")),
        "award": ("awards", _objects(release, "awards")),
        "contract": ("contracts", _objects(release, "contracts")),
    }
    ids = {name: [str(entry.get("id")) for entry in entries] for name, (_, entries) in lists.items()}
    for name, (path, _) in lists.items():
        yield from ((path, "id_twice", value) for value in dict.fromkeys(ids[name]) if ids[name].count(value) > 1)
    known = {"party": ids["party"], "lot": ids["lot"], "bid": ids["bid"], "award": ids["award"]}
    for path, kind, value in _references(release, ""):
        if value not in known[kind]:
            yield path, f"unknown_{kind}", value


def _references(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _references(member, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _named(key, member, f"{path}.{key}" if path else key)


def _named(key: str, member: object, path: str) -> Iterator[tuple[str, str, str]]:
    if key in _REFERENCES:
        for entry in member if isinstance(member, list) else [member]:
            yield path, "party", str(entry.get("id")) if isinstance(entry, dict) else ""
    elif key in ("relatedLot", "relatedLots"):
        for entry in member if isinstance(member, list) else [member]:
            yield path, "lot", str(entry)
    elif key in ("relatedBid", "awardID"):
        yield path, "bid" if key == "relatedBid" else "award", str(member)
    else:
        yield from _references(member, path)


def _object(holder: dict[str, object], key: str) -> dict[str, object]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _objects(holder: dict[str, object], key: str) -> list[dict[str, object]]:
    value = holder.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
