"""The text between two sides: pen, proposals, remarks, Word files, difference."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.domain.redline import changed, difference, words
from srm_portal.contracts.services.word import W, marked_text, word_file
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import Actor
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World


def shared(world: World) -> tuple[str, Actor]:
    """A draft whose pen the supplier holds, and the supplier's person."""
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id)
    services.pass_pen(world.buyer, contract_id, now=world.now)
    return contract_id, world.supplier_user(supplier_id)


def propose(world: World, actor: Actor, contract_id: str, key: str, text: str, version: int | None = None) -> None:
    held = queries.current_version(contract_id).clause(key)
    assert held is not None
    services.propose(actor, contract_id, key, title=held.title, text=text, note="", version=version, now=world.now)


def saved(world: World, contract_id: str) -> bytes:
    view = queries.contract(contract_id)
    return word_file(view, queries.current_version(contract_id), now=world.now)


def upload(data: bytes, name: str = "marked.docx") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def marked(data: bytes, old: str, new: str) -> bytes:
    """As Word does with tracking on: the old words struck, the new ones inserted beside them."""
    document = Document(BytesIO(data))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if old not in run.text:
                continue
            before, after = run.text.split(old, 1)
            run.text = before
            place = run._r
            for tag, text_tag, text in (("del", "delText", old), ("ins", "t", new), (None, "t", after)):
                fresh = etree.SubElement(etree.Element("x"), W + "r")
                etree.SubElement(fresh, W + text_tag).text = text
                fresh[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                if tag:
                    mark = etree.Element(
                        W + tag, {W + "id": "900", W + "author": "S", W + "date": "2026-01-01T00:00:00Z"}
                    )
                    mark.append(fresh)
                    fresh = mark
                place.addnext(fresh)
                place = fresh
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_difference_is_word_by_word_and_loses_nothing() -> None:
    old = "The Supplier delivers on the dates of Annex 1. Defects are reported within fourteen days."
    new = "The Supplier delivers on the dates of Annex 2. Defects are reported within thirty days."
    pieces = words(old, new)
    assert "".join(one.text for one in pieces if one.mark != "new") == old
    assert "".join(one.text for one in pieces if one.mark != "gone") == new
    assert [one.text.strip() for one in pieces if one.mark == "new"] == ["2", "thirty"]


def test_added_and_removed_clauses_stand_where_they_are() -> None:
    old = [Clause("a", "A", "x"), Clause("b", "B", "y"), Clause("c", "C", "z")]
    new = [Clause("a", "A", "x"), Clause("c", "C", "zz"), Clause("d", "D", "new")]
    found = difference(old, new)
    assert [(one.key, one.kind) for one in found] == [
        ("a", "same"),
        ("b", "removed"),
        ("c", "changed"),
        ("d", "added"),
    ]
    assert len(changed(found)) == 3


def test_the_supplier_sees_the_text_only_once_it_was_given_to_them(world: World) -> None:
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id)
    person = world.supplier_user(supplier_id)
    for path in ("/s/contracts/{}", "/contracts/{}/word", "/contracts/{}/pdf", "/contracts/{}/sign"):
        assert world.client_of(person).get(path.format(contract_id)).status_code == 404
    services.pass_pen(world.buyer, contract_id, now=world.now)
    for path in ("/s/contracts/{}", "/contracts/{}/word", "/contracts/{}/pdf", "/contracts/{}/sign"):
        assert world.client_of(person).get(path.format(contract_id)).status_code == 200
    other = world.supplier_user(a_supplier(world))
    with pytest.raises(NotFound):
        services.comment(other, contract_id, "law", "x", now=world.now)


def test_later_drafts_of_the_buyer_stay_theirs(world: World) -> None:
    contract_id, person = shared(world)
    services.take_pen(world.buyer, contract_id, now=world.now)
    services.edit_clause(
        world.buyer, contract_id, "law", title="Law", text="Our secret second thought.", version=None, now=world.now
    )
    page = world.client_of(person).get(f"/s/contracts/{contract_id}")
    assert page.status_code == 200 and "second thought" not in page.text
    assert b"second thought" not in world.client_of(person).get(f"/contracts/{contract_id}/pdf").data


def test_only_the_side_with_the_pen_writes(world: World) -> None:
    contract_id, person = shared(world)
    with pytest.raises(Refused, match="pen_elsewhere"):
        services.edit_clause(world.buyer, contract_id, "law", title="L", text="x", version=None, now=world.now)
    with pytest.raises(Refused, match="pen_elsewhere"):
        services.submit_for_approval(world.buyer, contract_id, now=world.now)
    propose(world, person, contract_id, "law", "French law applies.")
    services.pass_pen(person, contract_id, now=world.now)
    with pytest.raises(Refused, match="pen_elsewhere"):
        propose(world, person, contract_id, "law", "German law applies.")
    with pytest.raises(Refused, match="proposals_open"):
        services.submit_for_approval(world.buyer, contract_id, now=world.now)


def test_a_reader_of_the_supplier_binds_nobody(world: World) -> None:
    contract_id, person = shared(world)
    reader = world.person("supplier_user", supplier_id=person.supplier_id, may_bid=False)
    with pytest.raises(Forbidden):
        propose(world, reader, contract_id, "law", "x")
    with pytest.raises(Forbidden):
        services.pass_pen(reader, contract_id, now=world.now)


def test_accept_makes_a_version_reject_needs_a_reason_counter_goes_back(world: World) -> None:
    contract_id, person = shared(world)
    propose(world, person, contract_id, "law", "French law applies.")
    propose(world, person, contract_id, "delivery", "Delivery when ready.")
    propose(world, person, contract_id, "price", "Paid at once.")
    services.pass_pen(person, contract_id, now=world.now)
    waiting = {one.key: one.id for one in queries.proposals(contract_id)}
    services.accept_proposal(world.buyer, contract_id, waiting["law"], now=world.now)
    law = queries.current_version(contract_id).clause("law")
    assert law is not None and (law.text, law.standard) == ("French law applies.", False)
    with pytest.raises(Refused, match="proposal_decided"):
        services.accept_proposal(world.buyer, contract_id, waiting["law"], now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.reject_proposal(world.buyer, contract_id, waiting["delivery"], reason=" ", now=world.now)
    services.reject_proposal(world.buyer, contract_id, waiting["delivery"], reason="Dates matter", now=world.now)
    services.counter_proposal(
        world.buyer, contract_id, waiting["price"], text="Paid in ten days.", note="", now=world.now
    )
    answer = next(one for one in queries.proposals(contract_id) if one.state == "open")
    assert answer.side == "buyer" and answer.answers == waiting["price"]
    with pytest.raises(Refused, match="proposal_own"):
        services.accept_proposal(world.buyer, contract_id, answer.id, now=world.now)
    services.pass_pen(world.buyer, contract_id, now=world.now)
    services.accept_proposal(person, contract_id, answer.id, now=world.now)
    price = queries.current_version(contract_id).clause("price")
    assert price is not None and price.text == "Paid in ten days."
    assert queries.contract(contract_id).shared_version == queries.current_version(contract_id).number


def test_a_proposal_on_a_clause_that_moved_on_is_not_taken(world: World) -> None:
    contract_id, person = shared(world)
    propose(world, person, contract_id, "law", "French law applies.")
    services.pass_pen(person, contract_id, now=world.now)
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="Other.", version=None, now=world.now)
    (one,) = queries.proposals(contract_id)
    with pytest.raises(Refused, match="clause_moved_on"):
        services.accept_proposal(world.buyer, contract_id, one.id, now=world.now)


def test_two_people_on_one_clause_see_both_texts(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    one, two = world.client_of(world.buyer), world.client_of(world.person("buyer"))
    url = f"/contracts/{contract_id}/clauses/law"
    seen = str(queries.contract(contract_id).version)
    assert one.post(url, data={"title": "Law", "text": "First wording", "version": seen}).status_code == 302
    stale = two.post(url, data={"title": "Law", "text": "Second wording", "version": seen})
    assert stale.status_code == 422 and "First wording" in stale.text and "Second wording" in stale.text
    db.session.rollback()
    assert queries.current_version(contract_id).number == 2
    person_of, held = shared(world)
    propose(world, held, person_of, "law", "One.", version=queries.contract(person_of).version)
    with pytest.raises(Stale):
        propose(world, held, person_of, "law", "Two.", version=1)


def test_a_word_file_carries_the_change_as_tracked(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    services.edit_clause(
        world.buyer, contract_id, "law", title="Law", text="The law of France applies.", version=None, now=world.now
    )
    new, old = queries.versions(contract_id)[:2]
    data = word_file(queries.contract(contract_id), new, before=old, author="Ann", now=world.now)
    root = Document(BytesIO(data)).element.body
    assert root.findall(f".//{qn('w:ins')}") and root.findall(f".//{qn('w:del')}")
    struck = "".join(one.text or "" for one in root.iter(qn("w:delText")))
    assert "Buyer" in struck
    back = marked_text(data)
    assert back.clauses["law"] == ("Law", "The law of France applies.")
    assert back.clauses == {one.key: (one.title, one.text) for one in new.clauses}


def test_a_marked_word_file_becomes_proposals(world: World) -> None:
    contract_id, person = shared(world)
    data = marked(saved(world, contract_id), "thirty days", "ninety days")
    assert services.receive_word(person, contract_id, upload(data), now=world.now) == 1
    (one,) = queries.proposals(contract_id)
    assert one.source == "word" and "ninety days" in one.text and "thirty days" not in one.text
    assert services.receive_word(person, contract_id, upload(saved(world, contract_id)), now=world.now) == 0


def test_a_remark_in_word_is_a_remark_here(world: World) -> None:
    contract_id, person = shared(world)
    document = Document(BytesIO(saved(world, contract_id)))
    law = next(one for one in document.paragraphs if "Buyer’s seat applies" in one.text)
    document.add_comment(law.runs, text="Why not ours?", author="S")
    out = BytesIO()
    document.save(out)
    services.receive_word(person, contract_id, upload(out.getvalue()), now=world.now)
    assert [(one.key, one.text) for one in queries.comments(contract_id)] == [("law", "Why not ours?")]


def test_a_word_file_of_another_version_contract_or_origin_is_refused(world: World) -> None:
    contract_id, person = shared(world)
    old = saved(world, contract_id)
    services.take_pen(world.buyer, contract_id, now=world.now)
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="New.", version=None, now=world.now)
    services.pass_pen(world.buyer, contract_id, now=world.now)
    other = a_contract_by_hand(world, a_supplier(world))
    blank = BytesIO()
    Document().save(blank)
    for data, code in (
        (old, "word_of_another_version"),
        (saved(world, other), "word_of_another_contract"),
        (blank.getvalue(), "word_not_ours"),
    ):
        with pytest.raises(Refused, match=code):
            services.receive_word(person, contract_id, upload(data), now=world.now)
    with pytest.raises(Refused):
        services.receive_word(person, contract_id, upload(b"PK not a file"), now=world.now)
    with pytest.raises(Refused, match="file_missing"):
        services.receive_word(person, contract_id, None, now=world.now)
    assert not queries.proposals(contract_id)


def test_the_pages_of_both_sides(world: World) -> None:
    contract_id, person = shared(world)
    theirs, ours = world.client_of(person), world.client_of(world.buyer)
    assert "You hold the pen" in theirs.get(f"/s/contracts/{contract_id}").text
    assert "your turn" in theirs.get("/s/contracts").text
    url = f"/contracts/{contract_id}/clauses/law/propose"
    assert theirs.get(url).status_code == 200
    assert theirs.post(url, data={"title": "Law", "text": ""}).status_code == 422
    assert theirs.post(url, data={"title": "Law", "text": "French law."}).status_code == 302
    assert theirs.post(f"/contracts/{contract_id}/clauses/law/comments", data={"text": "See?"}).status_code == 302
    page = ours.get(f"/contracts/{contract_id}/redline").text
    assert "Pen: supplier" in page and "French" in page and "See?" in page
    assert theirs.post(f"/contracts/{contract_id}/pen").status_code == 302
    db.session.rollback()
    (one,) = queries.proposals(contract_id)
    base = f"/contracts/{contract_id}/proposals/{one.id}"
    assert ours.get(f"{base}/counter").status_code == 200
    assert ours.post(f"{base}/accept").status_code == 302
    page = ours.get(f"/contracts/{contract_id}/compare")
    assert page.status_code == 200 and "<ins>" in page.text and "French" in page.text
    word = ours.get(f"/contracts/{contract_id}/word?from=1")
    assert word.status_code == 200 and word.data.startswith(b"PK")
    assert theirs.get(f"/contracts/{contract_id}/compare").status_code == 404


def test_an_empty_remark_or_the_same_text_is_none(world: World) -> None:
    contract_id, person = shared(world)
    with pytest.raises(Invalid):
        services.comment(person, contract_id, "law", "  ", now=world.now)
    held = queries.current_version(contract_id).clause("law")
    assert held is not None
    with pytest.raises(Invalid):
        propose(world, person, contract_id, "law", held.text)


def only(contract_id: str, kind: str) -> queries.ProposalView:
    (found,) = [one for one in queries.proposals(contract_id) if (one.kind, one.state) == (kind, "open")]
    return found


def test_the_supplier_proposes_one_clause_more_and_one_less(world: World) -> None:
    contract_id, seller = shared(world)
    before = queries.current_version(contract_id)
    said = {"version": None, "now": world.now}
    services.propose(seller, contract_id, services.NEW, title="Insurance", text="We are insured.", note="", **said)
    services.propose(seller, contract_id, services.NEW, title="Audit", text="Once a year.", note="", **said)
    with pytest.raises(Invalid):
        services.propose(seller, contract_id, services.NEW, title="Empty", text=" ", note="", **said)
    with pytest.raises(Invalid):
        services.propose(seller, contract_id, "law", title="", text="", note="", leave_out=True, **said)
    services.propose(seller, contract_id, "law", title="", text="", note="The law says it.", leave_out=True, **said)
    services.pass_pen(seller, contract_id, now=world.now)
    first, second = (
        next(one for one in queries.proposals(contract_id) if one.title == title) for title in ("Insurance", "Audit")
    )
    assert first.key != second.key
    own = services.add_clause(world.buyer, contract_id, title="Ours", text="First.", version=None, now=world.now)
    services.accept_proposal(world.buyer, contract_id, first.id, now=world.now)
    services.reject_proposal(world.buyer, contract_id, second.id, reason="Not needed", now=world.now)
    services.accept_proposal(world.buyer, contract_id, only(contract_id, "removed").id, now=world.now)
    after = queries.current_version(contract_id)
    assert "law" in {one.key for one in before.clauses} and after.clause("law") is None
    assert [one.title for one in after.clauses][-2:] == ["Ours", "Insurance"]
    assert len({one.key for one in after.clauses}) == len(after.clauses) and own in {one.key for one in after.clauses}
    assert [one.kind for one in difference(before.clauses, after.clauses) if one.kind != "same"].count("removed") == 1


def test_a_new_clause_is_countered_with_another_text(world: World) -> None:
    contract_id, seller = shared(world)
    said = {"note": "", "version": None, "now": world.now}
    services.propose(seller, contract_id, services.NEW, title="Insurance", text="You insure us.", **said)
    services.pass_pen(seller, contract_id, now=world.now)
    asked = only(contract_id, "added")
    services.counter_proposal(world.buyer, contract_id, asked.id, text="Each insures itself.", note="", now=world.now)
    services.pass_pen(world.buyer, contract_id, now=world.now)
    services.accept_proposal(seller, contract_id, only(contract_id, "added").id, now=world.now)
    last = queries.current_version(contract_id).clauses[-1]
    assert (last.title, last.text, last.standard) == ("Insurance", "Each insures itself.", False)


def test_a_clause_left_out_that_was_changed_meanwhile_stays(world: World) -> None:
    contract_id, seller = shared(world)
    services.propose(
        seller, contract_id, "law", title="", text="", note="Why", leave_out=True, version=None, now=world.now
    )
    services.pass_pen(seller, contract_id, now=world.now)
    asked = only(contract_id, "removed")
    services.edit_clause(world.buyer, contract_id, "law", title="Law", text="Lyon.", version=None, now=world.now)
    with pytest.raises(Refused, match="clause_moved_on"):
        services.accept_proposal(world.buyer, contract_id, asked.id, now=world.now)


def test_the_pages_offer_a_new_clause_and_leaving_one_out(world: World) -> None:
    contract_id, seller = shared(world)
    page = world.client_of(seller)
    path = f"/contracts/{contract_id}/clauses/new/propose"
    assert path in page.get(f"/s/contracts/{contract_id}").text
    assert page.get(path).status_code == 200
    assert page.get(f"/contracts/{contract_id}/clauses/absent/propose").status_code == 404
    assert page.post(path, data={"title": "Insurance", "text": ""}).status_code == 422
    assert page.post(path, data={"title": "Insurance", "text": "We are insured."}).status_code == 302
    leave = {"title": "Law", "text": "x", "leave_out": "y"}
    assert page.post(f"/contracts/{contract_id}/clauses/law/propose", data=leave).status_code == 422
    done = page.post(f"/contracts/{contract_id}/clauses/law/propose", data=leave | {"note": "Why not"})
    assert done.status_code == 302
    page.post(f"/contracts/{contract_id}/pen")
    text = world.client_of(world.buyer).get(f"/contracts/{contract_id}/redline").text
    assert "“Insurance”" in text and "Why not" in text and "Leave this clause out" in text
