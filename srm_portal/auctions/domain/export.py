"""A finished auction as a replay file, with its outcomes: replaying it gives the same outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.commands_document import command_to_json
from srm_portal.auctions.domain.replay import VERSION, replay
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules
from srm_portal.auctions.domain.rules_writing import bidder_to_json, lot_to_json, rules_to_json


def export(
    rules: Rules, lots: Iterable[Lot], bidders: Iterable[Bidder], commands: Iterable[tuple[datetime, Command]]
) -> dict[str, Any]:
    """The document of an auction that began with `rules` and took `(recv, command)` in this order, refused ones too."""
    document: dict[str, Any] = {
        "version": VERSION,
        "rules": rules_to_json(rules),
        "lots": [lot_to_json(lot) for lot in lots],
        "bidders": [bidder_to_json(bidder) for bidder in bidders],
        "commands": [command_to_json(recv, command) for recv, command in commands],
    }
    result = replay(document)
    return document | {"outcomes": result["outcomes"], "log_sha256": result["log_sha256"]}
