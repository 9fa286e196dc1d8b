"""Forms of the registry."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from srm_portal.suppliers.domain.performance import DIMENSIONS
from srm_portal.suppliers.domain.places import Point, degrees, parse_point
from srm_portal.suppliers.domain.qualification import AREAS, DECISIONS, Decision
from srm_portal.suppliers.domain.record import TEXT_MAX, SupplierData
from srm_portal.suppliers.queries import SupplierView, choices
from srm_portal.web.errors import sentence
from srm_portal.web.formats import country_names
from srm_portal.web.forms import PortalForm, optional, required
from srm_portal.web.i18n import language
from srm_portal.web.names import ASSESSMENT_AREAS, PERFORMANCE_NAMES, QUALIFICATION_STATES
from srm_portal.web.templating import LANGUAGE_NAMES


def _most(name: str) -> Length:
    return Length(max=TEXT_MAX[name])


def place_text(place: Point | None) -> str:
    return f"{degrees(place.latitude)}, {degrees(place.longitude)}" if place else ""


class SupplierForm(PortalForm):
    name = StringField(_l("Name"), [required(), _most("name")])
    legal_name = StringField(_l("Legal name"), [_most("legal_name")])
    country = SelectField(_l("Country"), [required()])
    street = StringField(_l("Street"), [_most("street")])
    postcode = StringField(_l("Postcode"), [_most("postcode")])
    city = StringField(_l("Town"), [_most("city")])
    region = StringField(_l("Region"), [_most("region")], description=_l("A code such as FR10, or a name."))
    place = StringField(
        _l("Coordinates"),
        [Length(max=60)],
        description=_l("Latitude and longitude, for example 48.8566, 2.3522. Used for distances."),
        render_kw={"autocomplete": "off"},
    )
    vat = StringField(_l("VAT number"), [_most("vat")])
    lei = StringField(_l("LEI"), [_most("lei")], description=_l("Legal entity identifier, 20 signs."))
    registration_number = StringField(_l("Registration number"), [_most("registration_number")])
    iban = StringField(
        _l("IBAN"),
        [_most("iban")],
        description=_l("Kept sealed; only its last four signs are shown. Leave empty to keep the one on record."),
        render_kw={"autocomplete": "off"},
    )
    forget_iban = BooleanField(_l("Remove the IBAN on record"))
    website = StringField(_l("Website"), [_most("website")])
    phone = StringField(_l("Telephone"), [_most("phone")])
    categories = SelectMultipleField(
        _l("Categories"), description=_l("What the company offers. Hold Ctrl to choose several."), render_kw={"size": 8}
    )
    regions = StringField(
        _l("Delivers to"), [Length(max=1000)], description=_l("Region codes, separated by commas: FR, DE2.")
    )
    note = TextAreaField(_l("Note"), [_most("note")])
    accept_duplicates = BooleanField(_l("This is another company, I have looked"))

    def prepare(self, view: SupplierView | None = None) -> SupplierForm:
        """Fill the choices; without a post also the record's lists and place."""
        self.country.choices = [("", ""), *country_names(language()).items()]
        self.categories.choices = choices(language(), view.categories if view else ())
        if view is not None and not self.is_submitted():
            self.place.data, self.regions.data = place_text(view.place), ", ".join(view.regions)
            self.categories.data = list(view.categories)
        return self

    def validate_place(self, field: StringField) -> None:
        if field.data and field.data.strip() and parse_point(field.data) is None:
            raise ValidationError(sentence("place_wrong", value=field.data))

    def supplier(self) -> SupplierData:
        typed = self.iban.data or ""
        return SupplierData(
            name=self.name.data or "",
            legal_name=self.legal_name.data or "",
            country=self.country.data or "",
            region=self.region.data or "",
            city=self.city.data or "",
            postcode=self.postcode.data or "",
            street=self.street.data or "",
            place=parse_point(self.place.data or ""),
            vat=self.vat.data or "",
            lei=self.lei.data or "",
            registration_number=self.registration_number.data or "",
            iban="" if self.forget_iban.data else typed.strip() or None,
            website=self.website.data or "",
            phone=self.phone.data or "",
            note=self.note.data or "",
            categories=tuple(self.categories.data or ()),
            regions=tuple((self.regions.data or "").split(",")),
        )


class OwnSupplierForm(PortalForm):
    phone = StringField(_l("Telephone"), [_most("phone")])
    website = StringField(_l("Website"), [_most("website")])


class ContactForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    email = StringField(_l("E-mail address"), [required(), Length(max=254)], render_kw={"type": "email"})
    phone = StringField(_l("Telephone"), [Length(max=40)])
    role = StringField(_l("Role"), [Length(max=100)], description=_l("For example sales, quality, accounts."))
    language = SelectField(_l("Language of mails"), choices=list(LANGUAGE_NAMES.items()))


class InviteForm(PortalForm):
    may_bid = BooleanField(_l("May bind the company with offers and bids"))


class AskForm(PortalForm):
    category = SelectField(_l("Category"), [required()])
    region = StringField(_l("Region"), [Length(max=60)], description=_l("Empty: everywhere."))
    business_unit = StringField(_l("Business unit"), [Length(max=100)], description=_l("Empty: all."))
    reason = TextAreaField(_l("Why"), [Length(max=5000)])

    def prepare(self, offered: tuple[str, ...]) -> AskForm:
        """The supplier's own categories come first."""
        found = choices(language(), offered)
        first = [pair for pair in found if pair[0] in offered]
        self.category.choices = [("", ""), *first, *(pair for pair in found if pair[0] not in offered)]
        return self


class DecideForm(PortalForm):
    status = SelectField(_l("Decision"), choices=[(status, QUALIFICATION_STATES[status]) for status in DECISIONS])
    score = IntegerField(
        _l("Mark"), [optional(), NumberRange(0, 100)], description=_l("0 to 100; empty: the mean of the areas below.")
    )
    valid_from_on = DateField(_l("Valid from"), [optional()])
    valid_until_on = DateField(_l("Valid until"), [optional()], description=_l("The last day on which it holds."))
    area_quality = IntegerField(ASSESSMENT_AREAS["quality"], [optional(), NumberRange(0, 100)])
    area_capability = IntegerField(ASSESSMENT_AREAS["capability"], [optional(), NumberRange(0, 100)])
    area_finance = IntegerField(ASSESSMENT_AREAS["finance"], [optional(), NumberRange(0, 100)])
    area_sustainability = IntegerField(ASSESSMENT_AREAS["sustainability"], [optional(), NumberRange(0, 100)])
    reason = TextAreaField(
        _l("Reason or condition"), [Length(max=5000)], description=_l("Needed for a condition and for a no.")
    )

    def decision(self) -> Decision:
        return Decision(
            self.status.data,
            self.valid_from_on.data,
            self.valid_until_on.data,
            self.score.data,
            self.reason.data or "",
            tuple((area, mark) for area in AREAS if (mark := self[f"area_{area}"].data) is not None),
        )


class PerformanceForm(PortalForm):
    period = StringField(_l("Period"), [required(), Length(max=8)], description=_l("2026, 2026-Q1 or 2026-03."))
    quality = IntegerField(PERFORMANCE_NAMES["quality"], [optional()])
    delivery = IntegerField(PERFORMANCE_NAMES["delivery"], [optional()])
    cost = IntegerField(PERFORMANCE_NAMES["cost"], [optional()])
    responsiveness = IntegerField(PERFORMANCE_NAMES["responsiveness"], [optional()])
    sustainability = IntegerField(PERFORMANCE_NAMES["sustainability"], [optional()])
    note = StringField(_l("Note"), [Length(max=500)])

    def marks(self) -> dict[str, int | None]:
        return {name: self[name].data for name in DIMENSIONS}
