"""The 201 real releases of a public publisher, with their real faults: every one imported or refused by row."""

from __future__ import annotations

from collections import Counter

from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.ocds_read import PackageReading, read_package
from tests.support.shared_data import needs, shared_path


def _reading() -> PackageReading:
    path = needs(shared_path("data", "uk-contracts-finder", "releases.json"))
    return read_package(load_json(path.read_bytes()))


def test_every_real_release_is_imported_or_refused_by_row() -> None:
    reading = _reading()
    rows = [release.row for release in reading.imported]
    assert sorted([*rows, *reading.refused_rows]) == list(range(201))
    assert Counter(release.kind for release in reading.imported) == {"archive": 141, "tender": 43, "planning": 7}
    assert Counter(problem.code for problem in reading.problems) == {"superseded": 10}


def test_every_mended_fault_of_the_real_releases_is_named() -> None:
    reading = _reading()
    assert Counter(warning.code for release in reading.imported for warning in release.warnings) == {
        "lost_line_breaks": 56,
        "mojibake": 17,
        "contract_before_award": 13,
        "wrapped_text": 8,
        "zero_value": 7,
        "award_before_close": 4,
        "mangled_key": 4,
        "bad_url": 2,
        "url_repaired": 2,
        "party_twice": 2,
        "award_not_repeated": 2,
        "closed_before_published": 1,
        "award_after_release": 1,
        "name_missing": 1,
        "tiny_value": 1,
    }


def test_no_reference_of_an_imported_release_dangles() -> None:
    for release in _reading().imported:
        referred = {release.buyer_id, *(key for award in release.awards for key in award.supplier_ids)}
        assert referred <= {party.id for party in release.parties}
        assert all(item.lot_id is None or item.lot_id in {lot.id for lot in release.lots} for item in release.items)


def test_the_release_with_mangled_keys_is_whole_again() -> None:
    (release,) = (release for release in _reading().imported if release.ocid == "ocds-kuma6s-148458")
    assert release.reference == "ocds-kuma6s-148458-tender-148458"
    assert release.party("org-1") is not None and release.buyer_id == "org-1"
    assert release.documents[0].url is not None and " " not in release.documents[0].url
    assert release.items[0].places == ("UKD",)


def test_the_example_package_is_read_without_a_warning() -> None:
    path = needs(shared_path("data", "ocds", "example-release-package.json"))
    reading = read_package(load_json(path.read_bytes()))
    (release,) = reading.imported
    assert reading.problems == () and release.warnings == ()
    assert [str(criterion.weight) for criterion in release.lots[0].criteria] == ["0.6", "0.4"]
    assert release.contracts[0].award_id == "A1"
