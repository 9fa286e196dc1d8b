"""What the registry does by itself."""

from __future__ import annotations

from srm_portal.infra.jobs import Work
from srm_portal.suppliers import services


def qualification_expiring(work: Work) -> None:
    services.remind_of_expiry(work.args["cell"], now=work.now)


def certificate_expiring(work: Work) -> None:
    services.remind_of_certificate(work.args["certificate"], now=work.now)


def registration_lapsed(work: Work) -> None:
    services.lapse(work.args["registration"], now=work.now)


def requalification_due(work: Work) -> None:
    services.requalify(work.args["cell"], now=work.now)
