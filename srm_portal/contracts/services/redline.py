"""The text between two sides: who holds the pen, comments, proposals, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.models import ClauseComment, ClauseProposal, Contract
from srm_portal.contracts.services.editing import save_text
from srm_portal.contracts.services.word import MarkedText, marked_text
from srm_portal.contracts.store import contract_row, row_of_either_side
from srm_portal.documents import services as documents
from srm_portal.documents.domain.inspection import inspect_file
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify

NEW = "new"
"""In the place of a clause's key: a proposal for one more clause."""


def _side(actor: Actor) -> str:
    return "supplier" if actor.supplier_id is not None else "buyer"


def _tell_other(row: Contract, side: str, kind: str, now: datetime) -> None:
    facts = {"reference": row.reference, "title": row.title}
    if side == "supplier":
        notify([row.owner_id], kind, path=f"/contracts/{row.id}/redline", now=now, **facts)
        return
    people = identity.supplier_people(row.organisation_id, [row.supplier_id])[row.supplier_id]
    notify([one.id for one in people], kind, path=f"/s/contracts/{row.id}", now=now, about=row.id, **facts)


def _binding(actor: Actor) -> None:
    """On the supplier's side only who may bind their company changes a text."""
    if actor.supplier_id is not None and not actor.may_bid:
        raise Forbidden("may_not_bid")


def _holding(actor: Actor, contract_id: str) -> Contract:
    """The contract, when it is a draft and this side holds the pen."""
    _binding(actor)
    row = row_of_either_side(actor, contract_id)
    if row.state != "draft":
        raise Refused("contract_not_draft")
    if row.pen != _side(actor):
        raise Refused("pen_elsewhere")
    return row


def _trail(actor: Actor, action: str, row: Contract, now: datetime, **details: object) -> None:
    stream = queries.contract(row.id).stream
    record(actor, action, "contract", row.id, now=now, label=row.reference, stream=stream, **details)


@command
def pass_pen(actor: Actor, contract_id: str, *, now: datetime) -> None:
    """Give the pen to the other side. The supplier gets the version that is current now, and no later one."""
    row = _holding(actor, contract_id)
    side = _side(actor)
    row.pen = "buyer" if side == "supplier" else "supplier"
    if side == "buyer":
        row.shared_version = row.current_version
    row.touch()
    _trail(actor, "contract.shared" if side == "buyer" else "contract.returned", row, now, version=row.current_version)
    _tell_other(row, side, "contract_pen", now)


@command
def take_pen(actor: Actor, contract_id: str, *, now: datetime) -> None:
    """The buyer takes the pen back; what the supplier proposed so far stays."""
    row = contract_row(actor, contract_id)
    if row.state != "draft" or row.pen != "supplier":
        raise Refused("pen_here_already")
    row.pen = "buyer"
    row.touch()
    _trail(actor, "contract.pen_taken", row, now)
    _tell_other(row, "buyer", "contract_pen_taken", now)


def _text_for(actor: Actor, row: Contract) -> queries.VersionView:
    return queries.shown_version(queries.contract(row.id), to_supplier=actor.supplier_id is not None)


def _clause(actor: Actor, row: Contract, key: str) -> tuple[queries.VersionView, Clause]:
    text = _text_for(actor, row)
    clause = text.clause(key)
    if clause is None:
        raise Refused("clause_unknown")
    return text, clause


@command
def comment(actor: Actor, contract_id: str, key: str, text: str, *, now: datetime) -> None:
    """A remark beside a clause; both sides read it."""
    _binding(actor)
    row = row_of_either_side(actor, contract_id)
    if not row.shared_version or row.state not in ("draft", "in_approval", "approved"):
        raise Refused("not_shared_yet")
    version, _held = _clause(actor, row, key)
    if not text.strip() or len(text) > 4000:
        raise Invalid([FieldProblem("text", "required")])
    _add_comment(actor, row, key, version.number, text, now)
    _trail(actor, "contract.commented", row, now, clause=key)
    _tell_other(row, _side(actor), "contract_commented", now)


def _add_comment(actor: Actor, row: Contract, key: str, number: int, text: str, now: datetime) -> None:
    db.session.add(
        ClauseComment(
            contract_id=row.id,
            key=key,
            version_number=number,
            side=_side(actor),
            text=text.strip(),
            author_id=actor.user_id,
            author_name=actor.name,
            at=now,
        )
    )


@command
def propose(
    actor: Actor,
    contract_id: str,
    key: str,
    *,
    title: str,
    text: str,
    note: str,
    version: int | None,
    now: datetime,
    leave_out: bool = False,
) -> None:
    """Another wording for a clause, by the side that holds the pen; `leave_out` proposes to do without it, with a
    reason. The key `new` proposes one more clause.
    """
    row = _holding(actor, contract_id)
    if key == NEW:
        held, clause = _text_for(actor, row), Clause(_fresh_key(row), title.strip(), "")
    else:
        held, clause = _clause(actor, row, key)
    if not row.check_version(version):
        raise Stale({"title": (clause.title, title), "text": (clause.text, text)})
    if leave_out and key != NEW:
        title, text = clause.title, ""
        if not note.strip():
            raise Invalid([FieldProblem("note", "required")])
    elif not title.strip() or not text.strip() or len(text) > 20000:
        raise Invalid([FieldProblem("text", "required")])
    if (title.strip(), text.strip()) == (clause.title, clause.text):
        raise Invalid([FieldProblem("text", "proposal_same")])
    key = clause.key
    _propose(actor, row, held.number, clause, title.strip(), text.strip(), note.strip(), "portal", None, now)
    row.touch()
    _trail(actor, "contract.proposal_made", row, now, clause=key)


def _fresh_key(row: Contract) -> str:
    """A key that no clause and no proposed clause of this contract has."""
    used = {one.key for one in queries.current_version(row.id).clauses} | {one.key for one in queries.proposals(row.id)}
    return next(key for key in (f"own-{number}" for number in count(1)) if key not in used)


def _propose(
    actor: Actor,
    row: Contract,
    base: int,
    clause: Clause,
    title: str,
    text: str,
    note: str,
    source: str,
    answers: str | None,
    now: datetime,
) -> None:
    """One open proposal a side and clause: a newer one takes the older one's place."""
    query = select(ClauseProposal).where(
        ClauseProposal.contract_id == row.id,
        ClauseProposal.key == clause.key,
        ClauseProposal.state == "open",
        ClauseProposal.side == _side(actor),
    )
    for older in db.session.scalars(query):
        older.state, older.decided_at = "replaced", now
    db.session.add(
        ClauseProposal(
            contract_id=row.id,
            key=clause.key,
            base_number=base,
            base_text=clause.text,
            title=title,
            text=text,
            note=note,
            side=_side(actor),
            source=source,
            answers=answers,
            author_id=actor.user_id,
            author_name=actor.name,
            at=now,
        )
    )


def receive_word(actor: Actor, contract_id: str, upload: documents.Upload | None, *, now: datetime) -> int:
    """A marked Word file of exactly the version at hand: its changes become proposals, its remarks comments.

    Returns how many clauses it changes. Refused: `word_not_ours`, `word_of_another_contract`,
    `word_of_another_version`, `word_damaged`, and the codes of the file inspection.
    """
    if upload is None or not upload.filename:
        raise Refused("file_missing")
    if inspect_file(upload.filename, upload.stream).kind.code != "docx":
        raise Refused("word_not_ours")
    upload.stream.seek(0)
    marked = marked_text(upload.stream.read())
    upload.stream.seek(0)
    return _take_marked(actor, contract_id, upload, marked, now)


@command
def _take_marked(actor: Actor, contract_id: str, upload: documents.Upload, marked: MarkedText, now: datetime) -> int:
    row = _holding(actor, contract_id)
    held = _text_for(actor, row)
    _same_version(marked, row, held)
    differing = 0
    for clause in held.clauses:
        found = marked.clauses.get(clause.key)
        if found is None:
            raise Refused("word_lost_clause", clause=clause.title)
        if found != (clause.title, clause.text):
            title, text = found[0] or clause.title, found[1]
            if len(text) > 20000:
                raise Refused("word_lost_clause", clause=clause.title)
            _propose(actor, row, held.number, clause, title, text, "", "word", None, now)
            differing += 1
        for remark in marked.comments.get(clause.key, ()):
            _add_comment(actor, row, clause.key, held.number, remark, now)
    row.touch()
    stream = queries.contract(row.id).stream
    file_id = documents.store(actor, "contract", row.id, upload, now=now, note="marked", stream=stream)
    _trail(actor, "contract.proposal_made", row, now, file=file_id, clauses=differing)
    return differing


def _same_version(marked: MarkedText, row: Contract, held: queries.VersionView) -> None:
    if marked.contract_id != row.id:
        raise Refused("word_of_another_contract")
    if marked.sha256 != held.sha256:
        raise Refused("word_of_another_version", theirs=marked.number, current=held.number)


def _open_proposal(actor: Actor, row: Contract, proposal_id: str) -> ClauseProposal:
    """A proposal of the other side that still waits for an answer."""
    found = db.session.get(ClauseProposal, proposal_id)
    if found is None or found.contract_id != row.id:
        raise NotFound
    if found.state != "open":
        raise Refused("proposal_decided")
    if found.side == _side(actor):
        raise Refused("proposal_own")
    return found


def _decide(actor: Actor, proposal: ClauseProposal, state: str, reason: str, now: datetime) -> None:
    proposal.state, proposal.reason, proposal.decided_at = state, reason.strip(), now
    proposal.decided_by, proposal.decided_by_name = actor.user_id, actor.name


@command
def accept_proposal(actor: Actor, contract_id: str, proposal_id: str, *, now: datetime) -> None:
    """The proposed wording stands: the next version is made. Refused when the clause was changed meanwhile."""
    row = _holding(actor, contract_id)
    proposal = _open_proposal(actor, row, proposal_id)
    text = _with_proposal(row, proposal)
    _decide(actor, proposal, "accepted", "", now)
    facts = {"clause": proposal.key, "proposed_by": proposal.author_name}
    save_text(actor, row, text, "contract.proposal_accepted", note=f"proposal: {proposal.key}", now=now, **facts)
    if _side(actor) == "supplier":
        row.shared_version = row.current_version


def _with_proposal(row: Contract, proposal: ClauseProposal) -> list[Clause]:
    """The clauses as they are once it is taken: one more at the end, one less, or one with another wording."""
    current = queries.current_version(row.id)
    clause = current.clause(proposal.key)
    if not proposal.base_text:
        if clause is not None:
            proposal.key = _fresh_key(row)
        added = Clause(proposal.key, proposal.title, proposal.text, standard=False, variant="free")
        return [*current.clauses, added]
    if clause is None or clause.text != proposal.base_text:
        raise Refused("clause_moved_on")
    if not proposal.text:
        return [one for one in current.clauses if one.key != proposal.key]
    fresh = replace(clause, title=proposal.title, text=proposal.text, standard=False, variant="free", number=0)
    return [fresh if one.key == proposal.key else one for one in current.clauses]


@command
def reject_proposal(actor: Actor, contract_id: str, proposal_id: str, *, reason: str, now: datetime) -> None:
    row = _holding(actor, contract_id)
    proposal = _open_proposal(actor, row, proposal_id)
    if not reason.strip():
        raise Refused("reason_needed")
    _decide(actor, proposal, "rejected", reason, now)
    row.touch()
    _trail(actor, "contract.proposal_rejected", row, now, clause=proposal.key, reason=reason.strip())


@command
def counter_proposal(actor: Actor, contract_id: str, proposal_id: str, *, text: str, note: str, now: datetime) -> None:
    """A third wording in answer: it waits for the other side, who gets it with the pen."""
    row = _holding(actor, contract_id)
    proposal = _open_proposal(actor, row, proposal_id)
    held = _text_for(actor, row)
    clause = held.clause(proposal.key) or Clause(proposal.key, proposal.title, "")
    if proposal.base_text and not clause.text:
        raise Refused("clause_unknown")
    if not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    _decide(actor, proposal, "countered", note, now)
    _propose(actor, row, held.number, clause, proposal.title, text.strip(), note.strip(), "portal", proposal.id, now)
    row.touch()
    _trail(actor, "contract.proposal_made", row, now, clause=proposal.key, counter=True)
