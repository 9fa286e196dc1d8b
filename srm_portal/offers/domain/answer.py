"""A supplier's answer: prices by line, terms, answers to questions. What is wrong with it, and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import plain
from srm_portal.offers.domain.asked import NUMBERS, Asked, Question, as_number, broken_knock_out

PRICE_DIGITS_MAX, PRICE_MAX, TOTAL_MAX = 6, Decimal(10) ** 9, Decimal(10) ** 12
LEAD_DAYS_MAX, PAYMENT_DAYS_MAX = 3650, 365
TEXT_MAX, ANSWER_MAX = 2_000, 8_000
BREAKS_MAX = 20


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One line: a unit price in the offer's currency, or the word that it is not quoted, or nothing yet.

    `breaks`: (from this quantity on, unit price) for other quantities than the one asked. `alternative`: another
    product, offered beside what was asked, at `alternative_price` per unit. Both are shown and do not count.
    """

    line_id: str
    unit_price: Decimal | None = None
    lead_days: int | None = None
    comment: str = ""
    deviation: str = ""
    not_quoted: bool = False
    breaks: tuple[tuple[Decimal, Decimal], ...] = ()
    alternative: str = ""
    alternative_price: Decimal | None = None


COSTS = ("freight", "duties", "one_off")
"""What comes on top of the lines until the goods stand where they are needed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`currency`: of every amount in the offer, empty for the event's own."""

    payment_days: int | None = None
    validity_on: date | None = None
    delivery: str = ""
    currency: str = ""
    freight: Decimal | None = None
    duties: Decimal | None = None
    one_off: Decimal | None = None

    def costs(self) -> dict[str, Decimal]:
        """What is said of `COSTS`."""
        said = {name: getattr(self, name) for name in COSTS}
        return {name: amount for name, amount in said.items() if amount is not None}


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer; `questions` maps a criterion's id to the text of its answer."""

    lines: tuple[LineAnswer, ...] = ()
    terms: Terms = Terms()
    questions: Mapping[str, str] = field(default_factory=dict)

    def line(self, line_id: str) -> LineAnswer:
        """The answer to a line; an empty one where nothing was said."""
        return next((line for line in self.lines if line.line_id == line_id), LineAnswer(line_id))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the check page says. A blocking one keeps the offer from being submitted."""

    code: str
    blocking: bool
    field: str
    name: str = ""


def to_plain(answer: Answer) -> dict[str, Any]:
    """The canonical value of an answer: exact texts, lines in their order. What is rarely said stands there only then."""
    return {
        "lines": [
            {
                "line": line.line_id,
                "unit_price": None if line.unit_price is None else plain(line.unit_price),
                "lead_days": line.lead_days,
                "comment": line.comment,
                "deviation": line.deviation,
                "not_quoted": line.not_quoted,
            }
            | more_of(line)
            for line in answer.lines
        ],
        "terms": {
            "payment_days": answer.terms.payment_days,
            "validity_on": answer.terms.validity_on.isoformat() if answer.terms.validity_on else None,
            "delivery": answer.terms.delivery,
        }
        | ({"currency": answer.terms.currency} if answer.terms.currency else {})
        | {name: plain(amount) for name, amount in answer.terms.costs().items()},
        "questions": dict(answer.questions),
    }


def more_of(line: LineAnswer) -> dict[str, Any]:
    """What a line says beyond its price, as exact texts: `breaks`, `alternative`, `alternative_price`."""
    found: dict[str, Any] = {}
    if line.breaks:
        found["breaks"] = [[plain(quantity), plain(price)] for quantity, price in line.breaks]
    if line.alternative:
        found["alternative"] = line.alternative
    if line.alternative_price is not None:
        found["alternative_price"] = plain(line.alternative_price)
    return found


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def from_plain(value: Mapping[str, Any]) -> Answer:
    """The answer of `to_plain`."""
    terms = value["terms"]
    return Answer(
        tuple(
            LineAnswer(
                line["line"],
                _amount(line["unit_price"]),
                line["lead_days"],
                line["comment"],
                line["deviation"],
                line["not_quoted"],
                tuple((Decimal(quantity), Decimal(price)) for quantity, price in line.get("breaks", ())),
                line.get("alternative", ""),
                _amount(line.get("alternative_price")),
            )
            for line in value["lines"]
        ),
        Terms(
            terms["payment_days"],
            date.fromisoformat(terms["validity_on"]) if terms["validity_on"] else None,
            terms["delivery"],
            terms.get("currency", ""),
            *(_amount(terms.get(name)) for name in COSTS),
        ),
        dict(value["questions"]),
    )


def line_total(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """Unit price times quantity, exact to a millionth (half up)."""
    return (unit_price * quantity).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def converted(answer: Answer, rate: Decimal) -> Answer:
    """The same answer with every amount in the event's currency: times `rate`, exact to a millionth (half up)."""
    if rate == 1:
        return answer

    def own(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else line_total(amount, rate)

    lines = tuple(
        replace(
            line,
            unit_price=own(line.unit_price),
            breaks=tuple((quantity, line_total(price, rate)) for quantity, price in line.breaks),
            alternative_price=own(line.alternative_price),
        )
        for line in answer.lines
    )
    costs: dict[str, Any] = {name: line_total(amount, rate) for name, amount in answer.terms.costs().items()}
    return replace(answer, lines=lines, terms=replace(answer.terms, **costs))


def total_of(answer: Answer, asked: Asked) -> Decimal | None:
    """What the quoted lines cost together, in the answer's currency; None when nothing is quoted."""
    quantities = {line.id: line.quantity for line in asked.lines}
    totals = [
        line_total(line.unit_price, quantities[line.line_id]) for line in answer.lines if line.unit_price is not None
    ]
    return sum(totals, Decimal(0)) if totals else None


def in_order(answer: Answer, asked: Asked) -> Answer:
    """The same answer with a line for each line asked, in the order of the event."""
    known = {line.line_id: line for line in answer.lines}
    lines = tuple(known.get(line.id, LineAnswer(line.id)) for line in asked.lines)
    wanted = {question.id for question in asked.questions}
    questions = {name: text for name, text in answer.questions.items() if name in wanted and text}
    return Answer(lines, answer.terms, questions)


def problems(answer: Answer, asked: Asked, today: date) -> list[FieldProblem]:
    """Values that are wrong whatever else follows; `row` counts the lines from 1."""
    rows = {line.id: row for row, line in enumerate(asked.lines, 1)}
    found = [
        FieldProblem("line", "unknown_line", value=line.line_id) for line in answer.lines if line.line_id not in rows
    ]
    for line in answer.lines:
        if line.line_id in rows:
            found += _line_problems(line, rows[line.line_id])
    if not found and (total_of(answer, asked) or 0) > TOTAL_MAX:
        found.append(FieldProblem("price", "total_too_large"))
    found += _terms_problems(answer.terms, asked, today)
    known = {question.id: question for question in asked.questions}
    for name, text in answer.questions.items():
        if name not in known:
            found.append(FieldProblem(name, "unknown_question", value=name))
        elif text:
            found += _question_problems(known[name], text)
    return found


def findings(answer: Answer, asked: Asked) -> list[Finding]:
    """What the answer still lacks or should think twice about, in the order of the form."""
    found = _line_findings(answer, asked)
    terms = answer.terms
    if terms.validity_on is None:
        found.append(Finding("validity_missing", True, "validity_on"))
    elif (wanted := asked.valid_until()) is not None and terms.validity_on < wanted:
        found.append(Finding("validity_shorter", False, "validity_on"))
    if terms.payment_days is None:
        found.append(Finding("payment_missing", True, "payment_days"))
    elif payment_deviates(terms.payment_days, asked.payment_days):
        found.append(Finding("payment_shorter", False, "payment_days"))
    for question in asked.questions:
        text = answer.questions.get(question.id, "")
        if not text:
            owed = question.kind not in ("points", "file") or bool(question.knock_out.get("needed"))
            found.append(Finding("answer_missing", owed, f"answer-{question.id}", question.name))
        elif broken_knock_out(question, text):
            found.append(Finding("answer_excludes", False, f"answer-{question.id}", question.name))
    return found


def payment_deviates(offered: int | None, asked: int | None) -> bool:
    """Fewer days than asked is a deviation; as many or more is as asked."""
    return offered is not None and asked is not None and offered < asked


def _line_findings(answer: Answer, asked: Asked) -> list[Finding]:
    found = []
    for line in asked.lines:
        given = answer.line(line.id)
        if given.unit_price is None and not given.not_quoted:
            found.append(Finding("price_missing", True, f"line-{line.id}-price", line.title))
        elif given.not_quoted:
            found.append(Finding("line_not_quoted", False, f"line-{line.id}-price", line.title))
        elif given.unit_price == 0:
            found.append(Finding("price_zero", False, f"line-{line.id}-price", line.title))
    if asked.lines and all(answer.line(line.id).not_quoted for line in asked.lines):
        found.append(Finding("nothing_quoted", True, f"line-{asked.lines[0].id}-price"))
    return found


def _price_problems(name: str, price: Decimal, row: int | None) -> list[FieldProblem]:
    if price < 0:
        return [FieldProblem(name, "negative_price", row, plain(price))]
    if price > PRICE_MAX:
        return [FieldProblem(name, "price_too_large", row, plain(price))]
    if -int(price.normalize().as_tuple().exponent) > PRICE_DIGITS_MAX:
        return [FieldProblem(name, "price_too_fine", row, plain(price))]
    return []


def _line_problems(line: LineAnswer, row: int) -> list[FieldProblem]:
    found = []
    price = line.unit_price
    if price is not None:
        found += _price_problems("price", price, row)
        if line.not_quoted:
            found.append(FieldProblem("price", "price_and_not_quoted", row, plain(price)))
    if line.lead_days is not None and not 0 <= line.lead_days <= LEAD_DAYS_MAX:
        facts = (("max", str(LEAD_DAYS_MAX)),)
        found.append(FieldProblem("lead", "days_out_of_range", row, str(line.lead_days), facts))
    for name, text in (("comment", line.comment), ("deviation", line.deviation), ("alternative", line.alternative)):
        if len(text) > TEXT_MAX:
            found.append(FieldProblem(name, "text_too_long", row, facts=(("max", str(TEXT_MAX)),)))
    return found + _more_problems(line, row)


def _more_problems(line: LineAnswer, row: int) -> list[FieldProblem]:
    found = []
    quantities = [quantity for quantity, _price in line.breaks]
    rising = all(low < high for low, high in pairwise(quantities))
    if quantities and (not rising or quantities[0] <= 0 or len(quantities) > BREAKS_MAX):
        found.append(FieldProblem("breaks", "breaks_not_rising", row, facts=(("max", str(BREAKS_MAX)),)))
    for _quantity, price in line.breaks:
        found += _price_problems("breaks", price, row)
    if line.alternative_price is not None:
        found += _price_problems("altprice", line.alternative_price, row)
        if not line.alternative:
            found.append(FieldProblem("alternative", "alternative_unnamed", row))
    return found


def _terms_problems(terms: Terms, asked: Asked, today: date) -> list[FieldProblem]:
    found = []
    if terms.payment_days is not None and not 0 <= terms.payment_days <= PAYMENT_DAYS_MAX:
        facts = (("max", str(PAYMENT_DAYS_MAX)),)
        found.append(FieldProblem("payment_days", "days_out_of_range", value=str(terms.payment_days), facts=facts))
    if terms.validity_on is not None and terms.validity_on < today:
        found.append(FieldProblem("validity_on", "validity_in_past", value=terms.validity_on.isoformat()))
    if len(terms.delivery) > TEXT_MAX:
        found.append(FieldProblem("delivery", "text_too_long", facts=(("max", str(TEXT_MAX)),)))
    if terms.currency and terms.currency != asked.currency and asked.rate_of(terms.currency) is None:
        found.append(FieldProblem("currency", "currency_not_taken", value=terms.currency))
    for name, amount in terms.costs().items():
        found += _price_problems(name, amount, None)
    return found


def _question_problems(question: Question, text: str) -> list[FieldProblem]:
    name = f"answer-{question.id}"
    if len(text) > ANSWER_MAX:
        return [FieldProblem(name, "text_too_long", facts=(("max", str(ANSWER_MAX)),))]
    number = as_number(text)
    if question.kind in NUMBERS and (number is None or (question.kind == "life_cycle" and number < 0)):
        return [FieldProblem(name, "answer_no_number", value=text)]
    if question.kind == "yes_no" and text not in ("yes", "no"):
        return [FieldProblem(name, "answer_not_offered", value=text)]
    if question.kind == "choice" and text not in question.choices:
        return [FieldProblem(name, "answer_not_offered", value=text)]
    if question.kind == "date" and not _is_date(text):
        return [FieldProblem(name, "not_a_date", value=text)]
    return []


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
