"""What `suppliers` plugs in."""

from flask import Flask

from srm_portal.infra import jobs
from srm_portal.suppliers.jobs import qualification_expiring
from srm_portal.suppliers.services.qualification import EXPIRY_JOB


def wire(app: Flask) -> None:
    jobs.register(app, EXPIRY_JOB, qualification_expiring)
