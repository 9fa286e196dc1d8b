from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from srm_portal.kernel import names
from srm_portal.kernel.period import Validity
from srm_portal.suppliers.domain import categories, performance, places, qualification
from srm_portal.suppliers.domain.qualification import Cell, Decision
from srm_portal.suppliers.domain.record import SupplierData, problems, tidy


def test_legal_forms_accents_and_dots_do_not_make_another_company():
    assert names.name_key("Fonderie Éclair S.A.S.") == names.name_key("FONDERIE ECLAIR SAS") == "fonderieeclair"
    assert names.name_key("Müller & Söhne GmbH & Co. KG") == names.name_key("Muller Sohne")


def test_different_names_stay_different():
    assert names.name_key("Stahl Nord AG") != names.name_key("Stahl Süd AG")


def test_a_name_of_legal_forms_only_keeps_them():
    assert names.name_key("SE") == "se"
    assert names.name_key("SE") != names.name_key("AG")


def test_cyrillic_names_are_found_in_latin_letters():
    assert names.folded("Завод «Прогресс»") == "zavod progress"
    assert names.name_key("ООО Прогресс") == "progress"


def test_every_letter_of_the_cyrillic_table_has_its_reading():
    assert names.folded("ьъ") == ""
    assert names.folded("щёґ") == "shcheg"


def test_a_domain_is_read_from_sites_and_addresses_but_not_from_public_mail():
    assert names.domain_of("https://www.Acme.example/fr?x=1") == "acme.example"
    assert names.domain_of("sales@acme.example") == "acme.example"
    assert names.domain_of("someone@gmail.com") == ""
    assert names.domain_of("no site") == ""


def test_the_distance_between_two_known_cities_is_right():
    paris = places.point_of(Decimal("48.8566"), Decimal("2.3522"))
    lyon = places.point_of(Decimal("45.7640"), Decimal("4.8357"))
    assert places.great_circle_km(paris, lyon) == pytest.approx(392, abs=2)
    assert places.great_circle_km(paris, paris) == 0


def test_places_off_the_globe_are_refused():
    assert places.parse_point("48.8566, 2.3522") == places.Point(48_856_600, 2_352_200)
    assert places.parse_point("91, 0") is None
    assert places.parse_point("Paris") is None
    with pytest.raises(ValueError, match="globe"):
        places.point_of(Decimal(0), Decimal(181))


def test_the_band_of_latitudes_holds_everything_within_reach():
    centre = places.Point(48_000_000, 2_000_000)
    low, high = places.latitude_band(centre, 100)
    assert places.great_circle_km(centre, places.Point(low, 2_000_000)) >= 100
    assert places.great_circle_km(centre, places.Point(high, 2_000_000)) >= 100


def test_categories_know_their_place_in_the_tree():
    assert categories.parent("42670000") == "42600000"
    assert categories.parent("42000000") == ""
    assert categories.ancestors("31711000") == ["31711000", "31710000", "31700000", "31000000"]
    assert categories.subtree("42600000") == ("42600000", "42699999")
    assert [categories.level(code) for code in ("42000000", "42600000", "42670000")] == [1, 2, 3]


def test_the_distance_of_categories_counts_steps_through_the_tree():
    assert categories.category_distance("42600000", "42600000") == 0
    assert categories.category_distance("42600000", "42670000") == 1
    assert categories.category_distance("14720000", "14710000") == 2
    assert categories.category_distance("42600000", "90910000") == 5


def test_every_demonstration_category_has_its_parents_and_both_labels():
    for code, labels in categories.DEMONSTRATION.items():
        assert categories.is_cpv(code)
        assert all(labels)
        assert set(categories.ancestors(code)) <= categories.DEMONSTRATION.keys()


def test_the_overall_mark_is_the_mean_of_what_was_given():
    assert performance.overall({"quality": 80, "delivery": 91}) == 86
    assert performance.overall({"quality": None}) is None


def test_marks_out_of_range_and_unknown_periods_are_named():
    assert performance.problems("2026-Q1", {"quality": 80}) == []
    found = performance.problems("spring", {"quality": 101})
    assert {(p.field, p.code) for p in found} == {("period", "period_wrong"), ("quality", "mark_range")}
    assert [p.code for p in performance.problems("2026", {"quality": None})] == ["no_mark_given"]


def test_a_condition_needs_its_reason_and_an_approval_its_end():
    good = Decision("qualified", date(2026, 1, 1), date(2027, 1, 1), 80)
    assert qualification.decision_problems(good) == []
    bare = Decision("conditional", date(2026, 1, 1), None)
    assert [p.field for p in qualification.decision_problems(bare)] == ["reason", "valid_until_on"]
    backwards = Decision("qualified", date(2026, 1, 1), date(2025, 1, 1))
    assert [p.code for p in qualification.decision_problems(backwards)] == ["ends_before_start"]
    assert qualification.decision_problems(Decision("disqualified", None, None, reason="audit failed")) == []


def test_an_approval_holds_to_the_end_of_its_last_day():
    valid = Validity(date(2026, 1, 1), date(2026, 12, 31))
    assert qualification.state_on("qualified", valid, date(2026, 12, 31)) == "qualified"
    assert qualification.state_on("qualified", valid, date(2027, 1, 1)) == "expired"
    assert qualification.state_on("qualified", valid, date(2025, 12, 31)) == "not_yet"
    assert qualification.state_on("disqualified", valid, date(2027, 1, 1)) == "disqualified"


def test_a_region_covers_what_lies_inside_it():
    assert qualification.covers_region("FR", "FR10")
    assert not qualification.covers_region("FR10", "FR")
    assert qualification.covers_region("", "DE2")


def test_a_record_is_tidied_and_its_gaps_are_named():
    data = tidy(SupplierData(name=" Acme ", country="fr", categories=("42600000-2", "42600000"), regions=(" FR1 ", "")))
    assert (data.name, data.country, data.categories, data.regions) == ("Acme", "FR", ("42600000",), ("FR1",))
    assert problems(data) == []
    assert {p.field for p in problems(SupplierData(name="", country="France"))} == {"name", "country"}


def cell(category: str, status: str, region: str = "", until: date = date(2026, 12, 31)) -> Cell:
    return Cell(
        category + region, category, region, status, Validity(date(2026, 1, 1), until), datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_an_approval_speaks_for_everything_below_its_category():
    above = cell("42000000", "qualified")
    assert qualification.deciding_cell([above], "42670000", "", date(2026, 6, 1)) == above
    assert qualification.deciding_cell([above], "44000000", "", date(2026, 6, 1)) is None


def test_the_nearest_cell_decides():
    cells = [cell("42000000", "qualified"), cell("42600000", "disqualified")]
    assert qualification.deciding_cell(cells, "42670000", "", date(2026, 6, 1)) is None
    assert qualification.deciding_cell(cells, "42100000", "", date(2026, 6, 1)) == cells[0]


def test_an_expired_cell_is_silent():
    cells = [cell("42600000", "qualified"), cell("42670000", "conditional", until=date(2026, 3, 1))]
    assert qualification.deciding_cell(cells, "42670000", "", date(2026, 6, 1)) == cells[0]
    assert qualification.deciding_cell(cells, "42670000", "", date(2027, 6, 1)) is None


def test_a_cell_for_a_region_does_not_speak_for_another():
    cells = [cell("42600000", "qualified", region="FR")]
    assert qualification.deciding_cell(cells, "42600000", "FR10", date(2026, 6, 1)) == cells[0]
    assert qualification.deciding_cell(cells, "42600000", "DE", date(2026, 6, 1)) is None
