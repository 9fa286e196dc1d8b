"""A contract over an award waits for the end of the standstill; a split lot comes into it by its share."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from srm_portal.awards import queries as award_queries
from srm_portal.awards import services as awards
from srm_portal.contracts import queries, services
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.kernel.errors import Refused
from tests.support.factories.awards import a_scenario
from tests.support.factories.contracts import a_contract_in_approval, a_ranked_project
from tests.support.world import World

D = Decimal


def approved(world: World) -> str:
    contract_id = a_contract_in_approval(world)
    services.approve(world.manager, contract_id, queries.current_version(contract_id).sha256, now=world.now)
    return contract_id


def test_nobody_signs_before_the_standstill_is_over(world: World) -> None:
    contract_id = approved(world)
    view, code = queries.contract(contract_id), queries.current_version(contract_id).sha256
    until = queries.standstill_until(view)
    assert until is not None and until > world.now
    with pytest.raises(Refused, match="standstill_runs") as refused:
        services.sign(world.manager, contract_id, code, now=world.now)
    assert refused.value.facts["until"] == until
    page = world.client_of(world.buyer).get(f"/contracts/{contract_id}/sign").text
    assert "The standstill of the award runs until" in page and "File the signed contract" not in page
    services.sign(world.supplier_user(view.supplier_id), contract_id, code, now=until)
    services.sign(world.manager, contract_id, code, now=until)
    assert queries.contract(contract_id).state == "active"


def test_a_paper_signed_within_the_standstill_is_not_filed(world: World) -> None:
    contract_id = approved(world)
    until = queries.standstill_until(queries.contract(contract_id))
    assert until is not None
    scan, code = contract_pdf(queries.contract(contract_id)), queries.current_version(contract_id).sha256[:12]
    for day, now in ((world.now.date(), world.now), (until.date() - timedelta(days=1), until)):
        upload = FileStorage(BytesIO(scan), filename="signed.pdf")
        with pytest.raises(Refused, match="standstill_runs"):
            services.mark_signed(world.buyer, contract_id, signed_on=day, upload=upload, code=code, now=now)
    upload = FileStorage(BytesIO(scan), filename="signed.pdf")
    services.mark_signed(world.buyer, contract_id, signed_on=until.date(), upload=upload, code=code, now=until)
    assert queries.contract(contract_id).state == "active"


def test_a_split_lot_comes_into_each_contract_by_its_share(world: World) -> None:
    tender = a_ranked_project(world, prices=[{1: "10"}, {1: "8"}, {1: "12"}], lines=1, lots=1)
    view = a_scenario(
        world,
        tender.project_id,
        {"kind": "min_suppliers_per_lot", "value": 2},
        split={"share_min": "0.25", "share_max": "0.75"},
    )
    award_id = awards.propose_scenario(
        world.buyer, view.id, justification="Two sources each.", standstill_days=0, version=None, now=world.now
    )
    awards.approve_award(world.manager, award_id, award_queries.award_by_id(award_id).sha256, now=world.now)
    world.run_jobs()
    drafts = queries.for_project(tender.project_id)
    lists = [queries.current_version(one.id).prices for one in drafts]
    quantities = [D(row["quantity"]) for prices in lists for row in prices if "quantity" in row]
    assert sorted(quantities) == [D(sum(quantities)) / 4, D(sum(quantities)) * 3 / 4]
    assert {row["share"] for prices in lists for row in prices} == {"0.25", "0.75"}
    for draft in drafts:
        assert contract_pdf(draft).startswith(b"%PDF")
        assert queries.standstill_until(draft) is None
    assert "75" in world.client_of(world.buyer).get(f"/contracts/{drafts[0].id}").text
