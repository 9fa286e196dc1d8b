"""Numbers as text: amounts on the tick, metrics exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain.metrics import Cost
from srm_portal.auctions.domain.rules import Rules
from srm_portal.kernel.money import plain


def amount_text(rules: Rules, amount: Decimal) -> str:
    """With as many digits as the tick has: 99.5 on a tick of 0.01 is "99.50"."""
    exponent = rules.tick.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return format(amount.quantize(Decimal(1).scaleb(min(exponent, 0))), "f")


def metric_text(rules: Rules, cost: Cost) -> str:
    """The published metric: like an amount where it lies on the tick, else an exact decimal, else `p/q`."""
    value = cost if rules.sign > 0 and rules.metric != "weighted" else -cost
    if isinstance(value, Decimal):
        return amount_text(rules, value)
    exact = exact_decimal(value)
    if exact is None:
        return f"{value.numerator}/{value.denominator}"
    if rules.metric != "weighted" and exact % rules.tick == 0:
        return amount_text(rules, exact)
    return plain(exact)


def exact_decimal(value: Fraction) -> Decimal | None:
    """The fraction as a decimal, None where no finite one is equal."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    digits = max(twos, fives)
    sign = 1 if value < 0 else 0
    scaled = abs(value.numerator) * 10**digits // value.denominator
    return Decimal((sign, tuple(int(each) for each in str(scaled)), -digits))
