"""A minimal portal that serves the component gallery, the layouts and the bidder's room under the real headers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from flask import Flask, make_response, render_template, render_template_string, request
from flask_babel import Babel
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)

from srm_portal.infra import catalogs
from srm_portal.kernel.permissions import Actor
from srm_portal.web import components, formats

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
ANNA = Actor("u1", "Anna Keller", "o1", frozenset({"buyer"}), zone="Europe/Berlin")
NAMES = ("Home", "Projects", "Auctions", "Suppliers", "Contracts", "Customers", "Approvals")
ICONS = ("home", "folder", "gavel", "building-factory-2", "contract", "users", "clipboard-check")

ERROR = {
    "code": 404,
    "title": "This page does not exist",
    "text": "The address is wrong.",
    "remedy": "Check the address, or go back.",
}
SAMPLES = {
    "supplier": """{% extends "layouts/supplier.html" %}{% block title %}Open invitations{% endblock %}
{% block content %}{% call ui.card("Waiting for your answer", pad=False) %}
{{ ui.work_list([{"title": "CNC housings 2027", "note": "Closes in 3 days", "url": "#", "badge": "Answer now"}]) }}
{% endcall %}{% endblock %}""",
    "sign-in": """{% extends "layouts/bare.html" %}{% block title %}Sign in{% endblock %}
{% block content %}<h1>Sign in</h1>
<form class="form" method="post" novalidate>{{ ui.field(form.title, label="E-mail") }}{{ ui.field(form.secret) }}
{{ ui.form_actions("Sign in") }}</form>{% endblock %}""",
    "error": """{% extends "errors/error.html" %}""",
    "print": """{% extends "layouts/print.html" %}{% block title %}Award notice{% endblock %}
{% block letterhead %}<p>Nordwerk GmbH, Berlin</p>{% endblock %}
{% block content %}<p>Your offer was accepted.</p><span class="sign-line">Anna Keller</span>{% endblock %}""",
}


class AddressForm(Form):
    street = StringField("Street")
    town = StringField("Town", [validators.InputRequired()])


class GalleryForm(FlaskForm):
    title = StringField("Title", [validators.InputRequired("Give the project a title")])
    baseline = DecimalField("Baseline", [validators.InputRequired("Enter an amount")])
    due_on = DateField("Needed by", [validators.Optional()])
    closes_at = DateTimeLocalField("Offers close", [validators.Optional()])
    category = SelectField("Category", choices=[("parts", "Machined parts"), ("pack", "Packaging")])
    count = IntegerField("Evaluators", [validators.Optional()])
    secret = PasswordField("Password")
    kind = RadioField("Kind of event", choices=[("rfq", "Request for quotation"), ("rfp", "Request for proposal")])
    languages = SelectMultipleField("Languages", choices=[("en", "English"), ("pl", "Polski")])
    agree = BooleanField("I have read the rules", [validators.InputRequired("Read the rules first")])
    notes = TextAreaField("Notes")
    address = FormField(AddressForm, "Delivery address")
    contacts = FieldList(StringField("Contact", [validators.Length(max=5)]), "Contacts", min_entries=1)
    files = MultipleFileField("Files")


def nav() -> list[dict[str, Any]]:
    entries = zip(NAMES, ICONS, strict=True)
    return [
        {"url": "#", "label": name, "icon": icon, "active": name == "Projects", "count": 3 * (name == "Approvals")}
        for name, icon in entries
    ]


def page_context() -> dict[str, Any]:
    """What the portal gives to every template, with one invented buyer."""
    return {
        "actor": ANNA,
        "nav": nav(),
        "unread_count": 4,
        "locale": request.args.get("lang", "en"),
        "locales": ["en", "fr", "es", "pl", "ro", "ru"],
        "zone": "Europe/Berlin",
        "now": NOW,
        "theme": request.args.get("theme") or request.cookies.get("srm_theme", "light"),
        "demo": True,
        "search_url": "/search",
        "notices_url": "#",
        "user_menu": [{"url": "#", "label": "Settings", "icon": "settings"}],
        "actor_role": "Buyer",
    }


def compile_catalogues(folder: Path) -> Path:
    """The translations as gettext reads them, under `folder`; returns it."""
    for language in catalogs.LANGUAGES:
        target = folder / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, catalogs.read(language))
    return folder


def create_gallery(translations: Path | None = None) -> Flask:
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="gallery only", TESTING=True)
    if translations is not None:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compile_catalogues(translations))
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    CSRFProtect(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    components.install(app.jinja_env)
    app.jinja_env.filters.update(formats.filters(lambda: request.args.get("lang", "en"), lambda: "Europe/Berlin"))
    app.context_processor(page_context)

    @app.after_request
    def headers(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.route("/", methods=["GET", "POST"])
    def gallery():
        form = GalleryForm()
        valid = form.validate_on_submit()
        page = render_template("components/gallery.html", form=form)
        return make_response(page, 200 if request.method == "GET" or valid else 422)

    @app.get("/page/<name>")
    def page(name: str):
        return render_template_string(SAMPLES[name], form=GalleryForm(), **ERROR)

    @app.get("/search")
    def search():
        return f'<li><a href="#">Found: {len(request.args.get("q", ""))} letters</a></li>'

    return app


if __name__ == "__main__":
    create_gallery().run(port=5999, threaded=True)
