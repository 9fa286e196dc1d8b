"""Setting an auction up, and the buyer's acts on it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.auctions.domain.rules_writing import VISIBLE
from srm_portal.auctions.queries import FORMAT_NAMES
from srm_portal.auctions.services import Settings
from srm_portal.web.forms import (
    AmountField,
    BooleanField,
    MomentField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    optional,
    required,
)

KEEP = ("", _l("as the profile says"))
BASE_CHOICES = [
    KEEP,
    ("own", _l("the bidder's own last bid")),
    ("leader", _l("the lead")),
    ("next_rank", _l("the next better bid")),
]
DIRECTION_CHOICES = [("reverse", _l("Buying: bids go down")), ("forward", _l("Selling: bids go up"))]
TRIGGER_CHOICES = [
    KEEP,
    ("any", _l("every bid")),
    ("rank_3", _l("a bid that lands in rank 3 or better")),
    ("new_leader", _l("a new leader")),
    ("beats_other", _l("a bid that beats another's")),
]
TIE_CHOICES = [
    KEEP,
    ("timestamp", _l("the earlier bid stands before the later")),
    ("equal_best", _l("both share the better place")),
    ("equal_worst", _l("both share the worse place")),
    ("forbid", _l("equal bids are refused")),
    ("forbid_first", _l("only a tie for the lead is refused")),
]
TIMING_CHOICES = [
    ("parallel", _l("all lots at once")),
    ("staggered", _l("closing one after the other")),
    ("serial", _l("one after the other")),
]
SHOWN_CHOICES = [
    ("rank", _l("own rank")),
    ("colour", _l("leading or not")),
    ("lead_price", _l("lead price")),
    ("lead_after_own_bid", _l("lead price only after an own bid")),
    ("to_beat", _l("the bid that takes the lead")),
    ("distance", _l("distance to the lead")),
    ("bidder_count", _l("number of bidders")),
    ("history", _l("all bids, without names")),
    ("reserve_met", _l("whether the reserve is met")),
]
PER_BIDDER = ("factor", "addition", "quality", "start_price")


class CheckList(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _amount(label: Any, description: Any = "", **kwargs: Any) -> AmountField:
    return AmountField(label, [optional()], description=description, **kwargs)


def _whole(label: Any, low: int, high: int, description: Any = "", **kwargs: Any) -> IntegerField:
    return IntegerField(label, [optional(), NumberRange(min=low, max=high)], description=description, **kwargs)


class AuctionForm(PortalForm):
    """Every setting with its consequence as one sentence below it; empty fields keep what the profile says."""

    profile = RadioField(_l("Start from"), choices=list(FORMAT_NAMES.items()), default="rank_english")
    title = StringField(_l("Title"), [Length(max=300)], description=_l("Bidders read it as the name of the auction."))
    opens_at = MomentField(
        _l("Opens"), [required()], description=_l("From here on bids count; bidders see a countdown.")
    )
    minutes = IntegerField(
        _l("Length (minutes)"),
        [required(), NumberRange(min=1, max=10080)],
        default=30,
        description=_l("The planned end; overtime may move it. Clocks and turns end by their own rules."),
    )
    suppliers = CheckList(_l("Who takes part"))
    direction = SelectField(
        _l("Direction"),
        choices=DIRECTION_CHOICES,
        default="reverse",
        description=_l(
            "Selling is for surplus and scrap: the highest bid wins. The two limits then turn into the lowest price taken "
            "and the lowest that wins."
        ),
    )
    decrement = _amount(
        _l("Smallest step"),
        _l("Every bid must be better by this much. Too large: bidders stop early. Too small: they crawl."),
    )
    decrement_percent = _amount(
        _l("Smallest step in percent"), _l("With both set, the larger of the two holds; 0: only the amount."), digits=2
    )
    base = SelectField(
        _l("Step measured from"),
        choices=BASE_CHOICES,
        description=_l("From the own bid, nobody learns a rival's price; from the lead, every bid must take it."),
    )
    max_change_percent = _amount(
        _l("Ask again above (percent)"),
        _l("A larger change must be confirmed a second time: it catches a slip of the finger."),
        digits=2,
    )
    window_s = _whole(
        _l("Overtime (seconds)"),
        0,
        3600,
        _l("A bid this short before the end moves the end, so that rivals can answer; 0: the last second decides."),
    )
    trigger = SelectField(
        _l("What extends"),
        choices=TRIGGER_CHOICES,
        description=_l("The fewer bids extend, the sooner it is over; bids that change nothing then buy no time."),
    )
    hard_stop_min = _whole(
        _l("Latest end (minutes after the planned one)"), 0, 1440, _l("Overtime never goes beyond this moment.")
    )
    ties = SelectField(
        _l("Equal bids"),
        choices=TIE_CHOICES,
        description=_l("How equal bids are ranked on the screens; the award's own order stays: first come, first."),
    )
    timing = SelectField(
        _l("Lots"),
        choices=TIMING_CHOICES,
        description=_l("All at once is quickest; one after the other lets small companies follow."),
    )
    gap_s = _whole(
        _l("Seconds between lots"), 0, 86400, _l("Between two closings, or a close and the next opening."), default=0
    )
    package = BooleanField(
        _l("Rank the sum of all lots, too"),
        description=_l(
            "One more line beside the lots shows who is best over all; it opens and closes nothing by itself."
        ),
    )
    ceiling = _amount(_l("Highest price taken"), _l("Bids above it are refused; bidders see it."))
    reserve = _amount(_l("Reserve price"), _l("Nobody wins above it; bidders never see it."))
    prebid_min = _whole(
        _l("Bids before the opening (minutes)"),
        0,
        20160,
        _l("So long before the opening first bids are taken; 0: none."),
    )
    review_min = _whole(
        _l("Review after the end (minutes)"), 0, 1440, _l("Time to report trouble before the result stands; 0: none.")
    )
    own_view = BooleanField(_l("Choose what bidders see"))
    shown = CheckList(
        _l("Bidders see"),
        choices=SHOWN_CHOICES,
        description=_l("The more they see, the faster they bid, and the more few bidders learn about each other."),
    )
    start = _amount(
        _l("Start of the clock"),
        _l("Dutch: below what anybody would accept. Japanese: where everybody gladly stays in."),
    )
    step = _amount(_l("Step of the clock"), _l("By how much the price moves each time."))
    tick_s = _whole(_l("Seconds per step"), 2, 3600, _l("How long each price stands; people need time to decide."))
    cap = _amount(_l("Highest price of the clock (Dutch)"), _l("There it stays one step, then the lot closes unsold."))
    min_active = _whole(
        _l("Ends when so many stay (Japanese)"),
        0,
        1000,
        _l("1: until one is left, who wins at the last price accepted."),
    )
    price_weight = _amount(
        _l("Weight of the price (percent)"), _l("The rest is the weight of the quality points."), digits=2
    )
    floor = _amount(
        _l("Price with full points"), _l("At this price the price earns all its points; at the highest, none.")
    )
    live_percent = _amount(
        _l("Goes live within (percent of the best)"),
        _l("After the opening the best, at least three, and all within this distance bid on in the open."),
        digits=2,
    )
    practice = BooleanField(
        _l("Practice: nothing counts"), description=_l("Every screen says so; no award comes of it.")
    )
    simulated = BooleanField(_l("Simulated bidders play (demonstration)"))
    blind = BooleanField(
        _l("Hide names from me until the end"),
        description=_l("The cockpit shows letters instead of names, so that nobody can say you favoured one."),
    )
    contact = StringField(_l("Who helps during the auction"), [Length(max=300)])
    phone = StringField(
        _l("Phone"), [Length(max=60)], description=_l("Shown in the room: a bidder in trouble calls it.")
    )
    override_reason = TextAreaField(
        _l("Reason for showing more than advised"),
        [Length(max=1000)],
        description=_l("Needed for rank with two bidders, lead price with three. It is kept with the auction."),
    )

    def settings(self) -> Settings:
        """What was typed, as the service takes it; empty fields keep the profile's values."""
        values: dict[str, Any] = {}
        for name in AuctionForm.names():
            data = self._fields[name].data
            if data is None or (data == "" and name in ("base", "trigger", "ties")):
                continue
            values[name] = data
        for name in ("minutes", "gap_s"):
            values[name] = values.get(name) or (30 if name == "minutes" else 0)
        if self.own_view.data:
            values["shown"] = tuple(name for name in self.shown.data or [] if name in VISIBLE)
        values["factors"] = {key: value / 100 for key, value in self._each("factor").items()}
        values["additions"] = self._each("addition")
        values["qualities"], values["start_prices"] = self._each("quality"), self._each("start_price")
        return Settings(**values)

    @staticmethod
    def names() -> list[str]:
        """The fields that stand for one setting each."""
        apart = ("suppliers", "own_view", "shown")
        return [name for name in Settings.__dataclass_fields__ if hasattr(AuctionForm, name) and name not in apart]

    def _each(self, kind: str) -> dict[str, Decimal]:
        """What was typed per bidder, for those who take part."""
        chosen = self.suppliers.data or []
        typed = {one: self._fields[f"{kind}_{one}"].data for one in chosen if f"{kind}_{one}" in self._fields}
        return {one: value for one, value in typed.items() if value is not None}


def auction_form(candidates: Sequence[tuple[str, str]]) -> AuctionForm:
    """The form with a row of figures for each company that may take part."""
    fields: dict[str, Any] = {}
    for supplier_id, name in candidates:
        fields[f"factor_{supplier_id}"] = _amount(
            _l("Malus in percent for %(name)s", name=name), minimum=None, digits=4
        )
        fields[f"addition_{supplier_id}"] = _amount(_l("Added cost for %(name)s", name=name), minimum=None, digits=2)
        fields[f"quality_{supplier_id}"] = _amount(_l("Quality points of %(name)s", name=name), digits=2)
        fields[f"start_price_{supplier_id}"] = _amount(_l("Opening bid of %(name)s", name=name), digits=2)
    form: AuctionForm = type("FilledAuctionForm", (AuctionForm,), fields)()
    form.suppliers.choices = list(candidates)
    return form


class ControlForm(PortalForm):
    """Pause, resume, extend, close, remove, cancel, reopen: an optional lot, seconds or bid, and the reason."""

    reason = StringField(_l("Reason"), [Length(max=1000)])
    lot = StringField(_l("Lot"), [Length(max=20)])
    seconds = _whole(_l("Seconds"), 1, 86400)
    seq = _whole(_l("Bid number"), 1, 10**9)
    supplier = StringField(_l("Bidder"), [Length(max=20)])


class MessageForm(PortalForm):
    text = TextAreaField(_l("Message"), [required(), Length(max=1000)])
    to = StringField(_l("To"), [Length(max=20)])


class SurrogateForm(PortalForm):
    supplier = StringField(_l("Bidder"), [required(), Length(max=20)])
    lot = StringField(_l("Lot"), [required(), Length(max=20)])
    amount = AmountField(_l("Amount"), [required()], minimum=Decimal(0))
    evidence = StringField(_l("On what evidence"), [required(), Length(max=1000)])
    key = StringField(_l("Number"), [required(), Length(max=64)])
