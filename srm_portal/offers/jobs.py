"""What happens to offers by the clock."""

from __future__ import annotations

from datetime import datetime

from srm_portal.audit.queries import newest_checkpoint
from srm_portal.audit.services import extend_log
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import housekeeping
from srm_portal.offers import queries
from srm_portal.sourcing import queries as sourcing


def mail_proofs(work: jobs.Work) -> None:
    """Job handler, after a deadline: who handed in gets the receipt with its proof and the log's checkpoint.

    The checkpoint leaves the portal before anybody may open an offer. A second run sends nothing twice.
    """
    extend_log(work.now)
    _mail_proofs(work.args["event"], work.now)


@housekeeping
def _mail_proofs(event_id: str, now: datetime) -> None:
    event, newest = sourcing.event(event_id), newest_checkpoint()
    for one in queries.standing(event_id):
        person = identity.person(one.by_id)
        if person is None or jobs.enqueue("offers.told", {}, now=now, key=f"offers.proof:{one.offer_id}") is None:
            continue
        queue_mail(
            "offer_proof",
            person.email,
            language=person.language,
            now=now,
            organisation_id=event.organisation_id,
            user_id=person.id,
            about=one.offer_id,
            name=person.name,
            title=event.title,
            reference=event.reference,
            version=one.version,
            receipt=one.receipt.rstrip("\n"),
            checkpoint=newest.note if newest else "",
            path="/log",
        )


def told(_work: jobs.Work) -> None:
    """Job handler: the row itself is the note that a mail was queued."""
