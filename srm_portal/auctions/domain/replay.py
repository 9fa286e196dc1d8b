"""The replay file: a document in, a document out (contract "Auction replay file"). Touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from srm_portal.auctions.domain import results, timing
from srm_portal.auctions.domain.codec import log_sha256
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.commands_document import command_from_json
from srm_portal.auctions.domain.engine import Replayed, decide
from srm_portal.auctions.domain.events import Event, MadeBid, Receipt, Refusal
from srm_portal.auctions.domain.evolution import fold, start
from srm_portal.auctions.domain.figures import amount_text, metric_text
from srm_portal.auctions.domain.projections import view as view_of
from srm_portal.auctions.domain.reader import Fields, moment, moment_text
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules
from srm_portal.auctions.domain.rules_reading import bidder_from_json, lot_from_json, rules_from_json
from srm_portal.auctions.domain.state import LotState, State
from srm_portal.kernel.errors import InputError

END = datetime.max.replace(tzinfo=UTC)
"""After everything that time decides."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class Auction:
    """A parsed document. Commands stay JSON until their turn: `change_rules` builds on what then holds."""

    rules: Rules
    lots: tuple[Lot, ...]
    bidders: tuple[Bidder, ...]
    commands: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Run:
    """Everything that happened: the state after the last command, the log, and an answer per command."""

    state: State
    log: list[Event]
    answers: list[tuple[datetime, list[Event] | Refusal | Replayed]]


def parse(document: object) -> Auction:
    """Read and check a whole document. Raises InputError naming field and remedy for a malformed one."""
    fields = Fields(document, "")
    if fields.integer("version", VERSION) != VERSION:
        raise InputError("version", f"give {VERSION}")
    given = fields.raw("rules")
    rules = rules_from_json({} if given is None else given, "rules")
    named = fields.has("lots")
    lots = fields.items("lots", lambda value, path: lot_from_json(value, path, rules))
    if not named:
        lots = (lot_from_json({}, "lots[0]", rules),)
    bidders = fields.items("bidders", bidder_from_json, (Bidder(),))
    commands = fields.items("commands", _checked(rules))
    for told in ("outcomes", "log_sha256"):
        fields.raw(told)
    fields.done()
    _unique("lots", [lot.id for lot in lots])
    _unique("bidders", [bidder.id for bidder in bidders])
    for package in rules.packages:
        for name in package.lots:
            if name not in {lot.id for lot in lots}:
                raise InputError("rules.packages", f"name lots of this auction; {name} is none")
    return Auction(rules, lots, bidders, commands)


def _checked(rules: Rules) -> Any:
    def read(value: object, path: str) -> dict[str, Any]:
        command_from_json(value, path, rules)
        assert isinstance(value, dict)
        return value

    return read


def _unique(field: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InputError(f"{field}[{index}].id", f"give each its own id; {name} stands twice")


def run(auction: Auction, *, until: datetime | None = None) -> Run:
    """Feed the commands in order; with `until` only those received up to then."""
    result = Run(start(auction.rules, auction.lots, auction.bidders), [], [])
    for index, document in enumerate(auction.commands):
        recv, command = command_from_json(document, f"commands[{index}]", result.state.rules)
        if until is None or recv <= until:
            _feed(result, command, recv)
    return result


def _feed(result: Run, command: Command, recv: datetime) -> None:
    answer = decide(result.state, command, recv)
    if isinstance(answer, list):
        fold(result.state, answer)
        result.log += answer
    result.answers.append((recv, answer))


def replay(document: object, *, at: str | datetime | None = None, view: str | None = None) -> dict[str, Any]:
    """The contract's output for a document.

    `at`: state the lots at that moment. `view`: add what that bidder's screen is sent then (also "buyer",
    "observer"). Raises InputError for a malformed document, moment or viewer.
    """
    auction = parse(document)
    whole = run(auction)
    when = END if at is None else (moment(at, "at") if isinstance(at, str) else at)
    shown = whole.state if at is None else run(auction, until=when).state
    output: dict[str, Any] = {
        "outcomes": [outcome(auction.rules, index, answer) for index, (_, answer) in enumerate(whole.answers)],
        "lots": [lot_line(shown, lot, when) for lot in shown.lots.values()],
        "log_sha256": log_sha256(whole.log),
    }
    if shown.rules.packages:
        output["packages"] = [package_line(shown, index) for index in range(len(shown.rules.packages))]
    if view is not None:
        if view not in (*shown.bidders, "buyer", "observer"):
            raise InputError("view", "name a bidder of this auction, buyer or observer")
        output["view"] = view_of(shown, view, when)
    return output


def outcome(rules: Rules, index: int, answer: list[Event] | Refusal | Replayed) -> dict[str, Any]:
    """One line of `outcomes`."""
    if isinstance(answer, Refusal):
        valid = answer.next_valid
        return {
            "index": index,
            "accepted": False,
            "code": answer.code,
            "next_valid": None if valid is None else amount_text(rules, valid),
        }
    receipt = answer if isinstance(answer, Receipt) else answer[-1]
    assert isinstance(receipt, Receipt)
    return {
        "index": index,
        "accepted": True,
        "seq": receipt.seq,
        "replayed": isinstance(answer, Replayed),
        "rank": receipt.rank,
        "close": None if receipt.close is None else moment_text(receipt.close),
        "made": [_made(rules, each) for each in receipt.made],
    }


def _made(rules: Rules, made: MadeBid) -> dict[str, Any]:
    return {"by": made.by, "amount": amount_text(rules, made.amount), "seq": made.seq}


def lot_line(state: State, lot: LotState, when: datetime) -> dict[str, Any]:
    """One line of `lots`."""
    rules = state.rules
    won = results.winners(state, lot, when)
    line: dict[str, Any] = {
        "id": lot.lot.id,
        "state": timing.phase(state, lot, when),
        "close": moment_text(lot.close),
        "extensions": lot.extensions,
        "ranking": [
            {
                "bidder": row.bidder,
                "rank": row.rank,
                "amount": amount_text(rules, row.amount),
                "metric": metric_text(rules, row.cost),
                "seq": row.seq,
            }
            | ({} if row.quantity is None else {"quantity": format(row.quantity, "f")})
            for row in results.ranking(state, lot)
        ],
        "winner": won[0] if won else None,
    }
    if lot.paused_at is not None:
        line["paused"] = True
    if rules.dutch is not None and rules.format == "dutch" and (rules.dutch.winners > 1 or rules.dutch.partial):
        line["winners"] = won
    return line


def package_line(state: State, index: int) -> dict[str, Any]:
    package = state.rules.packages[index]
    rows = results.package_ranking(state, package)
    return {
        "id": package.id,
        "lots": list(package.lots),
        "ranking": [
            {"bidder": row.bidder, "rank": row.rank, "amount": amount_text(state.rules, row.amount)} for row in rows
        ],
    }
