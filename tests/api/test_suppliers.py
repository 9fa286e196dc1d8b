"""The registry through the API."""

from __future__ import annotations

from tests.support.factories.suppliers import CASTINGS, a_supplier, the_categories
from tests.support.program import Program
from tests.support.world import World


def test_a_company_and_its_people_are_added_found_and_read(world: World) -> None:
    the_categories(world)
    buyer = Program(world, world.buyer)
    given = {"name": "Fonderie du Lac", "country": "fr", "city": "Annecy", "categories": [CASTINGS]}
    status, made = buyer("POST", "/suppliers", given | {"iban": "FR1420041010050500013M02606"})
    assert status == 201
    assert (made["country"], made["state"], made["categories"]) == ("FR", "prospect", [CASTINGS])
    assert "0050500013" not in made["iban"]
    person = {"name": "Lou Martin", "email": "lou@example.com", "language": "fr"}
    status, contact = buyer("POST", f"/suppliers/{made['id']}/contacts", person)
    assert (status, contact["email"]) == (201, "lou@example.com")
    status, read = buyer("GET", f"/suppliers/{made['id']}")
    assert (status, read["contacts"]) == (200, [contact])
    for asked, found in (("text=fonderie", 1), ("country=FR&state=prospect", 1), ("country=DE", 0)):
        assert buyer("GET", f"/suppliers?{asked}")[1]["total"] == found


def test_a_likely_double_is_refused_until_the_program_says_it_is_another(world: World) -> None:
    buyer = Program(world, world.buyer)
    given = {"name": "Acme Metals GmbH", "country": "DE"}
    assert buyer("POST", "/suppliers", given)[0] == 201
    status, answer = buyer("POST", "/suppliers", given | {"name": "ACME Metals"})
    assert (status, answer["problems"][0]["code"]) == (422, "looks_like_duplicate")
    assert buyer("POST", "/suppliers", given | {"name": "ACME Metals", "accept_duplicates": True})[0] == 201


def test_the_list_comes_in_pages_of_fifty(world: World) -> None:
    for number in range(52):
        a_supplier(world, f"Works number {number:02d}")
    buyer = Program(world, world.buyer)
    first, second = (buyer("GET", f"/suppliers?page={page}")[1] for page in (1, 2))
    assert (first["total"], first["pages"], len(first["suppliers"]), len(second["suppliers"])) == (52, 2, 50, 2)
    assert first["suppliers"][0]["name"] == "Works number 00"
    status, answer = buyer("GET", "/suppliers?page=0&colour=red")
    assert status == 422
    assert [(one["field"], one["code"]) for one in answer["problems"]] == [
        ("colour", "unknown_field"),
        ("page", "wrong_value"),
    ]
