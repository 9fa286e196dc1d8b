"""What `identity` plugs in."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from srm_portal.identity.login import init_login
from srm_portal.identity.views import bp
from srm_portal.web.templating import NavEntry, add_nav


def wire(app: Flask) -> None:
    init_login(app)
    app.register_blueprint(bp)
    add_nav(app, NavEntry("identity.users", _l("Administration"), "settings", ("user:manage",), "/admin", position=90))
