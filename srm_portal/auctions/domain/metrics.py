"""What bids are ranked on (R18-R21), exact, and the way back from a rank to a price.

`cost` is what the engine sorts by: lower is better in every direction and for every metric.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain.rules import Bidder, Lot, Rules, Weighted

Cost = Decimal | Fraction


def feature_divisor(bidder: Bidder) -> Fraction:
    """R21: `K = 1 + sum(chosen) / (1 - sum(maxima))`."""
    chosen = sum((Fraction(each) for each in bidder.features), Fraction(0))
    maxima = sum((Fraction(each) for each in bidder.feature_maxima), Fraction(0))
    return 1 + chosen / (1 - maxima)


def weighted_score(scale: Weighted, price: Decimal, quality: Decimal) -> Fraction:
    """R20: `W*clamp((C-p)/(C-F),0,1) + (100-W)*q/100`, higher is better."""
    share = (Fraction(scale.ceiling) - Fraction(price)) / (Fraction(scale.ceiling) - Fraction(scale.floor))
    weight = Fraction(scale.price_weight)
    return weight * min(max(share, Fraction(0)), Fraction(1)) + (100 - weight) * Fraction(quality) / 100


def metric(rules: Rules, lot: Lot, bidder: Bidder, price: Decimal) -> Cost:
    """The published figure of a bid: price, adjusted price, or score."""
    if rules.metric == "price":
        return price
    if rules.metric == "transformed":
        return Fraction(price) * (1 + Fraction(bidder.factor)) + Fraction(bidder.addition)
    if rules.metric == "reduced_price":
        divisor = feature_divisor(bidder)
        return Fraction(price) / divisor if rules.sign > 0 else Fraction(price) * divisor
    if rules.metric == "life_cycle":
        return Fraction(price) + rules.sign * Fraction(bidder.costs)
    assert lot.weighted is not None
    return weighted_score(lot.weighted, price, bidder.quality)


def cost(rules: Rules, lot: Lot, bidder: Bidder, price: Decimal) -> Cost:
    """The metric turned so that lower is better."""
    value = metric(rules, lot, bidder, price)
    if rules.metric == "weighted":
        return -value
    return value if rules.sign > 0 else -value


def price_for(rules: Rules, lot: Lot, bidder: Bidder, value: Cost) -> Fraction | None:
    """The exact price at which this bidder's metric equals `value`; None where no price reaches a score."""
    target = Fraction(value)
    if rules.metric == "price":
        return target
    if rules.metric == "transformed":
        return (target - Fraction(bidder.addition)) / (1 + Fraction(bidder.factor))
    if rules.metric == "reduced_price":
        divisor = feature_divisor(bidder)
        return target * divisor if rules.sign > 0 else target / divisor
    if rules.metric == "life_cycle":
        return target - rules.sign * Fraction(bidder.costs)
    assert lot.weighted is not None
    return _price_for_score(lot.weighted, target, bidder.quality)


def _price_for_score(scale: Weighted, score: Fraction, quality: Decimal) -> Fraction | None:
    weight = Fraction(scale.price_weight)
    if weight == 0:
        return None
    share = (score - (100 - weight) * Fraction(quality) / 100) / weight
    if share > 1:
        return None
    ceiling, floor = Fraction(scale.ceiling), Fraction(scale.floor)
    return ceiling - max(share, Fraction(0)) * (ceiling - floor)


def floor_tick(amount: Decimal | Fraction, tick: Decimal, sign: int = 1) -> Decimal:
    """The nearest amount on the tick that is at least as good: down for `sign` 1, up for -1."""
    steps = (Fraction(amount) * sign) // Fraction(tick)
    return Decimal(int(steps) * sign) * tick


def ceil_tick(amount: Decimal | Fraction, tick: Decimal) -> Decimal:
    """The smallest amount on the tick that is not less."""
    return floor_tick(amount, tick, -1)


def on_tick(amount: Decimal, tick: Decimal) -> bool:
    return amount % tick == 0
