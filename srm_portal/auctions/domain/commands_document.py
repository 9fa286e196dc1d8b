"""Commands as the JSON of the replay contract, there and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.auctions.domain.commands import BIDDER_ACTS, BUYER, BUYER_ACTS, Command
from srm_portal.auctions.domain.reader import Fields, moment_text
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_reading import rules_from_json
from srm_portal.auctions.domain.rules_writing import rules_to_json

DEFAULT_RECV = "2026-01-05T09:58:00.000Z"


def command_from_json(document: object, path: str = "command", rules: Rules | None = None) -> tuple[datetime, Command]:
    """`(recv, command)`. Absent fields take the contract's defaults; wrong numbers stay for the engine to refuse.

    `rules` is what holds when a `change_rules` arrives: its absent fields keep what holds.
    """
    fields = Fields(document, path)
    act = fields.choice("do", BIDDER_ACTS + BUYER_ACTS, "bid")
    buying = act in BUYER_ACTS
    recv = fields.moment("recv", DEFAULT_RECV)
    changed = fields.raw("rules")
    command = Command(
        do=act,
        by=_or(fields.maybe_text("by"), BUYER if buying else "A"),
        lot=_or(fields.maybe_text("lot"), None if buying or act == "accept_terms" else "L1"),
        key=fields.maybe_text("key") or None,
        amount=_or(fields.raw("amount"), "99.50" if act == "bid" else None),
        confirm=fields.flag("confirm", False),
        tick=_or(fields.maybe_integer("tick", least=-1), 4 if act == "accept" else None),
        quantity=fields.raw("quantity"),
        limit=fields.raw("limit"),
        step=_or(fields.raw("step"), "1" if act == "proxy" else None),
        seq=fields.maybe_integer("seq"),
        seconds=fields.maybe_integer("seconds"),
        reason=_or(fields.maybe_text("reason"), "..." if buying else None),
        version=fields.maybe_integer("version"),
        rules=None if changed is None else rules_from_json(changed, f"{path}.rules", rules or Rules()),
        until=fields.maybe_moment("until"),
        surrogate_for=fields.maybe_text("surrogate_for"),
        bidder=fields.maybe_text("bidder"),
    )
    fields.done()
    return recv, command


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


def command_to_json(recv: datetime, command: Command) -> dict[str, Any]:
    """The command with its stamp; `command_from_json` gives both again."""
    document: dict[str, Any] = {"recv": moment_text(recv), "by": command.by, "do": command.do}
    sent = {
        "lot": _lot(command),
        "key": command.key,
        "amount": _sent(command.amount, command.do == "bid"),
        "confirm": command.confirm or None,
        "tick": -1 if command.tick is None and command.do == "accept" else command.tick,
        "quantity": _sent(command.quantity),
        "limit": _sent(command.limit),
        "step": _sent(command.step, command.do == "proxy"),
        "seq": command.seq,
        "seconds": command.seconds,
        "reason": "" if command.reason is None and command.do in BUYER_ACTS else command.reason,
        "version": command.version,
        "rules": rules_to_json(command.rules) if isinstance(command.rules, Rules) else None,
        "until": None if command.until is None else moment_text(command.until),
        "surrogate_for": command.surrogate_for,
        "bidder": command.bidder,
    }
    return document | {name: value for name, value in sent.items() if value is not None}


def _lot(command: Command) -> str | None:
    """A bidder's command without a lot names none; the default would name one."""
    nameless = command.do in BIDDER_ACTS and command.do != "accept_terms"
    return "" if command.lot is None and nameless else command.lot


def _sent(value: object, needed: bool = False) -> object:
    """What was sent, as JSON; an absent number that a default would fill is written as an empty text."""
    if value is None:
        return "" if needed else None
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)
