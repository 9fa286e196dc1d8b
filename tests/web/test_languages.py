"""Every language says everything, and nothing that is gone."""

from __future__ import annotations

import pytest

from srm_portal.infra import catalogs, i18n_check


@pytest.fixture(scope="module")
def faults() -> list[str]:
    return i18n_check.all_faults()


@pytest.mark.parametrize("language", list(catalogs.LANGUAGES))
def test_a_language_is_complete(faults: list[str], language: str) -> None:
    assert [fault for fault in faults if fault.startswith(f"{language}:")] == []


def test_every_language_of_the_portal_has_a_catalogue() -> None:
    assert all(catalogs.path_of(language).is_file() for language in catalogs.LANGUAGES)
