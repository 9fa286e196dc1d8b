"""Contracts from award to signature, and every way to approve one's own refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain import approval, library
from srm_portal.contracts.domain.life import Term
from srm_portal.contracts.services.drafting import draft_from_award
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.identity.queries import active_actor
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.money import Money
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.contracts import (
    a_contract_by_hand,
    a_contract_in_approval,
    a_drafted_contract,
    a_ranked_project,
    an_award,
)
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

D = Decimal
FACTS = {"event": "RFQ-1", "award": "AW-1", "payment_days": "30", "starts_on": "a", "ends_on": "b", "notice_days": "9"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["purchase", "subcontracting", "outsourcing"])
def test_every_kind_has_its_clauses_in_both_languages(kind: str, language: str) -> None:
    found = library.draft(kind, language, FACTS)
    assert all(one.title and one.text and "{" not in one.text for one in found)
    keys = {one.key for one in found}
    assert ("direction" in keys) == (kind == "subcontracting")
    assert ("transfer" in keys) == (kind == "outsourcing")


def test_weight_or_deviations_ask_for_a_second_manager() -> None:
    assert len(approval.route(D(249_999), [])) == 1
    assert len(approval.route(D(250_000), [])) == 2
    assert len(approval.route(D(1), ["Law"])) == 2


def test_the_same_manager_does_not_take_both_steps() -> None:
    steps = [
        approval.Step(1, "budget", "approved", taken=frozenset({"m1"}), votes=1),
        approval.Step(2, "second", stage=2),
    ]
    value = Money(D(1), "EUR")

    def check(actor: str) -> approval.Taking:
        hats = [approval.Hat(actor, D(9))]
        return approval.check(steps, actor_id=actor, hats=hats, value=value, authors={"b"}, seen="h", content="h")

    with pytest.raises(Forbidden, match="approved_before"):
        check("m1")
    with pytest.raises(Forbidden, match="own_work"):
        check("b")
    assert check("m2").step.position == 2


def test_a_term_ends_and_is_noticed_in_time() -> None:
    term = Term(date(2026, 1, 1), date(2026, 12, 31), 90)
    assert term.notice_on == date(2026, 10, 2)
    assert term.phase("active", date(2026, 5, 1)) == "active"
    assert term.phase("active", date(2026, 10, 5)) == "expiring"
    assert term.phase("active", date(2027, 1, 1)) == "expired"


def test_the_award_drafts_its_contract_once(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = an_award(world, tender.project_id)
    world.run_jobs()
    drafted = queries.for_project(tender.project_id)
    assert len(drafted) == 1
    assert draft_from_award(world.buyer, award_id, drafted[0].supplier_id, now=world.now) == drafted[0].id


def test_a_changed_clause_makes_a_version_and_a_deviation(world: World) -> None:
    contract_id = a_drafted_contract(world)
    before = queries.current_version(contract_id)
    services.edit_clause(
        world.buyer, contract_id, "law", title="Law", text="Arbitration in Lyon.", version=None, now=world.now
    )
    after = queries.current_version(contract_id)
    assert after.number == before.number + 1 and after.sha256 != before.sha256
    assert after.deviations == ["Law"]
    assert queries.versions(contract_id)[1].clauses == before.clauses


def test_two_people_editing_one_clause_see_each_other(world: World) -> None:
    contract_id = a_drafted_contract(world)
    seen = queries.contract(contract_id).version
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="Theirs", version=seen, now=world.now)
    with pytest.raises(Stale) as caught:
        services.edit_clause(world.buyer, contract_id, "law", title="Law", text="Yours", version=seen, now=world.now)
    assert caught.value.differences["text"] == ("Theirs", "Yours")


def test_an_approved_contract_finishes_the_project(world: World) -> None:
    contract_id = a_contract_in_approval(world)
    version = queries.current_version(contract_id)
    services.approve(world.manager, contract_id, version.sha256, now=world.now)
    contract = queries.contract(contract_id)
    assert contract.state == "approved" and contract.project_id is not None
    assert sourcing.project(contract.project_id).stage == "finished"


def test_the_author_never_approves_whatever_they_have_become(world: World) -> None:
    contract_id = a_contract_in_approval(world)
    version = queries.current_version(contract_id)
    accounts.change_user(
        world.administrator,
        world.buyer.user_id,
        roles=["purchasing_manager"],
        limit=D(10_000_000),
        may_bid=False,
        name="Former buyer",
        version=None,
        now=world.now,
    )
    promoted = active_actor(world.buyer.user_id)
    assert promoted is not None
    with pytest.raises(Forbidden, match="own_work"):
        services.approve(promoted, contract_id, version.sha256, now=world.now)
    assert db.session.scalar(queries.waiting_count(promoted, world.now)) == 0


def test_a_manager_who_edited_does_not_approve(world: World) -> None:
    both = world.person("buyer", "purchasing_manager", limit="10000000")
    contract_id = a_drafted_contract(world)
    services.edit_clause(both, contract_id, "law", title="Law", text="Mine", version=None, now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    version = queries.current_version(contract_id)
    with pytest.raises(Forbidden, match="own_work"):
        services.approve(both, contract_id, version.sha256, now=world.now)


def test_a_limit_below_the_value_is_not_enough(world: World) -> None:
    contract_id = a_contract_in_approval(world)
    contract, version = queries.contract(contract_id), queries.current_version(contract_id)
    small = world.person("purchasing_manager", limit=contract.value - D("0.01"))
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve(small, contract_id, version.sha256, now=world.now)
    with pytest.raises(Forbidden, match="no_authority"):
        services.approve(world.person("purchasing_manager"), contract_id, version.sha256, now=world.now)
    with pytest.raises(Forbidden, match="no_authority"):
        services.approve(world.auditor, contract_id, version.sha256, now=world.now)


def test_an_approval_of_another_version_is_refused(world: World) -> None:
    contract_id = a_drafted_contract(world)
    old = queries.current_version(contract_id).sha256
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="New", version=None, now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    with pytest.raises(Refused, match="content_changed"):
        services.approve(world.manager, contract_id, old, now=world.now)


def test_deviations_need_two_managers(world: World) -> None:
    contract_id = a_drafted_contract(world)
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="New", version=None, now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    version = queries.current_version(contract_id)
    services.approve(world.manager, contract_id, version.sha256, now=world.now)
    assert queries.contract(contract_id).state == "in_approval"
    with pytest.raises(Forbidden, match="approved_before"):
        services.approve(world.manager, contract_id, version.sha256, now=world.now)
    second = world.person("purchasing_manager", limit="10000000")
    services.approve(second, contract_id, version.sha256, now=world.now)
    assert queries.contract(contract_id).state == "approved"


def test_sent_back_with_a_reason_it_can_be_changed_and_asked_again(world: World) -> None:
    contract_id = a_contract_in_approval(world)
    with pytest.raises(Refused, match="contract_not_draft"):
        services.edit_clause(world.buyer, contract_id, "law", title="Law", text="x", version=None, now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.send_back(world.manager, contract_id, reason="", now=world.now)
    services.send_back(world.manager, contract_id, reason="Term too long", now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    version = queries.current_version(contract_id)
    services.approve(world.manager, contract_id, version.sha256, now=world.now)


def test_the_pdf_holds_the_text_and_the_hash(world: World) -> None:
    contract_id = a_drafted_contract(world)
    pages = PdfReader(BytesIO(contract_pdf(queries.contract(contract_id)))).pages
    text = " ".join(page.extract_text() for page in pages)
    version = queries.current_version(contract_id)
    assert version.sha256[:16] in text
    assert "Subject" in text and "Nordwerk" in text


def test_a_signed_scan_makes_it_active(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    services.approve(world.manager, contract_id, queries.current_version(contract_id).sha256, now=world.now)
    code = queries.current_version(contract_id).sha256[:12]
    scan = contract_pdf(queries.contract(contract_id))
    today, tomorrow = world.now.date(), world.now.date() + timedelta(days=1)

    def file(day: date, upload: FileStorage | None, typed: str) -> None:
        services.mark_signed(world.buyer, contract_id, signed_on=day, upload=upload, code=typed, now=world.now)

    for day, given, typed in ((today, None, code), (tomorrow, scan, code), (today, scan, "0" * 12)):
        with pytest.raises(Invalid):
            file(day, FileStorage(BytesIO(given), filename="signed.pdf") if given else None, typed)
    file(today, FileStorage(BytesIO(scan), filename="signed.pdf"), code)
    assert queries.contract(contract_id).state == "active"


def test_a_supplier_sees_their_contract_once_it_is_approved(world: World) -> None:
    contract_id = a_contract_in_approval(world)
    supplier = world.supplier_user(queries.contract(contract_id).supplier_id)
    with pytest.raises(NotFound):
        queries.contract_for(supplier, contract_id)
    services.approve(world.manager, contract_id, queries.current_version(contract_id).sha256, now=world.now)
    assert queries.contract_for(supplier, contract_id).id == contract_id
    other = world.supplier_user(a_supplier(world))
    with pytest.raises(NotFound):
        queries.contract_for(other, contract_id)


def test_by_hand_needs_its_facts(world: World) -> None:
    supplier_id = a_supplier(world)
    assert queries.contract(a_contract_by_hand(world, supplier_id)).state == "draft"
    with pytest.raises(Invalid) as caught:
        services.draft_for_supplier(
            world.buyer, supplier_id, title="", kind="purchase", value=None, starts_on=None, ends_on=None, now=world.now
        )
    assert {one.field for one in caught.value.problems} == {"title", "value", "starts_on", "ends_on"}


def test_obligations_are_added_and_finished_once(world: World) -> None:
    contract_id = a_drafted_contract(world)
    due = world.now.date()
    services.add_obligation(world.buyer, contract_id, title="Report", party="supplier", due_on=due, now=world.now)
    one = queries.obligations(contract_id)[0]
    services.finish_obligation(world.buyer, contract_id, one.id, now=world.now)
    with pytest.raises(Refused, match="already_done"):
        services.finish_obligation(world.buyer, contract_id, one.id, now=world.now)


def test_the_pages_take_a_contract_from_draft_to_approval(world: World) -> None:
    contract_id = a_drafted_contract(world)
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    project_id = queries.contract(contract_id).project_id
    assert buyer.get(f"/projects/{project_id}/contract").status_code == 200
    assert buyer.get("/contracts").status_code == 200
    assert buyer.get(f"/contracts/{contract_id}").status_code == 200
    wrong = buyer.post(f"/contracts/{contract_id}/clauses/law", data={"title": "Law", "text": ""})
    assert wrong.status_code == 422
    assert buyer.post(f"/contracts/{contract_id}/submit").status_code == 302
    page = manager.get(f"/contracts/{contract_id}/approval")
    assert page.status_code == 200 and "Why this supplier" in page.text
    sha = queries.current_version(contract_id).sha256
    assert manager.post(f"/contracts/{contract_id}/approve", data={"sha256": sha}).status_code == 302
    pdf = buyer.get(f"/contracts/{contract_id}/pdf")
    assert pdf.mimetype == "application/pdf" and pdf.data[:5] == b"%PDF-"


def test_a_foreign_contract_looks_absent(world: World) -> None:
    contract_id = a_drafted_contract(world)
    stranger = world.client_of(world.person("buyer", organisation_id=world.other_organisation()))
    for path in ("", "/pdf", "/clauses/law"):
        assert stranger.get(f"/contracts/{contract_id}{path}").status_code == 404
