"""The text between the two sides: difference, pen, proposals, remarks, Word files."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain.redline import difference, price_difference
from srm_portal.contracts.forms import CommentForm, CounterForm, ProposalForm, WordForm
from srm_portal.contracts.services.word import word_file
from srm_portal.contracts.views.blueprint import Answer, bp, given, to_text
from srm_portal.contracts.views.records import attachment
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _number(text: str | None, held: list[queries.VersionView]) -> queries.VersionView | None:
    return next((one for one in held if str(one.number) == text), None)


def _page(contract_id: str, word_form: WordForm | None = None) -> str:
    """What both sides see of the text; the supplier only versions up to the one they were given."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    ours = actor.supplier_id is None
    side = "buyer" if ours else "supplier"
    text = queries.shown_version(view, to_supplier=not ours)
    comments, proposals = queries.comments(view.id), queries.proposals(view.id)
    return render_template(
        "contracts/redline.html" if ours else "contracts/supplier.html",
        contract=view,
        text=text,
        side=side,
        holding=view.state == "draft" and view.pen == side and (ours or actor.may_bid),
        comments=comments,
        proposals=proposals,
        turn=queries.whose_turn(view),
        signatures=queries.standing(view.id),
        versions=queries.versions(view.id) if ours else [],
        word_form=word_form or WordForm(formdata=None),
    )


@bp.get("/contracts/<contract_id>/redline")
@requires("contract:read")
def redline(contract_id: str) -> Answer:
    return _page(contract_id)


@bp.get("/s/contracts/<contract_id>")
@requires("own_supplier:read")
def supplier_page(contract_id: str) -> Answer:
    return _page(contract_id)


@bp.get("/s/contracts")
@requires("own_supplier:read")
def mine() -> Answer:
    """The supplier's contracts, those that wait for them first."""
    rows, _total = queries.contracts(current_actor(), now=request_now())
    waiting = {one.id for one in rows if (one.state == "draft" and one.pen == "supplier")}
    waiting |= {one.id for one in rows if one.state == "approved" and queries.whose_turn(one) == "supplier"}
    rows.sort(key=lambda one: one.id not in waiting)
    return render_template("contracts/mine.html", rows=rows, waiting=waiting)


@bp.get("/contracts/<contract_id>/compare")
@requires("contract:read")
def compare(contract_id: str) -> Answer:
    """Two versions, clause by clause; the two newest unless told."""
    view = queries.contract_for(current_actor(), contract_id)
    held = queries.versions(view.id)
    new = _number(request.args.get("to"), held) or held[0]
    older = [one for one in held if one.number < new.number]
    old = _number(request.args.get("from"), held) or (older[0] if older else new)
    return render_template(
        "contracts/compare.html",
        contract=view,
        versions=held,
        old=old,
        new=new,
        differences=difference(old.clauses, new.clauses),
        price_changes=price_difference(old.prices, new.prices),
    )


@bp.get("/contracts/<contract_id>/word")
@requires("contract:read", "own_supplier:read")
def word(contract_id: str) -> Answer:
    """The text as Word; with `from`, the difference since that version as tracked changes."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    text = queries.shown_version(view, to_supplier=actor.supplier_id is not None)
    before = None
    if actor.supplier_id is None and "from" in request.args:
        held = queries.versions(view.id)
        before = _number(request.args["from"], held)
        text = _number(request.args.get("to"), held) or text
        if before is None:
            raise NotFound
    author = before.author_name if before else ""
    data = word_file(view, text, before=before, author=author, now=request_now())
    return attachment(data, f"{view.reference}-v{text.number}.docx", WORD)


@bp.post("/contracts/<contract_id>/word")
@requires("contract:edit", "own_supplier:read")
def receive_word(contract_id: str) -> Answer:
    form, counted = WordForm(), []

    def act() -> None:
        counted.append(services.receive_word(current_actor(), contract_id, given(form.upload.data), now=request_now()))

    if form.apply(act):
        text = ngettext(
            "%(num)d clause differs and is proposed.", "%(num)d clauses differ and are proposed.", counted[0]
        )
        flash(text, "success")
        return to_text(contract_id)
    return _page(contract_id, word_form=form), 422


@bp.post("/contracts/<contract_id>/pen")
@requires("contract:edit", "own_supplier:read")
def pass_pen(contract_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.pass_pen(current_actor(), contract_id, now=request_now())
    flash(_("The other side holds the pen now and was told."), "success")
    return to_text(contract_id)


@bp.post("/contracts/<contract_id>/pen/take")
@requires("contract:edit")
def take_pen(contract_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.take_pen(current_actor(), contract_id, now=request_now())
    flash(_("You hold the pen."), "success")
    return to_text(contract_id)


@bp.route("/contracts/<contract_id>/clauses/<key>/propose", methods=["GET", "POST"])
@requires("contract:edit", "own_supplier:read")
def propose(contract_id: str, key: str) -> Answer:
    """Another wording for one clause, the text without it, or (with the key `new`) one more."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    text = queries.shown_version(view, to_supplier=actor.supplier_id is not None)
    held = text.clause(key)
    if held is None and key != services.NEW:
        raise NotFound
    form = ProposalForm(obj=held, version=view.version)

    def act() -> None:
        services.propose(
            actor,
            contract_id,
            key,
            title=form.title.data or "",
            text=form.text.data or "",
            note=form.note.data or "",
            version=form.seen_version,
            leave_out=form.leave_out.data,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Proposed; it goes to the other side with the pen."), "success")
        return to_text(contract_id)
    page = render_template("contracts/propose.html", form=form, contract=view, clause=held)
    return page, 422 if form.is_submitted() else 200


@bp.post("/contracts/<contract_id>/clauses/<key>/comments")
@requires("contract:edit", "own_supplier:read")
def comment(contract_id: str, key: str) -> Answer:
    form = CommentForm()
    services.comment(current_actor(), contract_id, key, form.text.data or "", now=request_now())
    return to_text(contract_id)


@bp.post("/contracts/<contract_id>/proposals/<proposal_id>/accept")
@requires("contract:edit", "own_supplier:read")
def accept_proposal(contract_id: str, proposal_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.accept_proposal(current_actor(), contract_id, proposal_id, now=request_now())
    flash(_("Accepted as a new version."), "success")
    return to_text(contract_id)


@bp.post("/contracts/<contract_id>/proposals/<proposal_id>/reject")
@requires("contract:edit", "own_supplier:read")
def reject_proposal(contract_id: str, proposal_id: str) -> Answer:
    form = ReasonForm()
    services.reject_proposal(
        current_actor(), contract_id, proposal_id, reason=form.reason.data or "", now=request_now()
    )
    flash(_("Rejected with your reason."), "success")
    return to_text(contract_id)


@bp.route("/contracts/<contract_id>/proposals/<proposal_id>/counter", methods=["GET", "POST"])
@requires("contract:edit", "own_supplier:read")
def counter_proposal(contract_id: str, proposal_id: str) -> Answer:
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    proposal = next((one for one in queries.proposals(view.id) if one.id == proposal_id), None)
    if proposal is None:
        raise NotFound
    form = CounterForm(obj=None, text=proposal.text or proposal.base_text)

    def act() -> None:
        services.counter_proposal(
            actor, contract_id, proposal_id, text=form.text.data or "", note=form.note.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Your text waits for the other side; give them the pen when you are done."), "success")
        return to_text(contract_id)
    page = render_template("contracts/counter.html", form=form, contract=view, proposal=proposal)
    return page, 422 if form.is_submitted() else 200
