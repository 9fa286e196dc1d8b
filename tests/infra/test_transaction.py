"""Commands commit whole, audited, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from srm_portal.audit.models import AuditEntry
from srm_portal.audit.services import record, verify_streams
from srm_portal.identity.models import Organisation, User
from srm_portal.infra import jobs
from srm_portal.infra.db import MoneyType, UTCDateTime, db
from srm_portal.infra.transaction import (
    ForeignHousekeeping,
    UnauditedChange,
    after_commit,
    command,
    housekeeping,
)
from tests.support.world import World


def _rename(world: World, name: str) -> None:
    db.session.get_one(Organisation, world.organisation_id).name = name


def _name(world: World) -> str:
    db.session.rollback()
    return db.session.get_one(Organisation, world.organisation_id).name


def test_a_change_without_an_audit_entry_is_refused(world: World) -> None:
    @command
    def forget() -> None:
        _rename(world, "silent")

    with pytest.raises(UnauditedChange):
        forget()
    assert _name(world) == "Nordwerk"


def test_a_change_with_its_entry_is_kept(world: World) -> None:
    @command
    def rename() -> None:
        _rename(world, "Ostwerk")
        record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)

    rename()
    assert _name(world) == "Ostwerk"


def test_a_failing_command_leaves_nothing(world: World) -> None:
    told: list[str] = []

    @command
    def fail() -> None:
        _rename(world, "half")
        record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)
        jobs.enqueue("mail.deliver", {}, now=world.now)
        after_commit(lambda: told.append("no"))
        raise RuntimeError

    before = db.session.query(AuditEntry).count()
    with pytest.raises(RuntimeError):
        fail()
    assert _name(world) == "Nordwerk" and told == []
    assert db.session.query(AuditEntry).count() == before
    assert db.session.query(jobs.Job).count() == 0


def test_a_change_outside_a_command_is_refused(world: World) -> None:
    _rename(world, "loose")
    with pytest.raises(UnauditedChange):
        db.session.flush()
    db.session.rollback()


def test_a_bulk_change_counts_as_a_change(world: World) -> None:
    @command
    def bulk() -> None:
        db.session.execute(db.update(Organisation).values(name="bulk"))

    with pytest.raises(UnauditedChange):
        bulk()


def test_housekeeping_may_not_touch_peoples_rows(world: World) -> None:
    @housekeeping
    def tidy() -> None:
        _rename(world, "tidied")

    with pytest.raises(ForeignHousekeeping):
        tidy()


def test_a_nested_command_joins_the_outer_one(world: World) -> None:
    @command
    def inner() -> None:
        _rename(world, "inner")
        record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)

    @command
    def outer() -> None:
        inner()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outer()
    assert _name(world) == "Nordwerk"


def test_the_world_hears_after_the_commit(world: World) -> None:
    seen: list[str] = []

    @command
    def rename() -> None:
        _rename(world, "Ostwerk")
        record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)
        after_commit(lambda: seen.append(_name(world)))

    rename()
    assert seen == ["Ostwerk"]


def test_a_changed_entry_breaks_the_chain_at_its_row(world: World) -> None:
    _ = world.buyer, world.manager
    stream = f"organisation:{world.organisation_id}"
    with db.engine.begin() as connection:
        connection.execute(
            db.update(AuditEntry).where(AuditEntry.stream == stream, AuditEntry.seq == 2).values(actor_name="Mallory")
        )
    db.session.rollback()
    _count, bad = verify_streams()
    assert [(name, row.seq, row.fault) for name, row in bad] == [(stream, 2, "wrong_hash")]


def test_a_removed_last_entry_is_noticed(world: World) -> None:
    _ = world.buyer
    stream = f"organisation:{world.organisation_id}"
    with db.engine.begin() as connection:
        connection.execute(db.delete(AuditEntry).where(AuditEntry.stream == stream, AuditEntry.seq == 2))
    db.session.rollback()
    _count, bad = verify_streams()
    assert [name for name, _row in bad] == [stream]


@pytest.mark.parametrize("text", ["0", "0.01", "123456789012.123456", "99.999999"])
def test_money_comes_back_as_it_went_in(world: World, text: str) -> None:
    kind = MoneyType()
    stored = kind.process_bind_param(Decimal(text), db.engine.dialect)
    assert kind.process_result_value(stored, db.engine.dialect) == Decimal(text)


def test_money_is_never_a_float_and_never_loses_digits(world: World) -> None:
    with pytest.raises(TypeError):
        MoneyType().process_bind_param(1.5, db.engine.dialect)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="six digits"):
        MoneyType().process_bind_param(Decimal("0.0000001"), db.engine.dialect)


def test_moments_need_their_zone_and_come_back_in_utc(world: World) -> None:
    kind = UTCDateTime()
    with pytest.raises(ValueError, match="zone"):
        kind.process_bind_param(datetime(2026, 1, 1), db.engine.dialect)  # noqa: DTZ001 this is the fault
    user = db.session.get_one(User, world.buyer.user_id)
    assert user.created_at == world.now and user.created_at.tzinfo is UTC


def test_a_job_survives_its_runner_and_is_tried_again(world: World) -> None:
    tried: list[str] = []

    def handler(work: jobs.Work) -> None:
        tried.append(work.job_id)
        if len(tried) == 1:
            raise ConnectionError("down")

    jobs.handlers(world.app)["test.flaky"] = handler
    queue_it(world)
    world.run_jobs()
    assert len(tried) == 1
    world.later(minutes=1)
    world.run_jobs()
    world.run_jobs()
    assert len(tried) == 2


def test_a_job_whose_process_died_is_due_again_after_its_lease(world: World) -> None:
    done: list[str] = []
    jobs.handlers(world.app)["test.flaky"] = lambda work: done.append(work.job_id)
    queue_it(world)
    assert jobs._claim(world.now, ["test.flaky"]) is not None
    assert world.run_jobs() == 0
    world.later(minutes=6)
    world.run_jobs()
    assert len(done) == 1


def test_a_key_queues_once(world: World) -> None:
    @housekeeping
    def twice() -> list[str | None]:
        return [jobs.enqueue("test.flaky", {}, now=world.now, key="once") for _ in range(2)]

    first, second = twice()
    assert first and second is None


def test_a_job_waits_until_it_is_due(world: World) -> None:
    ran: list[str] = []
    jobs.handlers(world.app)["test.flaky"] = lambda work: ran.append(work.job_id)
    queue_it(world, due_at=world.now + timedelta(hours=1))
    world.run_jobs()
    assert ran == []
    world.later(hours=1)
    world.run_jobs()
    assert len(ran) == 1


@housekeeping
def queue_it(world: World, due_at: datetime | None = None) -> None:
    jobs.enqueue("test.flaky", {}, now=world.now, due_at=due_at)
