"""Hostile releases: whatever stands where, the answer is a value or a list of problems, never an exception."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.ocds_check import check_package
from srm_portal.exchange.domain.ocds_read import ImportedRelease, read_package, read_release
from srm_portal.exchange.domain.ocds_write import package_bytes, write_package
from srm_portal.kernel.errors import InputError
from tests.exchange.releases import PUBLISHER, award_release, package, planning_release, whole_project

_ODD = st.sampled_from(
    [
        "", " ", "\x00", "\ud800", "=1+1", "2026-13-01", "9999-12-31T23:59:59-23:59", "http://", "//", "-0", "𝟙", "NaN",
        10**400, -1, 0, True, None, Decimal("NaN"), Decimal("sNaN"), Decimal("1E+999999"), Decimal("1E-999999"),
        Decimal("-0"), float("inf"), float("nan"), b"bytes", (1, 2), object(), [], {}, [[]], [None], [{}], {"id": []},
    ]
)  # fmt: skip
_ANY = st.recursive(
    _ODD | st.text(max_size=20) | st.integers() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "amount", "name", "i d", "url"]) | st.text(max_size=5), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    here = [path] if path else []
    if isinstance(value, dict):
        return here + [place for key in value for place in _places(value[key], (*path, key))]
    if isinstance(value, list):
        return here + [place for index, entry in enumerate(value) for place in _places(entry, (*path, index))]
    return here


def _put(document: Any, path: tuple[Any, ...], value: object) -> None:
    for step in path[:-1]:
        if not isinstance(document, (dict, list)) or (isinstance(document, dict) and step not in document):
            return
        document = document[step]
    if isinstance(document, dict) or (isinstance(document, list) and path[-1] < len(document)):
        document[path[-1]] = value


_WHOLE: dict[str, Any] = json.loads(package_bytes(write_package(whole_project(), PUBLISHER)))["releases"][0]
_MODELS = [award_release(), planning_release(), _WHOLE]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_wrong_value_anywhere_is_a_listed_refusal_or_harmless(data: st.DataObject) -> None:
    release = copy.deepcopy(data.draw(st.sampled_from(_MODELS)))
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(release)
        _put(release, data.draw(st.sampled_from(places)), data.draw(_ANY))
    outcome = read_release(release, 5)
    if isinstance(outcome, ImportedRelease):
        found = outcome.warnings
        assert outcome.title and outcome.ocid and outcome.id
        json.dumps([outcome.title, outcome.description, outcome.reference], ensure_ascii=False).encode()
    else:
        found = tuple(outcome)
        assert found
    assert all(entry.row == 5 and entry.code and len(entry.value) <= 80 for entry in found)
    check_package(package(release))


@settings(max_examples=100, deadline=None)
@given(_ANY)
def test_any_document_is_a_reading_or_an_input_error(document: object) -> None:
    for candidate in (document, {"releases": document}, {"releases": [document]}):
        try:
            reading = read_package(candidate)
        except InputError as error:
            assert error.field and error.remedy
        else:
            assert len(reading.imported) + len(reading.refused_rows) == reading.rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=3))
def test_damaged_bytes_of_a_package_do_no_harm(position: int, noise: bytes) -> None:
    data = package_bytes(write_package(whole_project(), PUBLISHER))
    try:
        read_package(load_json(data[:position] + noise + data[position + len(noise) :]))
    except InputError as error:
        assert error.remedy
