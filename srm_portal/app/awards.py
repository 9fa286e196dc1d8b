"""What `awards` plugs in."""

from flask import Flask

from srm_portal.awards.views import bp


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
