"""What `notifications` plugs in."""

from flask import Flask

from srm_portal.notifications.queries import unread
from srm_portal.notifications.views import bp
from srm_portal.web.templating import add_counter


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    add_counter(app, "unread", unread)
