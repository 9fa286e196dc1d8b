"""What `integrations` plugs in: the interface's description, webhooks, and the CRMs that can be spoken with."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from srm_portal.adapters.outbound import Outbound
from srm_portal.infra import gateways
from srm_portal.integrations import jobs
from srm_portal.integrations.api import bp as api
from srm_portal.integrations.ports import Access, CrmGateway, CrmKinds, CrmOpener, WebhookTransport
from srm_portal.integrations.views import bp
from srm_portal.web.api import register_api

CRM_TIMEOUT_S = 60.0


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.register(app)
    trusted = app.config["INTERNAL_HOSTS"]
    gateways.bind(app, WebhookTransport, Outbound(trusted))  # type: ignore[type-abstract]
    sender = Outbound(trusted, CRM_TIMEOUT_S)

    def tryton(access: Access) -> CrmGateway:
        from srm_portal.adapters.tryton import TrytonCrm

        return TrytonCrm(access, sender)

    def kinds() -> Mapping[str, CrmOpener]:
        return {"tryton": tryton}

    gateways.bind(app, CrmKinds, kinds)
