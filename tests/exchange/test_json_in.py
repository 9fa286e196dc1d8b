"""JSON from outside is exact and plain, or an input error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.kernel.errors import InputError


def test_fractions_keep_every_digit() -> None:
    assert load_json(b"[0.1, 12345678901234567.89]") == [Decimal("0.1"), Decimal("12345678901234567.89")]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[NaN]", b"[-Infinity]", b'{"a":1,"a":2}', b"\xff\xfe[", b"[" * 100_000, b'{"a":' * 50_000, b"[1]x"],
)
def test_what_is_not_plain_json_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        load_json(data)


def test_a_file_beyond_the_limit_is_an_input_error() -> None:
    with pytest.raises(InputError):
        load_json(b"[1, 2, 3]", bytes_max=8)


def test_a_number_of_ten_thousand_digits_does_no_harm() -> None:
    assert load_json(b"[" + b"9" * 10_000 + b"]")


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_an_input_error(data: bytes) -> None:
    try:
        load_json(data)
    except InputError as error:
        assert error.field


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-(10**9), 10**9, places=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_PLAIN)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert load_json(dump_json(value)) == value
    assert dump_json(value) == dump_json(value)


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes"])
def test_what_is_not_exact_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        dump_json([value])
