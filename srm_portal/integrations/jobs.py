"""What happens after the commit: events become messages, messages are sent, the CRM is kept in step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from srm_portal.awards import queries as awards
from srm_portal.contracts import queries as contracts
from srm_portal.customers import queries as customers
from srm_portal.infra import jobs
from srm_portal.integrations.services import crm, webhooks
from srm_portal.sourcing import queries as sourcing

Facts = dict[str, Any]
Told = tuple[str, str, Facts] | None
"""(organisation, event, facts), or None when there is nothing to tell."""


def _customer(args: Facts) -> Told:
    card = customers.customers([args["customer"]]).get(args["customer"])
    return (card.organisation_id, "customer.changed", args) if card else None


def _opportunity(args: Facts) -> Told:
    view = customers.opportunity(args["opportunity"])
    if view is None:
        return None
    return view.organisation_id, "opportunity.changed", args | {"customer": view.customer_id, "stage": view.stage}


def _orders(args: Facts) -> Told:
    return args["organisation"], "orders.recorded", {"numbers": args["numbers"]}


def _complaint(args: Facts) -> Told:
    card = customers.customers([args["customer"]]).get(args["customer"])
    return (card.organisation_id, "complaint.logged", args) if card else None


def _need(args: Facts) -> Told:
    if args["kind"] != "need":
        return None
    facts = {name: args[name] for name in ("customer", "opportunity", "project")}
    return sourcing.project(args["project"]).organisation_id, "need.started", facts


def _award(args: Facts) -> Told:
    project, award = sourcing.project(args["project"]), awards.award_by_id(args["award"])
    facts = {"award": award.id, "project": project.id, "state": award.state}
    origin = {"customer": project.customer_id, "opportunity": project.opportunity_id}
    return project.organisation_id, "award.decided", facts | origin


def _contract(args: Facts, event: str = "contract.approved") -> Told:
    view = contracts.contract(args["contract"])
    project = sourcing.project(view.project_id) if view.project_id else None
    origin = {"customer": project.customer_id, "opportunity": project.opportunity_id} if project else {}
    facts = {"contract": view.id, "project": view.project_id, "state": view.state}
    return view.organisation_id, event, facts | origin


def _signed(args: Facts) -> Told:
    return _contract(args, "contract.signed")


SUBSCRIPTIONS: dict[str, Callable[[Facts], Told]] = {
    "CustomerChanged": _customer,
    "OpportunityChanged": _opportunity,
    "OrdersRecorded": _orders,
    "ComplaintLogged": _complaint,
    "BusinessNoted": _need,
    "AwardDecided": _award,
    "ContractApproved": _contract,
    "ContractSigned": _signed,
}


def _announcer(tell: Callable[[Facts], Told]) -> jobs.Handler:
    def handle(work: jobs.Work) -> None:
        told = tell(work.args)
        if told is not None:
            organisation_id, event, facts = told
            webhooks.announce(organisation_id, event, facts, cause=work.job_id, now=work.now)

    return handle


def deliver(work: jobs.Work) -> None:
    webhooks.deliver(work.args["delivery"], work.now)


def run_crm(work: jobs.Work) -> None:
    crm.run(work.args["run"], work.now, work.args.get("attempt", 0))


def _follow(tell: Callable[[Facts], Told]) -> jobs.Handler:
    """What was decided goes back to where the customer's wish came from."""

    def handle(work: jobs.Work) -> None:
        told = tell(work.args)
        if told is not None and told[2].get("opportunity"):
            crm.run_by_itself(told[0], work.now)

    return handle


def register(app: Flask) -> None:
    jobs.register(app, webhooks.DELIVER, deliver)
    for event, tell in SUBSCRIPTIONS.items():
        jobs.subscribe(app, event, "webhooks", _announcer(tell))
    jobs.register(app, crm.RUN, run_crm)
    for event in ("BusinessNoted", "AwardDecided", "ContractApproved", "ContractSigned"):
        jobs.subscribe(app, event, "crm", _follow(SUBSCRIPTIONS[event]))
