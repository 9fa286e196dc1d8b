"""The manager's side: what waits, the decision, who stands in, the route."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from srm_portal.audit.queries import history_of
from srm_portal.awards import queries as awards
from srm_portal.contracts import queries, services
from srm_portal.contracts.domain.redline import changed, difference, price_difference
from srm_portal.contracts.forms import ApproveForm, DelegateForm, RuleForm
from srm_portal.contracts.views.blueprint import Answer, bp
from srm_portal.evaluation import queries as evaluation
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires


@bp.post("/contracts/<contract_id>/submit")
@requires("contract:edit")
def submit(contract_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.submit_for_approval(current_actor(), contract_id, now=request_now())
    flash(_("The managers with enough authority are asked."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/take-back")
@requires("contract:edit")
def take_back(contract_id: str) -> Answer:
    form = ReasonForm()
    services.take_back(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("It is a draft again; approvals and signatures given so far no longer count."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.get("/contracts/<contract_id>/approval")
@requires("contract:approve")
def approval(contract_id: str) -> Answer:
    """All that a manager needs to decide, on one phone screen after the other."""
    actor, now = current_actor(), request_now()
    view = queries.contract_for(actor, contract_id)
    held = queries.versions(view.id)
    seen = queries.last_seen_version(view.id, actor.user_id)
    before = next((one for one in held if one.number == seen and one.number < held[0].number), None)
    waiting = queries.desk(actor, now).waiting
    others = [one for one in waiting if one.id != view.id]
    return render_template(
        "contracts/approval.html",
        contract=view,
        text=held[0],
        before=before,
        differences=changed(difference(before.clauses, held[0].clauses)) if before else [],
        price_changes=price_difference(before.prices, held[0].prices) if before else [],
        steps=queries.steps(view.id),
        mine=any(one.id == view.id for one in waiting),
        others=others,
        award=awards.award_by_id(view.award_id) if view.award_id else None,
        ranking=evaluation.ranking(view.project_id) if view.project_id else None,
        trail=history_of(actor, [view.id], limit=12),
        form=ApproveForm(formdata=None, sha256=held[0].sha256),
    )


def _onward(contract_id: str) -> Answer:
    """To the next contract that waits, so that a manager clears them one after the other."""
    others = [one for one in queries.desk(current_actor(), request_now()).waiting if one.id != contract_id]
    if others:
        return redirect(url_for("contracts.approval", contract_id=others[0].id))
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/approve")
@requires("contract:approve")
def approve(contract_id: str) -> Answer:
    form = ApproveForm()
    services.approve(
        current_actor(), contract_id, form.sha256.data or "", now=request_now(), reason=form.reason.data or ""
    )
    flash(_("Approved."), "success")
    return _onward(contract_id)


@bp.post("/contracts/approve")
@requires("contract:approve")
def approve_many() -> Answer:
    """Those ticked in the list of approvals, each under the same rules as alone."""
    if not ActForm().validate_on_submit():
        raise NotFound
    chosen = [(one, sha) for one, _mark, sha in (value.partition(":") for value in request.form.getlist("chosen"))]
    outcome = services.approve_many(current_actor(), chosen[:50], now=request_now())
    done = sum(1 for _one, code in outcome if not code)
    if done:
        flash(ngettext("%(num)d contract approved.", "%(num)d contracts approved.", done), "success")
    for code in sorted({code for _one, code in outcome if code}):
        flash(_("Not approved: %(why)s", why=_why(code)), "warning")
    return redirect(url_for("contracts.waiting"))


def _why(code: str) -> str:
    if code == "not_found":
        return _("The address is wrong, or what it led to is not open to you.")
    return _("Its value is above your authority limit.") if code == "above_limit" else sentence(code)


@bp.post("/contracts/<contract_id>/send-back")
@requires("contract:approve")
def send_back(contract_id: str) -> Answer:
    form = ReasonForm()
    services.send_back(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("Sent back with your reason."), "success")
    return _onward(contract_id)


@bp.get("/approvals/contracts")
@requires("contract:approve")
def waiting() -> Answer:
    """Contracts that wait for this manager, to be read one by one or ticked together."""
    actor = current_actor()
    rows = queries.desk(actor, request_now()).waiting
    return render_template("contracts/waiting.html", rows=rows, texts=queries.newest([one.id for one in rows]))


def _authority(
    delegate_form: DelegateForm | None = None, rule_form: RuleForm | None = None, status: int = 200
) -> Answer:
    actor, now = current_actor(), request_now()
    managers = identity.staff(actor.organisation_id, "purchasing_manager")
    delegate_form, rule_form = delegate_form or DelegateForm(formdata=None), rule_form or RuleForm(formdata=None)
    others = [(one.id, one.name) for one in managers if one.id != actor.user_id]
    delegate_form.choices(delegate_form.to_id, others, empty=_("Choose"))
    rule_form.people.choices = [(one.id, one.name) for one in managers]
    page = render_template(
        "contracts/authority.html",
        delegations=queries.delegations(actor.organisation_id, now.date()),
        rules=queries.rule_views(actor.organisation_id),
        in_force=queries.rules(actor.organisation_id),
        people={one.id: one.name for one in managers},
        delegate_form=delegate_form,
        rule_form=rule_form,
    )
    return page, status


@bp.get("/approvals/authority")
@requires("contract:approve", "settings:manage")
def authority() -> Answer:
    """Who stands in for whom, and the route that contracts take."""
    return _authority()


@bp.post("/approvals/delegations")
@requires("contract:approve")
def delegate() -> Answer:
    actor, form = current_actor(), DelegateForm()
    managers = identity.staff(actor.organisation_id, "purchasing_manager")
    form.choices(form.to_id, [(one.id, one.name) for one in managers if one.id != actor.user_id], empty=_("Choose"))

    def act() -> None:
        services.delegate(
            actor,
            form.to_id.data,
            from_on=form.from_on.data,
            until_on=form.until_on.data,
            reason=form.reason.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Your authority is lent for these days; the journal names both of you."), "success")
        return redirect(url_for("contracts.authority"))
    return _authority(delegate_form=form, status=422)


@bp.post("/approvals/delegations/<delegation_id>/end")
@requires("contract:approve")
def end_delegation(delegation_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.end_delegation(current_actor(), delegation_id, now=request_now())
    return redirect(url_for("contracts.authority"))


@bp.post("/approvals/rules")
@requires("settings:manage")
def add_rule() -> Answer:
    actor, form = current_actor(), RuleForm()
    form.people.choices = [(one.id, one.name) for one in identity.staff(actor.organisation_id, "purchasing_manager")]

    def act() -> None:
        services.save_rule(
            actor,
            stage=form.stage.data,
            purpose=form.purpose.data or "",
            value_from=form.value_from.data,
            category=form.category.data or "",
            risk=form.risk.data or "",
            deviations=form.deviations.data,
            needed=form.needed.data,
            people=form.people.data or [],
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The route holds for contracts submitted from now on."), "success")
        return redirect(url_for("contracts.authority"))
    return _authority(rule_form=form, status=422)


@bp.post("/approvals/rules/<rule_id>/remove")
@requires("settings:manage")
def remove_rule(rule_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.remove_rule(current_actor(), rule_id, now=request_now())
    return redirect(url_for("contracts.authority"))
