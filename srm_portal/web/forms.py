"""Forms keep what was typed, name field and remedy, and read numbers and times as the person writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from srm_portal.kernel.errors import Forbidden, Invalid, Refused, Stale
from srm_portal.web import formats
from srm_portal.web.errors import problem_sentence, sentence
from srm_portal.web.i18n import language
from srm_portal.web.zone import current_zone, zone_info

__all__ = [
    "AmountField",
    "BooleanField",
    "DateField",
    "MomentField",
    "PortalForm",
    "ReasonForm",
    "SelectField",
    "StringField",
    "TextAreaField",
    "optional",
    "required",
]


def required() -> InputRequired:
    return InputRequired(_l("Please fill this in."))


def optional() -> Optional:
    return Optional()


def at_most(number: int) -> Length:
    return Length(max=number)


class AmountField(Field):
    """An exact number as people write it in their language; `data` is a Decimal or None."""

    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        minimum: Decimal | None = Decimal(0),
        digits: int = 6,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.minimum, self.digits, self.unit = minimum, digits, unit
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"} | (self.render_kw or {})

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formats.number(self.data, language())

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            value = formats.parse_number(text, language())
        except ValueError:
            self.data = None
            example = formats.number(Decimal("1234.50"), language())
            raise ValueError(sentence("not_a_number", value=text, example=example)) from None
        if self.minimum is not None and value < self.minimum:
            raise ValueError(_("The smallest possible value is %(min)s.", min=self.minimum))
        if -int(value.as_tuple().exponent) > self.digits:
            raise ValueError(_("At most %(n)s digits after the decimal sign are possible.", n=self.digits))
        if value.adjusted() > 14:
            raise ValueError(sentence("too_many_digits"))
        self.data = value


class MomentField(Field):
    """Date and time in the person's zone (`<input type=datetime-local>`); `data` is a moment in UTC or None."""

    widget = TextInput()
    _FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.render_kw = {"type": "datetime-local"} | (self.render_kw or {})

    @property
    def zone(self) -> str:
        return current_zone()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.astimezone(zone_info()).strftime("%Y-%m-%dT%H:%M")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        for pattern in self._FORMATS:
            try:
                local = datetime.strptime(text, pattern).replace(tzinfo=zone_info())
            except ValueError:
                continue
            self.data = local.astimezone(UTC)
            return
        raise ValueError(_("“%(text)s” is not a date and time, for example 2026-11-30T14:00.", text=text))


class PortalForm(FlaskForm):
    """A form of the portal. `apply` runs the service and puts its refusals beside the fields."""

    version = HiddenField()
    stale: dict[str, tuple[str, str]] | None = None

    @property
    def seen_version(self) -> int | None:
        text = self.version.data
        return int(text) if text and str(text).isdigit() else None

    def add_problems(self, refusal: Refused | Forbidden) -> None:
        """Show a service's refusal: beside its field where it names one, else above the form."""
        if isinstance(refusal, Invalid):
            for problem in refusal.problems:
                field = self._fields.get(problem.field)
                text = problem_sentence(problem)
                if field is None or problem.row is not None:
                    self.form_errors.append(text)
                else:
                    field.errors = [*field.errors, text]
        else:
            self.form_errors.append(sentence(refusal.code, **refusal.facts))

    def apply(self, act: Callable[[], Any]) -> bool:
        """Validate, run `act`, and say whether it went through. Refusals stay on the form."""
        if not self.validate_on_submit():
            return False
        try:
            act()
        except (Refused, Forbidden) as refusal:
            self.add_problems(refusal)
            return False
        except Stale as stale:
            self.show_stale(stale)
            return False
        return True

    def show_stale(self, stale: Stale) -> None:
        """Somebody else saved first: both versions are shown, what was typed stays, saving again overwrites."""
        self.stale = stale.differences
        self.form_errors.append(sentence("stale"))
        self.version.data = self.version.raw_data = None

    def choices(self, field: SelectField, pairs: Iterable[tuple[str, Any]], empty: Any = None) -> None:
        field.choices = ([("", empty)] if empty is not None else []) + list(pairs)


class ReasonForm(PortalForm):
    """For acts that need a reason and nothing else."""

    reason = TextAreaField(_l("Reason"), [required(), Length(max=2000)])


class ActForm(PortalForm):
    """For buttons: nothing but the token against forgery."""


def unknown_fields(allowed: set[str]) -> None:
    """JSON bodies: refuse what the schema does not name."""
    body = request.get_json(silent=True)
    if isinstance(body, dict):
        for name in body.keys() - allowed:
            raise ValidationError(sentence("unknown_field", field=name))
