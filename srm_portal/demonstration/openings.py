"""An event that is sealed to openers, in two envelopes: the deadline is over, one of two has acted.

The key files lie in the demonstration's folder under the printed password, so that everybody can play an opener.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import current_app

from srm_portal.demonstration import projects
from srm_portal.demonstration.invented import PASSWORD
from srm_portal.demonstration.projects import Story
from srm_portal.infra import sealing as boxes
from srm_portal.offers import queries, services
from srm_portal.offers.domain.openers import answer_rehearsal
from srm_portal.sourcing import services as sourcing

OPENERS = ("auditor", "manager", "buyer2")


def key_folder() -> Path:
    return Path(current_app.config["VAR_DIR"]) / "opener-keys"


def sealed_to_openers(story: Story) -> None:
    projects.carry(story, "criteria")
    buyer, moment = story.team["buyer"], story.day(4.6)
    sourcing.edit_event(buyer, story.event_id, version=None, now=moment, level="S2", envelopes="two")
    private = {name: _key(story, name, moment) for name in OPENERS}
    people = [story.team[name].user_id for name in OPENERS]
    services.name_openers(buyer, story.event_id, people, 2, now=moment)
    for name, key in private.items():
        box = bytes.fromhex(queries.task(story.team[name], story.event_id, moment)["box"])
        answer = answer_rehearsal(box, key, boxes.unseal)
        services.answer_rehearsal(story.team[name], story.event_id, answer, now=moment)
    projects.publish(story)
    projects.answer(story, count=3)
    acted = story.day(17.1)
    box = bytes.fromhex(queries.task(story.team["auditor"], story.event_id, acted)["box"])
    services.give_share(story.team["auditor"], story.event_id, boxes.unseal(private["auditor"], box), now=acted)


def _key(story: Story, name: str, now: datetime) -> bytes:
    """A new key, its file beside the database; returns the private half."""
    data, public = boxes.new_opener_file(PASSWORD)
    key_folder().mkdir(parents=True, exist_ok=True)
    file = key_folder() / f"{name}.json"
    file.touch(mode=0o600)
    file.write_bytes(data + b"\n")
    services.register_opener_key(story.team[name], public, now=now)
    return boxes.open_opener_file(data, PASSWORD)
