"""Rules, lots and bidders read from the JSON of the replay contract."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain.reader import Fields, decimal
from srm_portal.auctions.domain.rules import (
    Bidder,
    Decrement,
    DutchClock,
    Extension,
    JapaneseClock,
    Limits,
    Lot,
    LotsTiming,
    Package,
    Rules,
    Tier,
    Trigger,
    Turns,
    Visibility,
    Weighted,
)
from srm_portal.auctions.domain.rules_writing import VISIBLE, rules_to_json
from srm_portal.kernel.errors import InputError

FORMATS = ("english", "dutch", "japanese", "sealed", "rounds")
DIRECTIONS = ("reverse", "forward")
TIES = ("timestamp", "equal_best", "equal_worst", "forbid", "forbid_first")
METRICS = ("price", "transformed", "weighted", "reduced_price", "life_cycle")
TRIGGERS = ("any", "new_leader", "beats_other")


def rules_from_json(document: object, path: str = "rules", base: Rules | None = None) -> Rules:
    """Parse rules. Absent fields take the contract's defaults.

    With `base` (change_rules) an absent field keeps what holds there; a null one still takes the default.
    """
    if base is not None and isinstance(document, dict):
        document = {**rules_to_json(base), **document}
    fields = Fields(document, path)
    rules = _rules(fields)
    fields.done()
    for kind in ("dutch", "japanese"):
        if rules.format == kind and getattr(rules, kind) is None:
            raise InputError(f"{path}.{kind}", f"give the clock of a {kind} auction, at least {{}}")
    return rules


def _rules(fields: Fields) -> Rules:
    return Rules(
        format=fields.choice("format", FORMATS, "english"),
        direction=fields.choice("direction", DIRECTIONS, "reverse"),
        currency=fields.text("currency", "EUR"),
        tick=fields.decimal("tick", "0.01", positive=True),
        decrement=fields.part("decrement", _decrement) or Decrement(),
        max_change_percent=fields.maybe_decimal("max_change_percent"),
        lead_buffer=fields.maybe_decimal("lead_buffer"),
        leader_may_improve=fields.flag("leader_may_improve", True),
        ties=fields.choice("ties", TIES, "timestamp"),
        tie_chain=fields.items("tie_chain", _tie_part, ("metric", "seq")),
        metric=fields.part("metric", lambda part: part.choice("kind", METRICS, "price")) or "price",
        extension=fields.part("extension", _extension),
        lots_timing=fields.part("lots_timing", _lots_timing) or LotsTiming(),
        resume_min_s=fields.integer("resume_min_s", 60),
        visibility=fields.part("visibility", _visibility) or Visibility(),
        dutch=fields.part("dutch", _dutch),
        japanese=fields.part("japanese", _japanese),
        rounds=fields.part("rounds", _turns),
        qualification_price=fields.maybe_decimal("qualification_price", positive=True),
        limits=fields.part("limits", lambda part: Limits(part.maybe_decimal("min"), part.maybe_decimal("max")))
        or Limits(),
        packages=fields.items("packages", _package),
        closed_then_open_percent=fields.part("closed_then_open", lambda part: part.decimal("percent", "0")),
        outage_grace_s=fields.integer("outage_grace_s", 10),
        review_s=fields.integer("review_s", 0),
        prebid_s=fields.integer("prebid_s", 0),
        without_tax=fields.flag("without_tax", True),
        practice=fields.flag("practice", False),
        terms_first=fields.flag("terms_first", False),
    )


def _decrement(fields: Fields) -> Decrement:
    tiers = fields.items("tiers", _tier)
    return Decrement(
        fields.decimal("amount", "1"),
        fields.maybe_decimal("percent"),
        tiers or None,
        fields.choice("combine", ("larger", "smaller"), "larger"),
        fields.choice("base", ("own", "leader", "next_rank"), "own"),
    )


def _tier(value: object, path: str) -> Tier:
    """`{"from": level, "up_to": level, "amount": step}`, either level may be absent; or the pair `[from, amount]`."""
    if isinstance(value, list) and len(value) == 2:
        return Tier(decimal(value[1], f"{path}[1]"), decimal(value[0], f"{path}[0]"))
    fields = Fields(value, path)
    floor, top = fields.maybe_decimal("from"), fields.maybe_decimal("up_to")
    amount = fields.maybe_decimal("amount")
    fields.done()
    if amount is None:
        raise InputError(f"{path}.amount", "give the decrement of this tier")
    return Tier(amount, floor, top)


def _tie_part(value: object, path: str) -> str:
    if value not in ("metric", "quality", "seq"):
        raise InputError(path, "give one of: metric, quality, seq")
    return str(value)


def _extension(fields: Fields) -> Extension:
    return Extension(
        fields.choice("mode", ("reset", "add", "receipt"), "reset"),
        fields.integer("window_s", 120),
        fields.integer("length_s", 120),
        _trigger(fields.raw("trigger"), fields.at("trigger")),
        fields.choice("scope", ("lot", "all"), "lot"),
        fields.maybe_integer("max_count"),
        fields.integer("hard_stop_s", 3600),
    )


def _trigger(value: object, path: str) -> Trigger:
    if value is None:
        return 3
    if isinstance(value, dict):
        fields = Fields(value, path)
        rank = fields.integer("rank", 3, least=1)
        fields.done()
        return rank
    if not isinstance(value, str) or value not in TRIGGERS:
        raise InputError(path, f'give one of: {", ".join(TRIGGERS)}, or {{"rank": n}}')
    return value  # type: ignore[return-value]


def _lots_timing(fields: Fields) -> LotsTiming:
    return LotsTiming(
        fields.choice("kind", ("parallel", "serial", "staggered"), "parallel"),
        fields.integer("gap_s", 0),
        fields.integer("spacing_s", 0),
        fields.integer("min_gap_s", 0),
        fields.integer("increment_s", 0),
    )


def _visibility(fields: Fields) -> Visibility:
    return Visibility(**{name: fields.flag(name, default) for name, default in VISIBLE.items()})


def _dutch(fields: Fields) -> DutchClock:
    return DutchClock(
        fields.decimal("start", "60000", positive=True),
        fields.decimal("step", "4000", positive=True),
        fields.integer("tick_s", 60, least=1),
        fields.decimal("cap", "90000", positive=True),
        fields.integer("winners", 1, least=1),
        fields.flag("partial", False),
    )


def _japanese(fields: Fields) -> JapaneseClock:
    amount = fields.maybe_decimal("step_amount", positive=True)
    latest = fields.maybe_decimal("step_percent_of_latest", positive=True)
    of_start = fields.maybe_decimal("step_percent_of_start", positive=True)
    if amount is not None and latest is not None:
        raise InputError(fields.at("step_amount"), "give one kind of step only")
    if amount is None and latest is None and of_start is None:
        of_start = Decimal(1)
    return JapaneseClock(
        fields.decimal("start", "100000", positive=True),
        amount,
        of_start if amount is None and latest is None else None,
        latest,
        fields.integer("tick_s", 60, least=1),
        fields.integer("min_active", 1),
        fields.maybe_decimal("target"),
    )


def _turns(fields: Fields) -> Turns:
    return Turns(
        fields.integer("count", 3, least=1),
        fields.integer("turn_s", 120, least=1),
        fields.integer("first_pause_s", 300),
        fields.integer("pause_s", 120),
        fields.integer("announce_s", 120),
    )


def _package(value: object, path: str) -> Package:
    fields = Fields(value, path)
    package = Package(fields.text("id", "P1"), fields.items("lots", _name))
    fields.done()
    return package


def _name(value: object, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(path, "give a text")
    return value


def lot_from_json(document: object, path: str, rules: Rules) -> Lot:
    fields = Fields(document, path)
    lot = Lot(
        fields.text("id", "L1"),
        fields.moment("open", "2026-01-05T09:30:00.000Z"),
        fields.moment("close", "2026-01-05T10:00:00.000Z"),
        fields.maybe_decimal("ceiling", positive=True),
        fields.maybe_decimal("reserve", positive=True),
        fields.decimal("quantity", "1", positive=True),
        fields.part("weighted", _weighted),
    )
    fields.done()
    if rules.metric == "weighted" and lot.weighted is None:
        raise InputError(f"{path}.weighted", "give C, F and price_weight, which the weighted metric needs")
    if lot.close <= lot.open and not (rules.has_clock or rules.format == "rounds"):
        raise InputError(f"{path}.close", "give a moment after the opening")
    return lot


def _weighted(fields: Fields) -> Weighted:
    scale = Weighted(
        fields.decimal("C", "120"),
        fields.decimal("F", "60"),
        fields.decimal("price_weight", "60"),
    )
    if scale.ceiling == scale.floor:
        raise InputError(fields.at("F"), "give a floor that differs from the ceiling C")
    if scale.price_weight > 100:
        raise InputError(fields.at("price_weight"), "give a percentage from 0 to 100")
    return scale


def bidder_from_json(document: object, path: str) -> Bidder:
    fields = Fields(document, path)
    bidder = Bidder(
        fields.text("id", "A"),
        fields.decimal("factor", "0", signed=True),
        fields.decimal("addition", "0", signed=True),
        fields.decimal("quality", "0"),
        fields.items("features", decimal),
        fields.items("feature_maxima", decimal),
        fields.decimal("costs", "0", signed=True),
        fields.maybe_decimal("start_price", positive=True),
    )
    fields.done()
    if bidder.factor <= -1:
        raise InputError(f"{path}.factor", "give a factor above -1")
    if sum((Fraction(each) for each in bidder.feature_maxima), Fraction(0)) >= 1:
        raise InputError(f"{path}.feature_maxima", "give maxima that sum to less than 1")
    return bidder
