"""A read is answered once in a request, and never from before a change."""

from __future__ import annotations

import pytest

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.identity.models import Organisation
from srm_portal.infra.db import db
from srm_portal.infra.once import keep, once, once_each
from srm_portal.infra.transaction import command
from tests.support.statements import count_statements
from tests.support.world import World


def _rename(world: World, name: str) -> None:
    db.session.get_one(Organisation, world.organisation_id).name = name
    record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)


def test_the_second_question_of_a_request_costs_nothing(world: World) -> None:
    with world.app.test_request_context("/"), count_statements() as statements:
        first = identity.organisation(world.organisation_id)
        again = identity.organisation(world.organisation_id)
    assert first is again
    assert len(statements) == 1


def test_outside_a_request_every_question_is_asked(world: World) -> None:
    asked: list[str] = []

    @once
    def read(name: str) -> list[str]:
        asked.append(name)
        return [name]

    read("a"), read("a")
    assert asked == ["a", "a"]


def test_after_a_command_the_change_is_seen(world: World) -> None:
    with world.app.test_request_context("/"):
        before = identity.organisation(world.organisation_id).name
        command(_rename)(world, "Ostwerk")
        assert (before, identity.organisation(world.organisation_id).name) == ("Nordwerk", "Ostwerk")


def test_inside_a_command_its_own_change_is_seen(world: World) -> None:
    @command
    def rename_and_look() -> tuple[str, str]:
        before = identity.organisation(world.organisation_id).name
        _rename(world, "Westwerk")
        db.session.flush()
        return before, identity.organisation(world.organisation_id).name

    with world.app.test_request_context("/"):
        identity.organisation(world.organisation_id)
        assert rename_and_look() == ("Nordwerk", "Westwerk")


def test_a_refused_command_leaves_nothing_of_what_it_had_in_mind(world: World) -> None:
    @command
    def rename_and_fail() -> None:
        _rename(world, "Nowhere")
        db.session.flush()
        identity.organisation(world.organisation_id)
        raise ValueError

    with world.app.test_request_context("/"):
        with pytest.raises(ValueError):
            rename_and_fail()
        assert identity.organisation(world.organisation_id).name == "Nordwerk"


def test_only_ids_not_asked_before_are_read_and_missing_ones_only_once(world: World) -> None:
    asked: list[list[str]] = []

    @once_each
    def read(ids: object) -> dict[str, str]:
        asked.append(list(ids))  # type: ignore[call-overload]
        return {one: one.upper() for one in asked[-1] if one != "gone"}

    with world.app.test_request_context("/"):
        assert read(["a", "gone"]) == {"a": "A"}
        assert read(["a", "gone", "b"]) == {"a": "A", "b": "B"}
        assert read([]) == {}
    assert asked == [["a", "gone"], ["b"]]


def test_a_caller_that_changes_its_answer_changes_nobody_elses(world: World) -> None:
    @once
    def read() -> list[str]:
        return ["a"]

    with world.app.test_request_context("/"):
        read().append("b")
        assert read() == ["a"]


def test_what_another_read_brought_along_is_kept(world: World) -> None:
    @once
    def read(name: str) -> str:
        raise AssertionError(name)

    with world.app.test_request_context("/"):
        keep(read, "known", "a")
        assert read("a") == "known"
