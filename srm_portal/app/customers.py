"""What `customers` plugs in."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from srm_portal.customers.api import bp as api
from srm_portal.customers.views import bp
from srm_portal.web.api import register_api
from srm_portal.web.templating import NavEntry, add_nav


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    add_nav(
        app, NavEntry("customers.index", _l("Customers"), "address-book", ("customer:read",), "/customers", position=60)
    )
