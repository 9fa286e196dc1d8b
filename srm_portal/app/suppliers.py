"""What `suppliers` plugs in."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from srm_portal.infra import jobs
from srm_portal.suppliers import jobs as work
from srm_portal.suppliers.api import bp as api
from srm_portal.suppliers.queries import choices
from srm_portal.suppliers.services.certificates import EXPIRY_JOB as CERTIFICATE_JOB
from srm_portal.suppliers.services.qualification import EXPIRY_JOB, REQUALIFY_JOB
from srm_portal.suppliers.services.registration import LAPSE_JOB
from srm_portal.suppliers.views import bp
from srm_portal.web import names
from srm_portal.web.api import register_api
from srm_portal.web.i18n import language
from srm_portal.web.templating import NavEntry, add_nav


def category_choices() -> list[tuple[str, str]]:
    """For the list of suggestions beside a category field, on any page."""
    return choices(language())


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.register(app, EXPIRY_JOB, work.qualification_expiring)
    jobs.register(app, REQUALIFY_JOB, work.requalification_due)
    jobs.register(app, CERTIFICATE_JOB, work.certificate_expiring)
    jobs.register(app, LAPSE_JOB, work.registration_lapsed)
    app.jinja_env.globals.update(names=names, category_choices=category_choices)
    add_nav(
        app,
        NavEntry(
            "suppliers.index", _l("Suppliers"), "building-factory-2", ("supplier:read",), "/suppliers", position=30
        ),
    )
    add_nav(
        app,
        NavEntry("suppliers.own", _l("Our company"), "building", ("own_supplier:read",), "/supplier/", position=60),
    )
    add_nav(
        app,
        NavEntry(
            "suppliers.proposals", _l("Propose a supplier"), "user-plus", ("supplier:suggest",), "/suppliers/pro",
            position=31,
        ),
    )  # fmt: skip
