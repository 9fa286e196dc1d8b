"""A release package: every release is taken in whole or refused by row; one project for each contracting process."""

from __future__ import annotations

from dataclasses import replace

from srm_portal.exchange.domain.ocds_read.node import shown
from srm_portal.exchange.domain.ocds_read.release import read_release
from srm_portal.exchange.domain.ocds_read.values import ImportedRelease, PackageReading
from srm_portal.kernel.errors import FieldProblem, InputError

RELEASES_MAX = 10_000


def read_package(data: object) -> PackageReading:
    """Read an OCDS 1.0/1.1 release package (already parsed JSON with `Decimal` fractions, see `load_json`).

    Of several releases of one process (`ocid`) the youngest sound one goes in; the others are refused as
    `superseded`, naming its row, and their awards that it does not repeat are named in its warnings.
    Raises InputError where the document is not a release package at all.
    """
    releases = _releases(data)
    problems: list[FieldProblem] = []
    sound: list[ImportedRelease] = []
    ids: dict[str, int] = {}
    failed: dict[str, int] = {}
    for row, entry in enumerate(releases):
        outcome = read_release(entry, row)
        if isinstance(outcome, list):
            problems.extend(outcome)
            failed.setdefault(_ocid(entry), row)
        elif outcome.id in ids:
            problems.append(
                FieldProblem("id", "release_twice", row, outcome.id, (("other_row", str(ids[outcome.id])),))
            )
        else:
            ids[outcome.id] = row
            sound.append(outcome)
    imported, superseded = _youngest(sound)
    problems.extend(superseded)
    imported = [_warn_of_failed(release, failed) for release in imported]
    return PackageReading(len(releases), tuple(imported), tuple(sorted(problems, key=lambda problem: problem.row or 0)))


def _releases(data: object) -> list[object]:
    if not isinstance(data, dict):
        raise InputError("file", "an OCDS release package is expected: a JSON object with a list of releases")
    if "releases" not in data:
        kind = "a record package; export it as releases" if "records" in data else "not an OCDS release package"
        raise InputError("releases", f"a list of releases is expected; this is {kind}")
    version = data.get("version", "1.0")
    if version not in ("1.0", "1.1"):
        raise InputError("version", f'"1.1" is expected, not {shown(version)}')
    releases = data["releases"]
    if not isinstance(releases, list) or not releases:
        raise InputError("releases", "a list of at least one release is expected")
    if len(releases) > RELEASES_MAX:
        raise InputError("releases", f"at most {RELEASES_MAX} releases in one file, not {len(releases)}")
    return releases


def _ocid(entry: object) -> str:
    ocid = entry.get("ocid") if isinstance(entry, dict) else None
    return ocid.strip() if isinstance(ocid, str) else ""


def _youngest(releases: list[ImportedRelease]) -> tuple[list[ImportedRelease], list[FieldProblem]]:
    processes: dict[str, list[ImportedRelease]] = {}
    for release in releases:
        processes.setdefault(release.ocid, []).append(release)
    kept: list[ImportedRelease] = []
    refused: list[FieldProblem] = []
    for ocid, history in processes.items():
        newest = max(history, key=lambda release: (release.released_at, release.row))
        older = [release for release in history if release is not newest]
        refused.extend(
            FieldProblem("ocid", "superseded", old.row, ocid, (("by_row", str(newest.row)),)) for old in older
        )
        kept.append(_warn_of_awards(newest, older))
    return sorted(kept, key=lambda release: release.row), refused


def _warn_of_awards(newest: ImportedRelease, older: list[ImportedRelease]) -> ImportedRelease:
    repeated = {award.id for award in newest.awards}
    lost = [(old.row, award) for old in older for award in old.awards if award.id not in repeated]
    warnings = tuple(
        FieldProblem("awards", "award_not_repeated", newest.row, award.id, (("row", str(row)),)) for row, award in lost
    )
    return replace(newest, warnings=newest.warnings + warnings)


def _warn_of_failed(release: ImportedRelease, failed: dict[str, int]) -> ImportedRelease:
    if release.ocid not in failed:
        return release
    warning = FieldProblem(
        "ocid", "other_release_refused", release.row, release.ocid, (("row", str(failed[release.ocid])),)
    )
    return replace(release, warnings=(*release.warnings, warning))
