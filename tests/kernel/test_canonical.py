"""One value, one sequence of bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from srm_portal.kernel.canonical import canonical, from_canonical, moment_text, parse_moment, sha256_hex


def test_keys_are_sorted_and_blanks_left_out():
    assert (
        canonical({"b": 1, "a": [True, None, "é"], "c": Decimal("2.50")})
        == '{"a":[true,null,"é"],"b":1,"c":"2.5"}'.encode()
    )


def test_true_and_one_differ():
    assert canonical(True) == b"true" and canonical(1) == b"1"


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), (1,), {1: 2}, {"a": 2.5}, b"x", datetime(2026, 1, 1, tzinfo=UTC), {1}, 2**63,
     "\ud800", {"\ud800": 1}, Decimal("NaN"), Decimal("Infinity"), object()],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError):
        canonical(value)


def test_the_place_of_the_first_wrong_value_is_named():
    with pytest.raises(ValueError, match=r"\$\.lines\[1\]\.price"):
        canonical({"lines": [{"price": 1}, {"price": 1.5}]})


def test_canonical_bytes_are_read_back():
    value = {"a": [1, "x", None, False], "b": {"c": ""}}
    assert from_canonical(canonical(value)) == value


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"1.0", b"NaN", b'"\\u0041"', b"\xff",
     b"", b"1\n", b"[" * 100000],
)  # fmt: skip
def test_any_other_spelling_is_refused(data):
    with pytest.raises(ValueError):
        from_canonical(data)


def test_moments_have_one_spelling():
    moment = datetime(2026, 3, 2, 14, 0, 0, 5000, tzinfo=timezone(timedelta(hours=2)))
    assert moment_text(moment) == "2026-03-02T12:00:00.005Z"
    assert parse_moment("2026-03-02T12:00:00.005Z") == moment
    for wrong in (datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC)):  # noqa: DTZ001
        with pytest.raises(ValueError):
            moment_text(wrong)
    with pytest.raises(ValueError):
        parse_moment("2026-03-02T12:00:00.5Z")


def test_a_hash_is_the_published_one():
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
