"""What `audit` plugs in."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from srm_portal.audit.services import extend_log
from srm_portal.audit.views import bp
from srm_portal.infra import jobs
from srm_portal.web.templating import NavEntry, add_nav

CHECKPOINT_EVERY = timedelta(seconds=60)


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register_sweep(app, "audit.log", CHECKPOINT_EVERY, extend_log)
    add_nav(app, NavEntry("audit.trail", _l("Audit"), "history", ("audit:read",), "/audit", position=80))
