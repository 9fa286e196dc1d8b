"""Setting an auction up, and the buyer's acts on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField
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
SIZES = {"minutes", "window_s", "hard_stop_min", "gap_s", "tick_s", "min_active"}


class CheckList(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _amount(label: Any, **kwargs: Any) -> AmountField:
    return AmountField(label, [optional()], **kwargs)


def _whole(label: Any, low: int, high: int, **kwargs: Any) -> IntegerField:
    return IntegerField(label, [optional(), NumberRange(min=low, max=high)], **kwargs)


class AuctionForm(PortalForm):
    profile = SelectField(_l("Start from"), choices=list(FORMAT_NAMES.items()))
    title = StringField(_l("Title"), [Length(max=300)])
    opens_at = MomentField(_l("Opens"), [required()])
    minutes = IntegerField(_l("Length (minutes)"), [required(), NumberRange(min=1, max=10080)], default=30)
    suppliers = CheckList(_l("Who takes part"))
    decrement = _amount(_l("Smallest step"), description=_l("By how much a bid must be better."))
    decrement_percent = _amount(_l("Smallest step in percent"), digits=2)
    base = SelectField(_l("Step measured from"), choices=BASE_CHOICES)
    max_change_percent = _amount(
        _l("Ask again above (percent)"), digits=2, description=_l("A larger change needs a second confirmation.")
    )
    window_s = _whole(
        _l("Overtime (seconds)"), 0, 3600, description=_l("A bid this short before the end extends the lot; 0: never.")
    )
    trigger = SelectField(_l("What extends"), choices=TRIGGER_CHOICES)
    hard_stop_min = _whole(_l("Latest end (minutes after the planned one)"), 0, 1440)
    ties = SelectField(_l("Equal bids"), choices=TIE_CHOICES)
    timing = SelectField(_l("Lots"), choices=TIMING_CHOICES)
    gap_s = _whole(_l("Seconds between lots"), 0, 86400, default=0)
    ceiling = _amount(_l("Highest price taken"), description=_l("Bids above it are refused; shown to bidders."))
    reserve = _amount(_l("Reserve price"), description=_l("Nobody wins above it; never shown."))
    own_view = BooleanField(_l("Choose what bidders see"))
    shown = CheckList(_l("Bidders see"), choices=SHOWN_CHOICES)
    start = _amount(_l("Start of the clock"))
    step = _amount(_l("Step of the clock"))
    tick_s = _whole(_l("Seconds per step"), 2, 3600)
    cap = _amount(_l("Highest price of the clock (Dutch)"))
    min_active = _whole(_l("Ends when so many stay (Japanese)"), 0, 1000)
    practice = BooleanField(_l("Practice: nothing counts"))
    simulated = BooleanField(_l("Simulated bidders play (demonstration)"))
    blind = BooleanField(_l("Hide names from me until the end"))
    contact = StringField(_l("Who helps during the auction"), [Length(max=300)])
    phone = StringField(_l("Phone"), [Length(max=60)])
    override_reason = TextAreaField(
        _l("Reason for showing more than advised"),
        [Length(max=1000)],
        description=_l("Needed for rank with two bidders, lead price with three."),
    )

    def settings(self) -> Settings:
        """What was typed, as the service takes it; empty fields keep the profile's values."""
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            if name in ("csrf_token", "version", "suppliers", "own_view", "shown"):
                continue
            data = field.data
            if data is None or (data == "" and name in ("base", "trigger", "ties")):
                continue
            values[name] = data
        for name in ("minutes", "gap_s"):
            values[name] = values.get(name) or (30 if name == "minutes" else 0)
        if self.own_view.data:
            values["shown"] = tuple(name for name in self.shown.data or [] if name in VISIBLE)
        return Settings(**values)


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
