"""The only wiring: extensions, adapters, rooms, error pages. One file a room says what it plugs in."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.http import parse_cookie
from werkzeug.middleware.proxy_fix import ProxyFix

from srm_portal.adapters.smtp import PortalOnlyTransport, SmtpTransport
from srm_portal.identity.login import actor_of_cookie
from srm_portal.identity.queries import session_with_person
from srm_portal.infra import gateways, keys, logs
from srm_portal.infra.db import init_db
from srm_portal.infra.limits import init_limits
from srm_portal.infra.moment import bind_clock
from srm_portal.infra.outbox import MailTransport, init_outbox
from srm_portal.infra.realtime import MemoryBus, Realtime, RedisBus, SocketIO, create_socketio
from srm_portal.infra.transaction import init_transactions
from srm_portal.kernel.clock import Clock, SystemClock
from srm_portal.kernel.permissions import Actor
from srm_portal.web.errors import init_errors
from srm_portal.web.guard import check_policy
from srm_portal.web.headers import init_headers
from srm_portal.web.health import init_metrics
from srm_portal.web.i18n import init_i18n
from srm_portal.web.sessions import COOKIE, DatabaseSessions
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
    app.session_interface = DatabaseSessions(session_with_person)
    csrf.init_app(app)
    init_limits(app)
    init_i18n(app)
    init_errors(app)
    init_headers(app)
    init_metrics(app)
    init_templating(app)
    _mail(app)
    app.extensions["realtime"] = Realtime(clock=app.extensions["srm_clock"], bus=_bus(app))
    for room in rooms():
        importlib.import_module(f"{__name__}.{room}").wire(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    check_policy(app)
    return app


def _bus(app: Flask) -> MemoryBus | RedisBus:
    url = app.config["REDIS_URL"]
    return RedisBus(url) if url else MemoryBus()


def connect_realtime(app: Flask) -> SocketIO:
    """Open the door for sockets: only serving processes do. Their actor is judged as freshly as a page's."""

    def authenticate(environ: Mapping[str, Any]) -> Actor | None:
        token = parse_cookie(environ.get("HTTP_COOKIE", "")).get(COOKIE, "")
        with app.app_context():
            return actor_of_cookie(token) if token else None

    realtime: Realtime = app.extensions["realtime"]
    app.config["SRM_REALTIME_DRIVER"] = app.config["REALTIME_DRIVER"]
    app.config["SRM_REALTIME_ORIGINS"] = (app.config["PUBLIC_URL"],)
    socketio = create_socketio(app)
    realtime.init_app(app, socketio, authenticate)
    app.extensions["srm_sockets"] = realtime
    return socketio


def app_from_environment(clock: Clock | None = None) -> Flask:
    """For `flask`, gunicorn and the command line; `clock` as in `create_app`."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from config import Config  # the installation's own file, at the top level

    return create_app(Config(), clock)
