"""The only wiring: extensions, adapters, rooms, error pages. One file a room says what it plugs in."""

from __future__ import annotations

import importlib
import os
import pkgutil
from pathlib import Path
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from srm_portal.adapters.smtp import PortalOnlyTransport, SmtpTransport
from srm_portal.infra import gateways, keys, logs
from srm_portal.infra.db import init_db
from srm_portal.infra.limits import init_limits
from srm_portal.infra.moment import bind_clock
from srm_portal.infra.outbox import MailTransport, init_outbox
from srm_portal.infra.transaction import init_transactions
from srm_portal.kernel.clock import Clock, SystemClock
from srm_portal.web.errors import init_errors
from srm_portal.web.guard import check_policy
from srm_portal.web.headers import init_headers
from srm_portal.web.i18n import init_i18n
from srm_portal.web.sessions import DatabaseSessions
from srm_portal.web.templating import init_templating

ROOT = Path(__file__).resolve().parents[2]
csrf = CSRFProtect()


def rooms() -> list[str]:
    """The rooms with wiring, in the order of their names."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def _settings(app: Flask, config: Any) -> None:
    values = vars(config) if not isinstance(config, dict) else config
    app.config.from_mapping({key: value for key, value in values.items() if key.isupper()})
    for name in ("VAR_DIR", "UPLOAD_DIR"):
        Path(app.config[name]).mkdir(parents=True, exist_ok=True)
    Path(app.config["KEYRING_FILE"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _mail(app: Flask) -> None:
    url = app.config["SMTP_URL"]
    transport: MailTransport = SmtpTransport(url, app.config["MAIL_FROM"]) if url else PortalOnlyTransport()
    gateways.bind(app, MailTransport, transport)  # type: ignore[type-abstract]
    init_outbox(app)


def create_app(config: Any, clock: Clock | None = None) -> Flask:
    """The whole portal over one configuration. `clock` is the system's unless a test brings its own."""
    app = Flask(
        "srm_portal",
        root_path=str(ROOT / "srm_portal"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    _settings(app, config)
    logs.configure(app.config["LOG_FORMAT"])
    bind_clock(app, clock or SystemClock())
    init_transactions(app)
    init_db(app)
    keys.bind_keyring(app)
    app.session_interface = DatabaseSessions()
    csrf.init_app(app)
    init_limits(app)
    init_i18n(app)
    init_errors(app)
    init_headers(app)
    init_templating(app)
    _mail(app)
    app.extensions["srm_socketio"] = SocketIO()
    for room in rooms():
        importlib.import_module(f"{__name__}.{room}").wire(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    check_policy(app)
    return app


def app_from_environment() -> Flask:
    """For `flask`, gunicorn and the command line."""
    from config import Config  # the installation's own file, at the top level

    os.environ.setdefault("SRM_VAR", str(ROOT / "var"))
    return create_app(Config())
