"""What the award's coded words are called, for pages, letters and the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from srm_portal.awards import queries
from srm_portal.bidding_lists.forms import INVITATION_STATES
from srm_portal.web import formats

STATES = {
    "draft": _l("draft"),
    "proposed": _l("waits for a decision"),
    "approved": _l("approved"),
    "returned": _l("sent back"),
}
SOURCES = {"offer": _l("offer"), "auction": _l("auction"), "negotiation": _l("negotiation")}
KINDS = {
    "cheapest": _l("Cheapest"),
    "best_score": _l("Best score of price and quality"),
    "best_of": _l("Cheapest with at most so many suppliers"),
    "incumbents": _l("Incumbents keep their lots"),
    "own": _l("Own constraints only"),
    "ranking": _l("Best ranked supplier of each lot"),
    "by_hand": _l("By hand"),
}
RULES = {
    "max_suppliers": _l("At most so many suppliers"),
    "min_suppliers": _l("At least so many suppliers"),
    "max_suppliers_per_lot": _l("At most so many suppliers for each lot"),
    "min_suppliers_per_lot": _l("At least so many suppliers for each lot"),
    "max_share": _l("Share of spend at most"),
    "min_share": _l("Share of spend at least"),
    "min_share_if_used": _l("Share of spend at least, for who wins anything"),
    "min_quality": _l("Mean quality at least"),
    "fix": _l("Lot goes to supplier"),
    "exclude": _l("Supplier gets nothing"),
}
STANDING = {
    "uncovered_lot": _l("Lot %(lot)s is not covered."),
    "covered_twice": _l("Lot %(lot)s is given twice."),
    "share_range": _l("The share of %(supplier)s in lot %(lot)s is not allowed."),
    "capacity": _l("%(supplier)s cannot deliver so much."),
    "xor_group": _l("%(supplier)s wins two packages that exclude each other."),
}


def invitation(state: str) -> str:
    return str(INVITATION_STATES.get(state, state))


def status(view: queries.ScenarioView) -> str:
    """The answer in words."""
    words = {
        "optimal": _("best possible, proved"),
        "feasible": _("best found in time"),
        "infeasible": _("cannot be met"),
        "unknown": _("nothing found in time"),
        "by_hand": _("made by hand"),
    }
    if view.state in ("solving", "stopping"):
        return _("being solved")
    if view.state == "failed":
        return _("failed")
    return words.get(view.status, view.status)


def rule(one: Mapping[str, Any], suppliers: Mapping[str, str], language: str) -> str:
    """A constraint as a sentence."""
    kind, value = one["kind"], one.get("value")
    supplier = suppliers.get(one.get("supplier") or "", one.get("supplier") or "")
    share = formats.percent(Decimal(str(value)), language) if "share" in kind else ""
    if kind == "fix":
        return _("Lot %(lot)s goes to %(supplier)s", lot=one["lot"], supplier=supplier)
    if kind == "exclude" and one.get("lot"):
        return _("%(supplier)s does not get lot %(lot)s", supplier=supplier, lot=one["lot"])
    if kind == "exclude":
        return _("%(supplier)s gets nothing", supplier=supplier)
    if kind in ("max_share", "min_share"):
        whose = supplier or (_("group “%(name)s”", name=one["group"]) if one.get("group") else _("every supplier"))
        words = (
            _("%(whose)s: at most %(share)s of spend")
            if kind == "max_share"
            else _("%(whose)s: at least %(share)s of spend")
        )
        return words % {"whose": whose, "share": share}
    sentences = {
        "max_suppliers": _("At most %(value)s suppliers"),
        "min_suppliers": _("At least %(value)s suppliers"),
        "max_suppliers_per_lot": _("At most %(value)s suppliers for each lot"),
        "min_suppliers_per_lot": _("At least %(value)s suppliers for each lot"),
        "min_share_if_used": _("Who wins anything gets at least %(value)s of spend"),
        "min_quality": _("Mean quality at least %(value)s"),
    }
    return sentences[kind] % {"value": share or value}


def violation(one: Mapping[str, Any], view: queries.ScenarioView, suppliers: Mapping[str, str], language: str) -> str:
    """A broken rule in words."""
    supplier = suppliers.get(one.get("supplier") or "", "")
    if one["index"] is None:
        return str(STANDING[one["code"]]) % {"lot": one.get("lot") or "", "supplier": supplier}
    return rule(view.rules[one["index"]], suppliers, language)


def promise(one: Mapping[str, Any]) -> str:
    """The promised rule as suppliers read it."""
    words = {
        "ranking": _("Each lot is awarded to the best ranked supplier who offers for it."),
        "cheapest": _("The lots are awarded so that the total cost is lowest."),
        "best_score": _(
            "The lots are awarded so that price (%(price)s points) and quality (%(quality)s points) together score highest.",
            price=one.get("price_weight", "0"),
            quality=one.get("quality_weight", "0"),
        ),
    }[one["kind"]]
    more = []
    if one.get("suppliers"):
        more.append(_("At most %(count)s suppliers win.", count=one["suppliers"]))
    if one.get("split"):
        more.append(_("A lot may be split between suppliers."))
    return " ".join([words, *more])


def kept(verdict: Mapping[str, Any], money: Callable[[Decimal], str]) -> str:
    """Whether the promised rule was kept, as a sentence; "" where nothing was promised."""
    if not verdict:
        return ""
    if verdict["kept"]:
        return _("The promised rule was kept.")
    difference = verdict.get("difference")
    if difference is None:
        return _("The promised rule was not kept. Reason: %(reason)s", reason=verdict["departure"])
    whole, _sign, part = difference.partition("/")
    amount = money((Decimal(whole) / Decimal(part or "1")).quantize(Decimal("0.01")))
    return _(
        "The promised rule was not kept; against it this award costs %(amount)s. Reason: %(reason)s",
        amount=amount,
        reason=verdict["departure"],
    )
