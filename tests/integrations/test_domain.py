"""Signatures, addresses, retries and the comparison of two sets of records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from srm_portal.integrations.domain import addresses, matching, retries, signing
from srm_portal.integrations.domain.addresses import BadAddress
from srm_portal.integrations.domain.matching import FIELDS, Item, Known, Step, compare, directions
from srm_portal.integrations.domain.signing import BadSignature

SECRET = bytes(range(32))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BODY = b'{"type":"x","data":{}}'


def test_the_signature_is_that_of_the_standards_own_package() -> None:
    other = Webhook(signing.secret_text(SECRET)).sign("msg_1", NOW, BODY.decode())
    assert signing.headers(SECRET, "msg_1", BODY, NOW)["webhook-signature"] == other


def test_a_signed_message_is_known_again() -> None:
    headers = signing.headers(SECRET, "msg_1", BODY, NOW)
    assert signing.verify(SECRET, headers, BODY, NOW + timedelta(seconds=299)) == "msg_1"
    several = headers | {"webhook-signature": "v2,abc v1,AAAA " + headers["webhook-signature"]}
    assert signing.verify(SECRET, several, BODY, NOW) == "msg_1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"webhook-signature": "v1,AAAA"}, "signature_wrong"),
        ({"webhook-signature": ""}, "headers_missing"),
        ({"webhook-id": "other"}, "signature_wrong"),
        ({"webhook-id": "x" * 201}, "headers_missing"),
        ({"webhook-timestamp": str(int(NOW.timestamp()) - 301)}, "too_old"),
        ({"webhook-timestamp": str(int(NOW.timestamp()) + 301)}, "too_new"),
        ({"webhook-timestamp": "1e9"}, "timestamp_wrong"),
        ({"webhook-timestamp": "-5"}, "timestamp_wrong"),
    ],
)
def test_a_message_that_is_not_as_signed_is_refused(change: dict[str, str], code: str) -> None:
    with pytest.raises(BadSignature) as refused:
        signing.verify(SECRET, signing.headers(SECRET, "msg_1", BODY, NOW) | change, BODY, NOW)
    assert refused.value.code == code


def test_another_body_or_secret_does_not_verify() -> None:
    headers = signing.headers(SECRET, "msg_1", BODY, NOW)
    for secret, body in ((SECRET, BODY + b" "), (bytes(32), BODY)):
        with pytest.raises(BadSignature):
            signing.verify(secret, headers, body, NOW)


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_" + "A" * 200])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        signing.secret_bytes(text)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.0.0.8",
        "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_inside_networks_are_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_internet_are(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "https_needed"),
        ("ftp://example.com/", "url_wrong"),
        ("file:///etc/passwd", "url_wrong"),
        ("https://", "url_wrong"),
        ("https://user:word@example.com/", "url_wrong"),
        ("https://example.com/#part", "url_wrong"),
        ("https://exa mple.com/", "url_wrong"),
        ("https://example.com:99999/", "url_wrong"),
        ("https://example.com/\r\nX: y", "url_wrong"),
        ("https://[::1/", "url_wrong"),
        ("https://example.com/" + "a" * 500, "url_wrong"),
    ],
)
def test_an_address_of_another_form_is_refused(url: str, code: str) -> None:
    with pytest.raises(BadAddress) as refused:
        addresses.read(url)
    assert refused.value.code == code


def test_one_private_address_behind_a_name_refuses_the_name() -> None:
    place = addresses.read("https://example.com/hook?x=1")
    assert (place.host, place.port, place.path) == ("example.com", 443, "/hook?x=1")
    assert addresses.judge(place, ["93.184.216.34"]) == "93.184.216.34"
    with pytest.raises(BadAddress):
        addresses.judge(place, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(BadAddress):
        addresses.judge(place, [])


def test_the_installations_list_opens_a_host_and_no_other() -> None:
    listed = {"crm.internal:8000"}
    place = addresses.read("http://crm.internal:8000/", listed)
    assert addresses.judge(place, ["10.0.0.1"]) == "10.0.0.1"
    for url in ("http://crm.internal:8001/", "http://other.internal:8000/"):
        with pytest.raises(BadAddress):
            addresses.read(url, listed)


def test_retries_wait_longer_each_time_and_end() -> None:
    waits = [retries.delay_after(attempt) for attempt in range(1, len(retries.DELAYS) + 1)]
    assert waits == sorted(waits) and retries.delay_after(len(retries.DELAYS) + 1) is None  # type: ignore[type-var]
    assert retries.arrived(204) and not any(retries.arrived(status) for status in (199, 301, 307, 400, 500))


def company(one: str, name: str, *, vat: str = "", city: str = "", country: str = "FR", key: str = "") -> Item:
    return Item(one, {"name": name, "country": country, "city": city, "vat": vat, "website": ""}, key=key)


WAYS = directions("party", {})


def plan(
    ours: list[Item], theirs: list[Item], known: list[Known] | None = None, rule: str = "ask", **chosen: str
) -> list[Step]:
    ways = WAYS | chosen
    return compare("party", ours, theirs, known or [], ways, rule)


def test_who_is_on_one_side_only_is_made_on_the_other() -> None:
    steps = plan([company("a", "Acme")], [company("1", "Bolt")])
    assert [(one.act, one.label) for one in steps] == [("create_here", "Bolt"), ("create_there", "Acme")]


def test_the_same_company_is_known_by_vat_number_then_by_name() -> None:
    vat = [company("a", "Acme SA", vat="FR40303265045")], [company("1", "ACME (Lyon)", vat="FR 40 303 265 045")]
    name = [company("a", "Acme SAS")], [company("1", "ACME S.A.")]
    for ours, theirs in (vat, name):
        (step,) = plan(ours, theirs)
        assert (step.act, step.ours, step.theirs) == ("update", "a", "1")
    assert {one.act for one in plan([company("a", "Acme")], [company("1", "Acme", country="DE")])} == {
        "create_here",
        "create_there",
    }


def test_our_key_tells_twins_apart_and_joins_nothing_alone() -> None:
    steps = plan([company("a", "Acme"), company("b", "ACME SA")], [company("1", "Acme", key="b")])
    assert [(one.act, one.ours) for one in steps] == [("update", "b"), ("create_there", "a")]
    strangers = plan([company("a", "Acme")], [company("1", "Another house", key="a")])
    assert [one.act for one in strangers] == ["create_here", "create_there"]


def test_two_candidates_are_not_guessed() -> None:
    for ours, theirs in (
        ([company("a", "Acme"), company("b", "Acme SA")], [company("1", "Acme")]),
        ([company("a", "Acme")], [company("1", "Acme"), company("2", "ACME")]),
    ):
        assert {one.act for one in plan(ours, theirs)} == {"ambiguous"}


def test_an_empty_value_gives_way_at_the_first_meeting() -> None:
    (step,) = plan([company("a", "Acme", city="Lyon")], [company("1", "Acme", vat="FR1")])
    assert (dict(step.here), dict(step.there), step.conflicts) == ({"vat": "FR1"}, {"city": "Lyon"}, ())


BASE = {"name": "Acme", "country": "FR", "city": "Lyon", "vat": "", "website": ""}


@pytest.mark.parametrize(
    ("ours", "theirs", "rule", "here", "there", "conflict"),
    [
        ("Lyon", "Lyon", "ask", {}, {}, False),
        ("Paris", "Lyon", "ask", {}, {"city": "Paris"}, False),
        ("Lyon", "Nice", "ask", {"city": "Nice"}, {}, False),
        ("Paris", "Paris", "ask", {}, {}, False),
        ("Paris", "Nice", "ask", {}, {}, True),
        ("Paris", "Nice", "ours", {}, {"city": "Paris"}, False),
        ("Paris", "Nice", "theirs", {"city": "Nice"}, {}, False),
        ("", "Lyon", "ask", {}, {"city": ""}, False),
    ],
)
def test_three_ways_decide_a_field(
    ours: str, theirs: str, rule: str, here: dict[str, str], there: dict[str, str], conflict: bool
) -> None:
    known = [Known("a", "1", BASE)]
    (step,) = plan([company("a", "Acme", city=ours)], [company("1", "Acme", city=theirs)], known, rule)
    assert (dict(step.here), dict(step.there), bool(step.conflicts)) == (here, there, conflict)
    if conflict:
        assert step.base["city"] == "Lyon", "a conflict stays one until somebody decides"


def test_directions_bind() -> None:
    known = [Known("a", "1", BASE)]
    mine, other = company("a", "Acme", city="Paris"), company("1", "Acme", city="Nice")
    for way, here, there in (("in", {"city": "Nice"}, {}), ("out", {}, {"city": "Paris"}), ("off", {}, {})):
        (step,) = plan([mine], [other], known, city=way)
        assert (dict(step.here), dict(step.there)) == (here, there)
    only_in = dict.fromkeys(FIELDS["party"], "in")
    assert [one.act for one in plan([company("a", "Acme")], [], **only_in)] == []


def test_nothing_is_deleted_and_no_name_is_emptied() -> None:
    known = [Known("a", "1", BASE), Known("b", "2", BASE)]
    steps = plan([company("a", "Acme", city="Lyon")], [company("2", "Bolt")], known)
    assert sorted(one.act for one in steps) == ["gone_here", "gone_there"]
    (step,) = plan([company("a", "Acme", city="Lyon")], [company("1", "", city="Lyon")], known[:1], "theirs")
    assert "name" not in step.here


def test_what_came_twice_is_taken_once_and_named() -> None:
    steps = plan([], [company("1", "Acme"), company("1", "Acme"), company("1", "Acme X")])
    assert sorted(one.act for one in steps) == ["create_here", "twice"]


def test_after_a_plan_is_done_a_second_one_finds_nothing() -> None:
    ours = [company("a", "Acme", city="Lyon"), company("b", "Bolt")]
    theirs = [company("1", "Acme", city="Nice"), company("2", "Crane")]
    kept, links = {one.id: dict(one.values) for one in ours}, list[Known]()
    there = {one.id: dict(one.values) for one in theirs}
    for step in plan(ours, theirs, rule="theirs"):
        mine, other = step.ours or f"new{step.theirs}", step.theirs or f"new{step.ours}"
        kept.setdefault(mine, dict.fromkeys(FIELDS["party"], "")).update(step.here)
        there.setdefault(other, dict.fromkeys(FIELDS["party"], "")).update(step.there)
        links.append(Known(mine, other, step.base))
    again = compare(
        "party", [Item(k, v) for k, v in kept.items()], [Item(k, v) for k, v in there.items()], links, WAYS, "theirs"
    )
    assert {one.act for one in again} == {"same"}
    assert kept["a"]["city"] == "Nice"


def test_lines_are_written_one_way() -> None:
    text = matching.lines_text(matching.lines_of("2.50|kg|Steel  rod\n0|u|Nothing\nrubbish\n1|boxes|Nuts|M8"))
    assert text == "2.5|KGM|Steel rod\n1|C62|Nuts|M8"
