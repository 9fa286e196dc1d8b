"""People with opener's keys, and what they do with them on their own machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from srm_portal.infra import sealing as boxes
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries, services
from srm_portal.offers.domain.openers import answer_rehearsal
from tests.support.factories.offers import Tender, a_tender
from tests.support.world import World


@dataclass(frozen=True)
class Opener:
    """A person and the private half of the key that never reaches the portal."""

    actor: Actor
    private: bytes

    def answer(self, world: World, event_id: str) -> bytes:
        task = queries.task(self.actor, event_id, world.now)
        box = bytes.fromhex(task["box"])
        if task["purpose"] == "rehearsal":
            return answer_rehearsal(box, self.private, boxes.unseal)
        return boxes.unseal(self.private, box)

    def act(self, world: World, event_id: str) -> int:
        return services.give_share(self.actor, event_id, self.answer(world, event_id), now=world.now)


def an_opener(world: World, *roles: str, name: str = "") -> Opener:
    person = world.person(*(roles or ("auditor",)), name=name)
    private, public = boxes.new_pair()
    services.register_opener_key(person, public, now=world.now)
    return Opener(person, private)


def some_openers(world: World, count: int = 3) -> list[Opener]:
    return [an_opener(world, name=f"Opener {number + 1}") for number in range(count)]


def rehearse(world: World, event_id: str, people: list[Opener], threshold: int = 2) -> None:
    services.name_openers(world.buyer, event_id, [one.actor.user_id for one in people], threshold, now=world.now)
    for one in people:
        services.answer_rehearsal(one.actor, event_id, one.answer(world, event_id), now=world.now)


def a_sealed_tender(
    world: World, people: list[Opener], *, threshold: int = 2, envelopes: str = "single", **values: Any
) -> Tender:
    """An open event at level S2 that `threshold` of these people open."""
    return a_tender(
        world,
        level="S2",
        envelopes=envelopes,
        before_publication=lambda event_id: rehearse(world, event_id, people, threshold),
        **values,
    )
