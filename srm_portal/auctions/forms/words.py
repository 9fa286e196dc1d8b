"""The frozen rules as sentences: what a bidder accepts, and what a buyer checks before publishing."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from srm_portal.auctions.domain.rules import Rules
from srm_portal.web import formats
from srm_portal.web.i18n import language

KIND_WORDS = {
    "bid": _l("Bid"),
    "extension": _l("Extended"),
    "pause": _l("Paused"),
    "resume": _l("Resumed"),
    "reopen": _l("Opened again"),
    "ended": _l("Closed"),
    "open": _l("Opened"),
    "close": _l("Closed"),
    "removed": _l("Bid removed"),
    "block": _l("Right to bid changed"),
    "withdrawn": _l("Sealed bid withdrawn"),
    "lot_opened": _l("Lot opened"),
    "lot_closed": _l("Lot closed"),
    "lot_review": _l("Bidding ended; time to report trouble"),
    "change_rules": _l("Rules changed"),
    "accept": _l("Price accepted"),
    "proxy": _l("Automatic bidding set"),
    "cancel_proxy": _l("Automatic bidding ended"),
    "accept_terms": _l("Rules accepted"),
    "extend": _l("Extended"),
    "cancel": _l("Called off"),
    "remove_bid": _l("Bid removed"),
    "unblock": _l("Right to bid given back"),
    "outage": _l("The portal was away"),
    "withdraw": _l("Sealed bid withdrawn"),
    "made": _l("Automatic bid"),
}
REASON_WORDS = {
    "outage": _l("The portal was away"),
    "clock_stepped": _l("The portal's clock jumped; the time that was left is kept."),
    "invitation_withdrawn": _l("The invitation was withdrawn."),
}
"""Why the portal itself acted. What a buyer typed is shown as typed."""
SCENE_WORDS = {"open": _l("just opened"), "bidding": _l("half-way"), "closed": _l("after the end")}
PROFILE_WORDS = {
    "rank_english": _l("Prices fall. Every bidder sees the own rank, never a rival's price. The usual choice."),
    "open_lead": _l("Prices fall. Who has bid sees the lead price and must beat it. For four bidders or more."),
    "weighted_live": _l("Price and frozen quality points make one score; the score is ranked."),
    "bonus_malus": _l("Prices are ranked with each bidder's bonus or malus."),
    "dutch_fast": _l("The price climbs step by step; the first to accept wins at that price."),
    "japanese": _l("The price falls step by step; who does not accept a step in time is out."),
    "fair_rounds": _l("Three rounds in turns, highest price first, after opening offers."),
    "sealed_then_live": _l("Sealed bids first; after the opening the best, at least three, go live."),
    "face_to_face": _l("For two or three bidders: they see only whether they lead, with long overtime."),
}


def _money(rules: Rules, amount: Decimal) -> str:
    return formats.money(amount, rules.currency, language())


def rules_in_words(rules: Rules) -> list[str]:
    """One sentence a rule, in the reader's language."""
    return [*_format(rules), *_steps(rules), *_overtime(rules), *_shown(rules), *_around(rules), *_always(rules)]


def _format(rules: Rules) -> list[str]:
    if rules.format == "dutch" and rules.dutch is not None:
        clock = rules.dutch
        return [
            _(
                "The price starts at %(start)s and climbs by %(step)s every %(seconds)s seconds, up to %(cap)s. "
                "The first to accept the price shown wins, and the lot closes at once.",
                start=_money(rules, clock.start), step=_money(rules, clock.step), seconds=clock.tick_s,
                cap=_money(rules, clock.cap),
            )
        ]  # fmt: skip
    if rules.format == "japanese" and rules.japanese is not None:
        falling = rules.japanese
        return [
            _(
                "The price starts at %(start)s and falls every %(seconds)s seconds. To stay in, accept each price "
                "while it is shown; who misses one is out of that lot for good.",
                start=_money(rules, falling.start), seconds=falling.tick_s,
            ),
            _("Accepting a price accepts all prices above it. The last accepted, lowest price wins."),
        ]  # fmt: skip
    if rules.format == "rounds":
        turns = rules.turns
        return [
            ngettext("There is %(num)d round of turns.", "There are %(num)d rounds of turns.", turns.count),
            _(
                "In each round bidders act in turn, the highest price first; a turn lasts %(s)s seconds.",
                s=turns.turn_s,
            ),
        ]  # fmt: skip
    if rules.format == "sealed":
        found = [_("Bids are sealed: nobody sees an amount before the opening. Until the close you may change yours.")]
        if rules.closed_then_open_percent is not None:
            share = formats.number(rules.closed_then_open_percent, language())
            found.append(
                _(
                    "After the opening the best, at least three, and all within %(percent)s %% of the best bid on live.",
                    percent=share,
                )
            )
        return found
    return [
        _("Bids go down. Your last bid stands until you place a better one; a bid cannot be withdrawn or raised.")
        if rules.sign > 0
        else _("Bids go up. Your last bid stands until you place a better one; a bid cannot be withdrawn or lowered.")
    ]


def _steps(rules: Rules) -> list[str]:
    if rules.has_clock:
        return []
    found = []
    step = rules.decrement
    base = {
        "own": _("your own last bid"),
        "leader": _("the lead"),
        "next_rank": _("the next better bid"),
    }[step.base]
    if step.percent:
        found.append(
            _(
                "A bid must improve on %(base)s by at least %(amount)s or %(percent)s %%, whichever is larger.",
                base=base, amount=_money(rules, step.amount), percent=formats.number(step.percent, language()),
            )
        )  # fmt: skip
    else:
        found.append(
            _("A bid must improve on %(base)s by at least %(amount)s.", base=base, amount=_money(rules, step.amount))
        )
    if rules.max_change_percent is not None:
        share = formats.number(rules.max_change_percent, language())
        found.append(_("A change of more than %(percent)s %% must be confirmed a second time.", percent=share))
    ties = {
        "timestamp": _("Of equal bids the earlier stands first."),
        "equal_best": _("Equal bids share the better place."),
        "equal_worst": _("Equal bids share the worse place."),
        "forbid": _("A bid equal to another is refused."),
        "forbid_first": _("A bid equal to the lead is refused."),
    }
    return [*found, ties[rules.ties]]


def _overtime(rules: Rules) -> list[str]:
    each = rules.extension
    if each is None or rules.has_clock or rules.format == "rounds":
        return []
    trigger = {
        "any": _("any bid"),
        "new_leader": _("a bid that takes the lead"),
        "beats_other": _("a bid that beats another bidder's"),
    }.get(str(each.trigger)) or _("a bid that lands in rank %(rank)s or better", rank=each.trigger)
    text = _(
        "Overtime: %(trigger)s in the last %(window)s seconds moves the end, so that %(length)s seconds remain; "
        "at the latest %(stop)s minutes after the planned end.",
        trigger=trigger, window=each.window_s, length=each.length_s, stop=each.hard_stop_s // 60,
    )  # fmt: skip
    return [text]


def _shown(rules: Rules) -> list[str]:
    shown = rules.visibility
    seen = [
        words
        for flag, words in (
            (shown.rank, _("your own rank")),
            (shown.colour, _("whether you lead")),
            (shown.lead_price, _("the lead price")),
            (shown.to_beat, _("the amount that takes the lead")),
            (shown.distance, _("your distance to the lead")),
            (shown.bidder_count, _("the number of bidders")),
            (shown.history, _("all bids without names")),
            (shown.reserve_met, _("whether the reserve is met")),
        )
        if flag and not rules.has_clock
    ]
    found = [_("You see: %(what)s.", what=", ".join(seen))] if seen else []
    if rules.metric != "price":
        found.append(_("Bids are ranked on more than the price, by factors fixed before the start."))
    return [*found, _("Other bidders' names are never shown, neither is yours to them.")]


def _around(rules: Rules) -> list[str]:
    """Bids before the opening, several lots, the time after the end."""
    found = []
    if rules.prebid_s and not rules.has_clock and rules.format != "rounds":
        found.append(_("First bids are taken from %(m)s minutes before the opening.", m=rules.prebid_s // 60))
    timing = rules.lots_timing
    if timing.kind == "serial":
        found.append(_("Lots come one after the other, %(s)s seconds apart.", s=timing.gap_s))
    elif timing.kind == "staggered":
        found.append(_("Lots close one after the other, %(s)s seconds apart.", s=timing.spacing_s))
    if rules.packages:
        found.append(_("The sum over all lots is ranked, too; it opens and closes nothing by itself."))
    if rules.review_s:
        found.append(
            _(
                "After the end there are %(m)s minutes to report trouble before the result stands.",
                m=rules.review_s // 60,
            )
        )
    return found


def _always(rules: Rules) -> list[str]:
    return [
        _("Prices are in %(currency)s, without tax.", currency=rules.currency)
        if rules.without_tax
        else _("Prices are in %(currency)s, with tax.", currency=rules.currency),
        _("The server's clock decides: a bid that arrives at the very moment of the close is late."),
        _("If the portal is away for more than %(s)s seconds, the auction is paused.", s=rules.outage_grace_s),
    ]
