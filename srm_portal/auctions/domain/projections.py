"""What each viewer is sent (R14, R15, R42, R55, R62): allow-lists, built field by field. Nothing else leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.auctions.domain import bidding, clocks, results, timing
from srm_portal.auctions.domain.board import buyer_view
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.figures import amount_text, metric_text
from srm_portal.auctions.domain.metrics import ceil_tick
from srm_portal.auctions.domain.public import heard, is_hidden, maybe_amount, public_lot
from srm_portal.auctions.domain.ranking import rank_of
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Rules, Visibility
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.domain.state import LotState, State
from srm_portal.auctions.domain.steps import open_next_valid, shows_lead, takes_the_lead

OBSERVER = "observer"
OWN_BIDS_SHOWN = 50


def view(state: State, viewer: str, moment: datetime, policy: Visibility | None = None) -> dict[str, Any]:
    """The screen of a bidder (by id), of the buyer, or of an observer at `moment`, under `policy` (the rules' own)."""
    shown = policy or state.rules.visibility
    if viewer == BUYER:
        return buyer_view(state, moment)
    head: dict[str, Any] = {
        "viewer": viewer,
        "state_seq": heard(state, viewer),
        "version": state.version,
        "rules_sha256": rules_sha256(state.rules),
        "format": state.rules.format,
        "direction": state.rules.direction,
        "currency": state.rules.currency,
        "without_tax": state.rules.without_tax,
        "practice": state.rules.practice,
    }
    if viewer == OBSERVER:
        return head | {"lots": [public_lot(state, lot, moment) for lot in state.lots.values()]}
    standing = state.bidders[viewer]
    head["blocked"] = standing.blocked
    head["confirm_terms"] = standing.accepted_version < state.required_version
    head["lots"] = [bidder_lot(state, lot, viewer, moment, shown) for lot in state.lots.values()]
    if state.rules.packages:
        head["packages"] = own_packages(state, viewer, shown)
    return head


def bidder_lot(state: State, lot: LotState, bidder: str, moment: datetime, policy: Visibility) -> dict[str, Any]:
    """One lot on a bidder's screen."""
    rules = state.rules
    own = lot.best(bidder)
    line = public_lot(state, lot, moment)
    line["own"] = None
    if own is not None:
        line["own"] = {
            "amount": amount_text(rules, own.amount),
            "metric": metric_text(rules, own.cost),
            "seq": None if is_hidden(state, lot) else own.seq,
        }
    line["own_bids"] = [
        {
            "amount": amount_text(rules, bid.amount),
            "seq": None if is_hidden(state, lot) else bid.seq,
            "removed": bid.removed,
            "made": bid.placed.trigger is not None,
        }
        for bid in lot.bids.get(bidder, [])[-OWN_BIDS_SHOWN:]
    ]
    if timing.phase(state, lot, moment) == "closed" and not is_hidden(state, lot):
        line["won"] = bidder in results.winners(state, lot, moment)
    if rules.format == "japanese":
        line["active"] = still_in(state, lot, bidder, moment)
    if rules.has_clock or is_hidden(state, lot):
        return line
    if rules.format == "rounds":
        line["turn"] = _turn(state, lot, bidder, moment)
    line["next_valid"] = None
    if not timing.is_over(state, lot, moment):
        line["next_valid"] = maybe_amount(rules, open_next_valid(state, lot, bidder, policy))
    proxy = lot.proxies.get(bidder)
    if proxy is not None:
        line["proxy"] = {"limit": amount_text(rules, proxy.limit), "step": amount_text(rules, proxy.step)}
    return line | _rivals(state, lot, bidder, policy)


def still_in(state: State, lot: LotState, bidder: str, moment: datetime) -> bool:
    """Whether a bidder is still in a Japanese lot (R37)."""
    clock = state.rules.japanese
    assert clock is not None
    at = min(lot.paused_at or moment, lot.close)
    tick = clocks.ticks_between(lot.grid, at, clock.tick_s)
    return not state.bidders[bidder].blocked and lot.stayed.get(bidder, 0) >= tick


def _rivals(state: State, lot: LotState, bidder: str, policy: Visibility) -> dict[str, Any]:
    rules, own, lead = state.rules, lot.best(bidder), lot.lead()
    line: dict[str, Any] = {}
    if policy.rank:
        line["rank"] = rank_of(lot.ranked, bidder, rules.ties)
    if policy.colour:
        line["colour"] = colour(lot, bidder)
    if shows_lead(lot, bidder, policy):
        line["lead_price"] = None if lead is None else amount_text(rules, lead.amount)
    if policy.distance:
        line["distance"] = None
        if own is not None and lead is not None:
            line["distance"] = amount_text(rules, ceil_tick(abs(own.amount - lead.amount), rules.tick))
    if policy.to_beat:
        line["to_beat"] = maybe_amount(rules, takes_the_lead(state, lot, bidder))
    if policy.bidder_count:
        line["bidder_count"] = len(lot.ranked)
    if policy.history:
        line["history"] = _history(rules, lot, bidder)
    if policy.reserve_met and lot.lot.reserve is not None:
        line["reserve_met"] = results.reserve_met(state, lot)
    if policy.competitors and policy.bidder_count:
        line["competitors"] = [{"rank": row.rank, "own": row.bidder == bidder} for row in results.ranking(state, lot)]
    return line


def colour(lot: LotState, bidder: str) -> str:
    """leading, tied (with the lead's metric) or not_leading."""
    own = lot.best(bidder)
    if own is None or own.cost != lot.ranked[0][0]:
        return "not_leading"
    shared = len(lot.ranked) > 1 and lot.ranked[1][0] == own.cost
    return "tied" if shared else "leading"


def _history(rules: Rules, lot: LotState, bidder: str) -> list[dict[str, Any]]:
    """Anonymous: amounts and times, own ones marked. Without aliases, so it does not count participants."""
    bids = sorted((bid for bids in lot.bids.values() for bid in bids if bid.live), key=lambda bid: bid.seq)
    return [
        {
            "amount": amount_text(rules, bid.amount),
            "recv": moment_text(bid.placed.recv),
            "own": bid.placed.bidder == bidder,
        }
        for bid in bids
    ]


def _turn(state: State, lot: LotState, bidder: str, moment: datetime) -> dict[str, Any]:
    """R50: whose turn it is, told only to the one who acts; opening bids are shown without names."""
    turns, at = state.rules.turns, lot.paused_at or moment
    inside = lot.open <= at < lot.close
    turn = clocks.turn_at(turns, len(state.bidders), at - lot.grid) if inside else None
    opening = sorted(
        (bid.amount for bids in lot.bids.values() for bid in bids if bid.seq == 0 and bid.live),
        key=lambda amount: -state.rules.sign * amount,
    )
    return {
        "round": None if turn is None else turn[0] + 1,
        "yours": turn is not None and bidding.whose_turn(state, lot, at) == bidder,
        "opening_bids": [amount_text(state.rules, amount) for amount in opening],
    }


def own_packages(state: State, bidder: str, policy: Visibility) -> list[dict[str, Any]]:
    """A bidder's own sums over the lots of each package, with their rank where ranks are shown (R58)."""
    return [_own_package(state, index, bidder, policy) for index in range(len(state.rules.packages))]


def _own_package(state: State, index: int, bidder: str, policy: Visibility) -> dict[str, Any]:
    package = state.rules.packages[index]
    own = [row for row in results.package_ranking(state, package) if row.bidder == bidder]
    line: dict[str, Any] = {"id": package.id, "lots": list(package.lots), "amount": None}
    if own:
        line["amount"] = amount_text(state.rules, own[0].amount)
    if policy.rank and not state.rules.has_clock:
        line["rank"] = own[0].rank if own else None
    return line
