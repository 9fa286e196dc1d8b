"""Reading an offer as it was typed or filled into a sheet. Nothing typed is lost; every wrong cell is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, SelectMultipleField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import FieldProblem, Refused
from srm_portal.kernel.money import plain
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain.answer import Answer, LineAnswer, Terms
from srm_portal.offers.domain.asked import NUMBERS, Asked, Question
from srm_portal.web import formats
from srm_portal.web.errors import problem_sentence
from srm_portal.web.forms import PortalForm, SelectField, StringField, TextAreaField, required

LINE_FIELDS = ("price", "lead", "deviation", "comment", "skip", "breaks", "alternative", "altprice")
TERM_FIELDS = ("payment_days", "validity_on", "delivery", "currency", *offer.COSTS)
RULINGS = [("accepted", _l("Accept")), ("rejected", _l("Reject")), ("", _l("Leave open"))]
YES = ("yes", "x", "1", "true", "ja", "oui", "да", "tak", "sí", "si", "da")


class UploadForm(PortalForm):
    file = FileField(_l("File"))


KEPT_BYTES_MAX = 16 * 1024 * 1024


def read_kept(data: bytes) -> dict[str, Any]:
    """The file that a supplier kept when handing in: the archive, or `keep.json` out of it. Refuses `not_a_kept_file`."""
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                info = archive.getinfo("keep.json")
                if info.file_size > KEPT_BYTES_MAX:
                    raise ValueError("too large")
                data = archive.read(info)
        kept = from_canonical(data)
    except (ValueError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Refused("not_a_kept_file") from None
    if not isinstance(kept, dict):
        raise Refused("not_a_kept_file")
    return kept


class KeyForm(PortalForm):
    public = StringField(_l("Public key"), [required(), Length(max=200)])


class AnswerForm(PortalForm):
    answer = TextAreaField(_l("Answer of your key"), [required(), Length(max=40_000)])


class OpenersForm(PortalForm):
    people = SelectMultipleField(_l("Openers"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
    threshold = IntegerField(_l("How many of them open"), [required(), NumberRange(min=2, max=7)], default=2)


class RulingForm(PortalForm):
    ruling = SelectField(
        _l("Ruling"), choices=[("accepted", _l("Accept")), ("rejected", _l("Reject")), ("", _l("Open"))]
    )
    note = TextAreaField(_l("Note"), [Length(max=2000)])


@dataclass
class TypedOffer:
    """What was typed by field name, what it means, and what is wrong with it (field name -> sentences)."""

    typed: dict[str, str]
    answer: Answer
    problems: list[FieldProblem] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.typed.get(name, "")


def as_typed(answer: Answer, asked: Asked, language: str) -> TypedOffer:
    """The draft as its fields show it."""
    typed: dict[str, str] = {}
    for line in answer.lines:
        typed |= {
            f"price-{line.line_id}": _shown(line.unit_price, language),
            f"lead-{line.line_id}": _shown(line.lead_days, language),
            f"deviation-{line.line_id}": line.deviation,
            f"comment-{line.line_id}": line.comment,
            f"skip-{line.line_id}": "1" if line.not_quoted else "",
            f"breaks-{line.line_id}": _shown_breaks(line, language),
            f"alternative-{line.line_id}": line.alternative,
            f"altprice-{line.line_id}": _shown(line.alternative_price, language),
        }
    terms = answer.terms
    days = asked.payment_days if terms.payment_days is None else terms.payment_days
    until = terms.validity_on or asked.valid_until()
    typed["payment_days"] = "" if days is None else str(days)
    typed["validity_on"] = until.isoformat() if until else ""
    typed |= {"delivery": terms.delivery, "currency": terms.currency or asked.currency}
    typed |= {name: _shown(getattr(terms, name), language) for name in offer.COSTS}
    for question in asked.questions:
        text = answer.questions.get(question.id, "")
        typed[f"answer-{question.id}"] = formats.number(Decimal(text), language) if _is_number(question, text) else text
    return TypedOffer(typed, answer)


def read_offer(typed: Mapping[str, str], asked: Asked, language: str, today: date) -> TypedOffer:
    """The typed fields as an answer. Cells that cannot be read are left out of it and named in `problems`."""
    reader = _Reader(typed, language)
    lines = tuple(reader.line(line.id, row) for row, line in enumerate(asked.lines, 1))
    terms = reader.terms(asked)
    questions = {question.id: reader.answer(question) for question in asked.questions}
    answer = Answer(lines, terms, {name: text for name, text in questions.items() if text})
    found = TypedOffer(dict(typed), answer, [*reader.problems, *_named(offer.problems(answer, asked, today), asked)])
    for problem in found.problems:
        found.errors.setdefault(problem.field, []).append(problem_sentence(problem))
    return found


def saveable(read: TypedOffer, before: Answer, asked: Asked) -> Answer:
    """What autosave may keep: the read values, and for every wrong cell what stood there before."""
    wrong = {problem.field for problem in read.problems}
    lines = tuple(
        before.line(line.line_id) if wrong & {f"{name}-{line.line_id}" for name in LINE_FIELDS} else line
        for line in read.answer.lines
    )
    kept = replace(read.answer.terms, **{name: getattr(before.terms, name) for name in TERM_FIELDS if name in wrong})
    questions = {
        question.id: source.get(question.id, "")
        for question in asked.questions
        for source in [before.questions if f"answer-{question.id}" in wrong else read.answer.questions]
    }
    return Answer(lines, kept, {name: text for name, text in questions.items() if text})


def _named(problems: Sequence[FieldProblem], asked: Asked) -> list[FieldProblem]:
    """The rules' problems under the names of the fields they stand in."""
    named = []
    for problem in problems:
        name = problem.field
        if problem.row is not None:
            name = f"{problem.field}-{asked.lines[problem.row - 1].id}"
        named.append(FieldProblem(name, problem.code, problem.row, problem.value, problem.facts))
    return named


def _shown(value: Decimal | int | None, language: str) -> str:
    return "" if value is None else formats.number(value, language)


def _shown_breaks(line: LineAnswer, language: str) -> str:
    """ "100: 9.50; 500: 9.10": from that quantity on, that unit price."""
    pairs = [f"{_shown(quantity, language)}: {_shown(price, language)}" for quantity, price in line.breaks]
    return "; ".join(pairs)


def _is_number(question: Question, text: str) -> bool:
    return question.kind in NUMBERS and bool(text)


class _Reader:
    """Cells as values, in the language of who typed them."""

    def __init__(self, typed: Mapping[str, str], language: str) -> None:
        self._typed, self._language = typed, language
        self.problems: list[FieldProblem] = []

    def text(self, name: str) -> str:
        return self._typed.get(name, "").strip()

    def line(self, line_id: str, row: int) -> LineAnswer:
        return LineAnswer(
            line_id,
            self.amount(f"price-{line_id}", row),
            self.days(f"lead-{line_id}", row),
            self.text(f"comment-{line_id}"),
            self.text(f"deviation-{line_id}"),
            self.text(f"skip-{line_id}").casefold() in YES,
            self.breaks(f"breaks-{line_id}", row),
            self.text(f"alternative-{line_id}"),
            self.amount(f"altprice-{line_id}", row),
        )

    def terms(self, asked: Asked) -> Terms:
        currency = self.text("currency")
        return Terms(
            self.days("payment_days"), self.day("validity_on"), self.text("delivery"),
            "" if currency == asked.currency else currency, *(self.amount(name) for name in offer.COSTS),
        )  # fmt: skip

    def breaks(self, name: str, row: int) -> tuple[tuple[Decimal, Decimal], ...]:
        found = []
        for part in filter(None, (one.strip() for one in self.text(name).split(";"))):
            quantity, colon, price = part.partition(":")
            try:
                pair = [formats.parse_number(text.strip(), self._language) for text in (quantity, price)]
            except ValueError:
                pair = []
            if not colon or len(pair) != 2:
                example = f"100: {formats.number(Decimal('9.50'), self._language)}"
                self.problems.append(FieldProblem(name, "breaks_unreadable", row, part, (("example", example),)))
                return ()
            found.append((pair[0], pair[1]))
        return tuple(found)

    def amount(self, name: str, row: int | None = None) -> Decimal | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return formats.parse_number(text, self._language)
        except ValueError:
            example = formats.number(Decimal("1234.50"), self._language)
            self.problems.append(FieldProblem(name, "not_a_number", row, text, (("example", example),)))
            return None

    def days(self, name: str, row: int | None = None) -> int | None:
        value = self.amount(name, row)
        if value is None:
            return None
        if value != value.to_integral_value() or abs(value) > 10**6:
            self.problems.append(FieldProblem(name, "no_whole_number", row, self.text(name)))
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problems.append(FieldProblem(name, "not_a_date", value=text))
            return None

    def answer(self, question: Question) -> str:
        name = f"answer-{question.id}"
        if question.kind not in NUMBERS:
            return self.text(name)
        value = self.amount(name)
        return "" if value is None else plain(value)


def sheet_headings(currency: str) -> list[tuple[str, str]]:
    """(field, heading) of the sheet of lines, in the reader's language."""
    return [
        ("number", _("Line")),
        ("lot", _("Lot")),
        ("title", _("Item")),
        ("description", _("Description")),
        ("quantity", _("Quantity")),
        ("unit", _("Unit")),
        ("price", _("Unit price (%(currency)s)", currency=currency)),
        ("lead", _("Lead time (days)")),
        ("deviation", _("Deviation")),
        ("comment", _("Comment")),
        ("skip", _("Not quoted")),
        ("breaks", _("Quantity breaks")),
        ("alternative", _("Alternative")),
        ("altprice", _("Price of the alternative")),
    ]


def sheet_rows(answer: Answer, asked: Asked, unit_name: Any, language: str) -> list[list[Any]]:
    """The rows of the sheet: what is asked, and what the draft says so far."""
    rows: list[list[Any]] = []
    for line in asked.lines:
        said = answer.line(line.id)
        rows.append(
            [
                line.number,
                line.lot,
                line.title,
                line.description,
                line.quantity,
                unit_name(line.unit),
                said.unit_price,
                said.lead_days,
                said.deviation,
                said.comment,
                _("yes") if said.not_quoted else "",
                _shown_breaks(said, language),
                said.alternative,
                said.alternative_price,
            ]
        )
    return rows


def read_sheet(
    rows: Sequence[Sequence[Any]], before: TypedOffer, asked: Asked, language: str
) -> tuple[dict[str, str], list[FieldProblem]]:
    """The fields that a filled sheet stands for, over those typed before, and its own faults by row of the sheet.

    Columns are found by their headings, in the reader's language or in English; other columns are ignored.
    """
    head, places = _find_headings(rows, [asked.currency, *(one.currency for one in asked.rates)])
    if head is None:
        return dict(before.typed), [FieldProblem("file", "sheet_without_lines")]
    typed, problems, seen = dict(before.typed), [], set()
    by_number = {line.number: line for line in asked.lines}
    for at in range(head + 1, len(rows)):
        cells = {name: _cell(rows[at], place, language) for name, place in places.items()}
        if not any(cells.values()):
            continue
        number = cells["number"]
        line = by_number.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else None
        if line is None or line.id in seen:
            code = "sheet_unknown_line" if line is None else "sheet_line_twice"
            problems.append(FieldProblem("file", code, at + 1, number))
            continue
        seen.add(line.id)
        typed |= {f"{name}-{line.id}": cells[name] for name in LINE_FIELDS if name in cells}
    return typed, problems


_ENGLISH = {"line": "number", "lead time (days)": "lead", "deviation": "deviation", "comment": "comment",
            "quantity breaks": "breaks", "alternative": "alternative",
            "price of the alternative": "altprice"}  # fmt: skip


def _find_headings(rows: Sequence[Sequence[Any]], currencies: Sequence[str]) -> tuple[int | None, dict[str, int]]:
    names = _ENGLISH | {"not quoted": "skip", "unit price": "price"}
    for currency in currencies:
        names |= {f"unit price ({currency.casefold()})": "price"}
        names |= {heading.casefold(): name for name, heading in sheet_headings(currency)}
    for at, row in enumerate(rows[:20]):
        places: dict[str, int] = {}
        for place, value in enumerate(row):
            name = names.get(str(value).strip().casefold()) if value is not None else None
            if name is not None:
                places.setdefault(name, place)
        if "number" in places and "price" in places:
            return at, places
    return None, {}


def _cell(row: Sequence[Any], place: int, language: str) -> str:
    """A cell as somebody would have typed it in this language."""
    value = row[place] if place < len(row) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Decimal):
        return plain(value).replace(".", formats.number(Decimal("0.5"), language)[1])
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
