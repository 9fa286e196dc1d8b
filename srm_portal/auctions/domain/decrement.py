"""By how much a bid must be better (R9, R10)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain.metrics import ceil_tick
from srm_portal.auctions.domain.rules import Decrement, Rules, Tier


def decrement(rules: Rules, base: Decimal | Fraction) -> Decimal:
    """The step asked for from `base`, a price or an adjusted price; percents are rounded up to the tick."""
    setting = rules.decrement
    if setting.tiers:
        return _tier(setting.tiers, base).amount
    if setting.percent is None:
        return setting.amount
    share = ceil_tick(abs(Fraction(base)) * Fraction(setting.percent) / 100, rules.tick)
    pick = max if setting.combine == "larger" else min
    return pick(share, setting.amount)


def _tier(tiers: tuple[Tier, ...], base: Decimal | Fraction) -> Tier:
    """The tier whose range holds the base; in a gap the one below it, under all the lowest, over all the highest."""
    level = Fraction(base)
    holding = [
        tier for tier in tiers
        if (tier.floor is None or level >= Fraction(tier.floor)) and (tier.top is None or level <= Fraction(tier.top))
    ]  # fmt: skip
    if holding:
        return min(holding, key=lambda tier: (tier.top is None, tier.top or 0, -(tier.floor or 0)))
    below = [tier for tier in tiers if tier.floor is not None and Fraction(tier.floor) <= level]
    if below:
        return max(below, key=lambda tier: tier.floor or 0)
    if any(tier.floor is None for tier in tiers):
        return max(tiers, key=lambda tier: tier.top or 0)
    return min(tiers, key=lambda tier: tier.floor or 0)


def plain_decrement(setting: Decrement) -> bool:
    """True where the step does not depend on the base."""
    return not setting.tiers and setting.percent is None
