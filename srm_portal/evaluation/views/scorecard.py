"""Step 5: one evaluator's scorecard, cell by cell."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.assembly import OfferFacts
from srm_portal.evaluation.domain.plan import letters
from srm_portal.evaluation.forms import DeclareForm
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.shown import Answer
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, problem_sentence, sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires


def _named(project_id: str, offers: list[OfferFacts], hidden: bool) -> list[tuple[OfferFacts, str]]:
    """The offers with the names that an evaluator may see, in the order in which they are shown."""
    if not hidden:
        return [(one, one.name) for one in offers]
    letter = letters(project_id, [one.supplier_id for one in offers])
    named = [(one, _("Offer %(letter)s", letter=letter[one.supplier_id])) for one in offers]
    return sorted(named, key=lambda pair: (len(letter[pair[0].supplier_id]), letter[pair[0].supplier_id]))


@bp.get("/projects/<project_id>/scorecard")
@requires("score:edit")
def scorecard(project_id: str) -> Answer:
    return _page(project_id)


def _blind(project_id: str) -> bool:
    return queries.plan(project_id).blind and any(one.state == "open" for one in queries.evaluators(project_id))


def _bidders(project_id: str) -> list[tuple[str, str]]:
    """(supplier, shown name) of those with whom a conflict may be declared, in an order that tells nothing more.

    Their places are the values in the form: who marks blind must not be able to tie a name to an offer by its id. Once
    declared, what comes up later is about an offer as it is shown.
    """
    own, offers = queries.own_evaluator(current_actor(), project_id), queries.offer_facts(project_id)
    hidden = own.declared_at is not None and _blind(project_id)
    return [(one.supplier_id, name) for one, name in _named(project_id, offers, hidden)]


def _declare_form(project_id: str, **given: Any) -> DeclareForm:
    return DeclareForm(**given).name_suppliers((str(at), name) for at, (_id, name) in enumerate(_bidders(project_id)))


def _page(project_id: str, form: DeclareForm | None = None) -> str:
    actor = current_actor()
    own = queries.own_evaluator(actor, project_id)
    people = queries.evaluators(project_id)
    plan = queries.plan(project_id)
    offers = queries.offer_facts(project_id)
    hidden = _blind(project_id)
    criteria = queries.criteria(project_id)
    return render_template(
        "evaluation/scorecard.html",
        project=sourcing.project_for(actor, project_id),
        own=own,
        evaluators=people,
        criteria=queries.owed(own, project_id),
        offers=[pair for pair in _named(project_id, offers, hidden) if pair[0].supplier_id not in own.recused],
        offers_opened=bool(offers),
        bidders=[one.name for one in offers],
        recused=[one.name for one in offers if one.supplier_id in own.recused],
        hidden=hidden,
        plan=plan,
        asked=[one for one in criteria if not one.value.manual and one.value.kind not in ("price", "life_cycle")],
        marks=queries.own_marks(own.id),
        declare_form=form or _declare_form(project_id, formdata=None),
    )


@bp.post("/projects/<project_id>/declare")
@requires("score:edit")
def declare(project_id: str) -> Answer:
    form = _declare_form(project_id)
    bidders = [supplier_id for supplier_id, _name in _bidders(project_id)]

    def act() -> None:
        services.declare(
            current_actor(),
            project_id,
            conflict=form.conflict.data or "",
            suppliers=[bidders[int(place)] for place in form.suppliers.data or ()],
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Thank you; your declaration is kept."), "success")
        return redirect(url_for("evaluation.scorecard", project_id=project_id))
    return _page(project_id, form), 422


def _points(text: str) -> Decimal | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid([FieldProblem("points", "not_a_number", value=text, facts=(("example", "3.5"),))])
    return value


@bp.post("/projects/<project_id>/marks")
@requires("score:edit")
def mark(project_id: str) -> Answer:
    """One cell of the grid, saved as it is typed: JSON in, JSON out."""
    body = request.get_json(silent=True) or {}
    name = str(body.get("name", ""))
    parts = name.split("|")
    if len(parts) != 3 or parts[0] != "mark":
        raise NotFound
    value = body.get("value")
    try:
        services.save_mark(
            current_actor(),
            project_id,
            parts[1],
            parts[2],
            points=_points("" if value is None else str(value)),
            comment=str(body.get("note", ""))[:2000],
            now=request_now(),
        )
    except Invalid as wrong:
        return {"text": problem_sentence(wrong.problems[0])}, 422
    except (Refused, Forbidden) as refused:
        return {"text": sentence(refused.code, **refused.facts)}, 409
    return {"ok": True}


@bp.post("/projects/<project_id>/scorecard")
@requires("score:edit")
def save_scorecard(project_id: str) -> Answer:
    """The whole grid at once, for pages without script; then hand in if asked. A wrong cell costs no other."""
    actor = current_actor()
    if not ActForm().validate_on_submit():
        raise NotFound
    own = queries.own_evaluator(actor, project_id)
    wrong = _save_cells(project_id, own.id)
    for text in wrong:
        flash(text, "error")
    if "submit" in request.form and not wrong:
        try:
            services.submit_scorecard(actor, project_id, now=request_now())
            flash(_("Your scorecard is in. Thank you."), "success")
        except Refused as refusal:
            flash_refusal(refusal)
    elif not wrong:
        flash(_("Saved."), "success")
    return redirect(url_for("evaluation.scorecard", project_id=project_id))


def _save_cells(project_id: str, evaluator_id: str) -> list[str]:
    """Keep every cell that can be kept; what is wrong with the others."""
    held = queries.own_marks(evaluator_id)
    wrong: list[str] = []
    for name, text in request.form.items():
        parts = name.split("|")
        if len(parts) != 3 or parts[0] != "mark" or name.endswith("-note"):
            continue
        key = (parts[1], parts[2])
        before = held.get(key)
        note = request.form.get(f"{name}-note", before.comment if before else "")
        try:
            points = _points(text)
            if (before.points if before else None) != points or (before and before.comment != note):
                services.save_mark(current_actor(), project_id, *key, points=points, comment=note, now=request_now())
        except Invalid as invalid:
            wrong.append(problem_sentence(invalid.problems[0]))
        except Refused as refused:
            wrong.append(sentence(refused.code, **refused.facts))
    return wrong
