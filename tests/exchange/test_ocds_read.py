"""Facts of single releases: what goes in, what is mended with a warning, what keeps a release out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.exchange.domain.ocds_read import ImportedRelease, read_package, read_release
from srm_portal.kernel.errors import InputError
from srm_portal.kernel.money import Money
from tests.exchange.releases import award_release, package, planning_release, tender_release, with_tender


def imported(release: object) -> ImportedRelease:
    outcome = read_release(release, 0)
    assert isinstance(outcome, ImportedRelease), outcome
    return outcome


def refused(release: object) -> set[tuple[str, str]]:
    outcome = read_release(release, 3)
    assert isinstance(outcome, list)
    assert all(problem.row == 3 for problem in outcome)
    return {(problem.field, problem.code) for problem in outcome}


def warned(release: ImportedRelease) -> set[tuple[str, str]]:
    return {(warning.field, warning.code) for warning in release.warnings}


def test_a_sound_tender_is_read_without_a_warning() -> None:
    release = imported(tender_release())
    assert release.warnings == () and release.ignored == ()
    assert (release.kind, release.title, release.buyer_id, release.category) == ("tender", "Gate valves", "B", "goods")
    assert release.value == Money(Decimal("20000.50"), "EUR")
    assert release.tender_period is not None
    assert release.tender_period.ends_at == datetime(2026, 3, 20, 11, tzinfo=UTC)
    assert release.items[0].quantity == Decimal(100) and release.items[0].unit_name == "piece"
    assert release.classification is not None and release.classification.code == "42131230"


def test_a_planning_release_carries_its_budget_and_milestones() -> None:
    release = imported(planning_release())
    assert (release.kind, release.status) == ("planning", "planning")
    assert release.budget == Money(Decimal(25000), "EUR")
    assert [milestone.title for milestone in release.milestones] == ["Market day"]


def test_an_award_without_an_open_tender_goes_to_the_archive() -> None:
    release = imported(award_release())
    assert release.kind == "archive"
    assert release.awards[0].supplier_ids == ("S",)
    assert release.awards[0].value == Money(Decimal(18500), "EUR")


def test_an_award_of_a_part_leaves_an_open_tender_open() -> None:
    release = award_release()
    release["tender"]["status"] = "active"
    assert imported(release).kind == "tender"


@pytest.mark.parametrize("status", ["cancelled", "unsuccessful", "withdrawn", "complete"])
def test_a_closed_tender_is_history(status: str) -> None:
    assert imported(with_tender(status=status)).kind == "archive"


def test_keys_broken_by_a_wrapped_line_are_mended_and_so_is_the_text() -> None:
    release = tender_release()
    release["parties"][0] = {"id": "B", "name": "Example    s Works", "    roles": ["buyer"], "contactP    oint": {}}
    read = imported(release)
    assert read.parties[0].roles == ("buyer",)
    assert read.parties[0].name == "Examples Works"
    assert {("parties[0].roles", "mangled_key"), ("parties[0].name", "wrapped_text")} <= warned(read)


def test_blanks_in_text_stay_where_the_keys_are_sound() -> None:
    assert imported(with_tender(title="Gate    valves")).title == "Gate    valves"


def test_a_key_that_stands_twice_after_mending_keeps_the_release_out() -> None:
    assert refused(tender_release(**{"o cid": "ocds-a1b2c3-other"})) == {("ocid", "key_twice")}


def test_text_encoded_twice_is_decoded_once() -> None:
    read = imported(with_tender(description="Â£5 for â€¢ one cafÃ©"))
    assert read.description == "£5 for • one café"
    assert warned(read) == {("tender.description", "mojibake")}


def test_accents_that_only_look_alike_are_left_alone() -> None:
    text = "« voilà » – CAFÉ” și â€"
    assert imported(with_tender(description=text)).description == text


def test_lost_line_breaks_come_back_but_words_keep_their_letters() -> None:
    read = imported(with_tender(description="Services.rnrnThe northern part"))
    assert read.description == "Services.\n\nThe northern part"


def test_characters_that_no_database_takes_are_dropped() -> None:
    read = imported(with_tender(title="Gate\x00 val\ud800ves"))
    assert read.title == "Gate valves"
    assert warned(read) == {("tender.title", "bad_characters")}


@pytest.mark.parametrize(
    ("url", "kept", "code"),
    [
        ("http://Contract Finder", None, "bad_url"),
        ("javascript:alert(1)", None, "bad_url"),
        ("https://user:word@portal.example/", None, "bad_url"),
        ("https://[::1", None, "bad_url"),
        ("https://portal.example:99999/", None, "bad_url"),
        ("https//www.example.org/a", "https://www.example.org/a", "url_repaired"),
        ("www.example.org", "http://www.example.org", "url_repaired"),
    ],
)
def test_a_document_with_a_bad_address_is_listed_without_a_link(url: str, kept: str | None, code: str) -> None:
    read = imported(with_tender(documents=[{"id": "1", "title": "Notice", "url": url}]))
    assert (read.documents[0].title, read.documents[0].url) == ("Notice", kept)
    assert warned(read) == {("tender.documents[0].url", code)}


def test_a_sound_address_stays_as_it_is() -> None:
    url = "https://portal.example/a?b=c&d=%20e#f"
    read = imported(with_tender(documents=[{"id": "1", "title": "Notice", "url": url}]))
    assert read.documents[0].url == url and read.warnings == ()


def test_a_party_listed_twice_is_one_party_with_two_names() -> None:
    release = award_release()
    release["parties"].append({"id": "S", "name": "Valve Makers Ltd", "roles": ["tenderer"]})
    party = imported(release).party("S")
    assert party is not None
    assert (party.name, party.also_named, party.roles) == (
        "Valve Makers",
        ("Valve Makers Ltd",),
        ("supplier", "tenderer"),
    )


def test_a_reference_to_nobody_adds_the_party() -> None:
    read = imported(award_release(parties=[{"id": "B", "name": "Example Works", "roles": ["buyer"]}]))
    assert read.party("S") is not None
    assert warned(read) == {("awards[0].suppliers[0]", "party_not_listed")}


def test_a_supplier_without_a_name_goes_by_its_id() -> None:
    release = award_release()
    release["parties"][1]["name"] = None
    party = imported(release).party("S")
    assert party is not None and party.name == "S"


def test_a_value_of_zero_says_nothing() -> None:
    read = imported(with_tender(value={"amount": 0, "currency": "EUR"}))
    assert read.value is None
    assert warned(read) == {("tender.value.amount", "zero_value")}


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (-1, "negative"), (10**18, "too_large"), (Decimal("1E+400"), "too_large"), (True, "not_a_number"),
        (Decimal("NaN"), "not_a_number"), (1.5, "not_a_number"), ("1e3", "not_a_number"), ([], "not_a_number"),
        (Decimal("0.1234567890123456789"), "too_many_digits"), (10**400, "too_large"),
    ],
)  # fmt: skip
def test_an_amount_that_is_none_keeps_the_release_out(amount: object, code: str) -> None:
    problems = refused(with_tender(value={"amount": amount, "currency": "EUR"}))
    assert ("tender.value.amount", code) in problems


def test_an_amount_as_text_is_taken_with_a_warning() -> None:
    read = imported(with_tender(value={"amount": "20000.10", "currency": "eur"}))
    assert read.value == Money(Decimal("20000.10"), "EUR")
    assert {code for _, code in warned(read)} == {"number_as_text", "currency_in_small_letters"}


@pytest.mark.parametrize(("currency", "code"), [(None, "missing"), ("XYZ", "bad_currency"), ("€", "bad_currency")])
def test_an_amount_needs_its_currency(currency: str | None, code: str) -> None:
    assert refused(with_tender(value={"amount": 1, "currency": currency})) == {("tender.value.currency", code)}


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026-02-30T00:00:00Z", "bad_date"), ("tomorrow", "bad_date"), ("0001-01-01T00:00:00Z", "date_out_of_range")],
)
def test_a_deadline_that_is_no_date_keeps_the_release_out(text: str, code: str) -> None:
    assert refused(with_tender(tenderPeriod={"endDate": text})) == {("tender.tenderPeriod.endDate", code)}


@pytest.mark.parametrize(
    ("text", "code"), [("2026-03-20", "day_without_time"), ("2026-03-20T12:00:00", "time_without_zone")]
)
def test_a_lax_date_is_read_as_utc_with_a_warning(text: str, code: str) -> None:
    read = imported(with_tender(tenderPeriod={"endDate": text}))
    assert read.tender_period is not None and read.tender_period.ends_at is not None
    assert read.tender_period.ends_at.utcoffset() is not None
    assert warned(read) == {("tender.tenderPeriod.endDate", code)}


def test_dates_that_contradict_each_other_are_named() -> None:
    release = award_release()
    release["awards"][0]["date"] = "2026-03-02T00:00:00Z"
    release["awards"][0]["contractPeriod"] = {"startDate": "2026-02-01T00:00:00Z"}
    assert {code for _, code in warned(imported(release))} == {"award_before_close", "contract_before_award"}


@pytest.mark.parametrize("key", ["ocid", "id", "date", "tag"])
def test_a_release_needs_its_id_date_and_tag(key: str) -> None:
    release = tender_release()
    del release[key]
    assert (key, "missing") in refused(release)


def test_an_unknown_tag_is_refused_by_name() -> None:
    assert refused(tender_release(tag=["rumour"])) == {("tag[0]", "unknown_code")}


def test_a_release_without_any_title_is_refused() -> None:
    release = tender_release()
    del release["tender"]["title"], release["tender"]["description"]
    assert refused(release) == {("tender.title", "title_missing")}


@pytest.mark.parametrize("section", ["lots", "items"])
def test_an_id_used_twice_keeps_the_release_out(section: str) -> None:
    assert refused(with_tender(**{section: [{"id": "1"}, {"id": 1}]})) == {(f"tender.{section}[1].id", "id_twice")}


def test_all_faults_of_a_release_are_listed_at_once() -> None:
    release = with_tender(value={"amount": -1, "currency": "EUR"}, items={}, title=7)
    assert refused(release) == {
        ("tender.value.amount", "negative"),
        ("tender.items", "not_a_list"),
        ("tender.title", "not_text"),
    }


@pytest.mark.parametrize("value", [None, 1, "release", [], True])
def test_a_release_that_is_no_object_is_refused(value: object) -> None:
    assert refused(value) == {("", "not_an_object")}


def test_a_release_nested_a_hundred_deep_is_refused() -> None:
    deep: Any = "end"
    for _ in range(100):
        deep = {"extra": deep}
    assert {code for _, code in refused(tender_release(extra=deep))} == {"nested_too_deep"}


def test_what_is_not_read_is_named() -> None:
    assert imported(tender_release(relatedProcesses=[{"id": "1"}])).ignored == ("relatedProcesses",)


def test_of_two_releases_of_a_process_the_younger_goes_in() -> None:
    older = tender_release()
    younger = award_release(ocid=older["ocid"], id="001-award")
    reading = read_package(package(younger, older))
    assert [release.id for release in reading.imported] == ["001-award"]
    assert [(problem.row, problem.code, problem.facts) for problem in reading.problems] == [
        (1, "superseded", (("by_row", "0"),))
    ]


def test_an_older_release_steps_in_for_a_refused_one_and_says_so() -> None:
    reading = read_package(package(tender_release(), award_release(awards=7)))
    assert [(release.row, release.warnings[-1].code) for release in reading.imported] == [(0, "other_release_refused")]
    assert reading.refused_rows == (1,)


def test_an_award_that_the_younger_release_does_not_repeat_is_named() -> None:
    older = award_release(date="2026-04-09T09:00:00Z", id="old")
    younger = award_release()
    younger["awards"][0]["id"] = "A2"
    (release,) = read_package(package(older, younger)).imported
    assert ("awards", "award_not_repeated") in warned(release)


def test_the_same_release_id_twice_is_refused_the_second_time() -> None:
    reading = read_package(package(tender_release(), tender_release(ocid="ocds-a1b2c3-002")))
    assert [(problem.row, problem.code) for problem in reading.problems] == [(1, "release_twice")]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "file"), ("text", "file"), (None, "file"), ({}, "releases"), ({"records": []}, "releases"),
        ({"releases": {}}, "releases"), ({"releases": []}, "releases"),
        ({"releases": [1], "version": "2.0"}, "version"), ({"releases": [1], "version": []}, "version"),
    ],
)  # fmt: skip
def test_json_that_is_no_release_package_is_an_input_error(document: object, field: str) -> None:
    with pytest.raises(InputError) as raised:
        read_package(document)
    assert raised.value.field == field
