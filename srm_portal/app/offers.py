"""What `offers` plugs in."""

from flask import Flask

from srm_portal.offers import queries
from srm_portal.sourcing import ports as sourcing


def wire(app: Flask) -> None:
    sourcing.register_gate(app, "selection", lambda project_id, _now: queries.gate(project_id))
    sourcing.register_fact(app, "selection", queries.fact)
