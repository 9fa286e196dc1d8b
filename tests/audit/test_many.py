"""Many acts at once make the same chain as one after the other."""

from __future__ import annotations

from srm_portal.audit.models import AuditEntry
from srm_portal.audit.services import Act, record, record_many, verify_streams
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from tests.support.world import World

STREAMS = ("project:two", "project:one", "project:two")


@command
def _many(world: World) -> None:
    record_many(
        [
            Act(
                world.buyer,
                "need.seen",
                "need",
                f"n{at}",
                world.now,
                "A need",
                "",
                stream,
                world.organisation_id,
                {"at": at},
            )
            for at, stream in enumerate(STREAMS)
        ]
    )


@command
def _one(world: World) -> str:
    return record(world.buyer, "need.seen", "need", "n9", now=world.now, stream="project:two")


def test_many_acts_are_chained_in_their_order_and_a_single_one_follows(world: World) -> None:
    _many(world)
    last = _one(world)
    _many(world)
    rows = db.session.query(AuditEntry).filter_by(stream="project:two").order_by(AuditEntry.seq).all()
    assert [(row.seq, row.object_id) for row in rows] == [(1, "n0"), (2, "n2"), (3, "n9"), (4, "n0"), (5, "n2")]
    assert rows[3].prev == last == rows[2].hash
    assert verify_streams()[1] == []
