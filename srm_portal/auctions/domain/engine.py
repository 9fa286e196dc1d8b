"""`decide(state, command, recv)`: the one door of an auction (R1, R4). Pure; `evolution.evolve` applies the answer."""

from __future__ import annotations

from datetime import datetime

from srm_portal.auctions.domain import accepting, answers, bidding, buying, proxy, sealed
from srm_portal.auctions.domain.commands import BUYER, BUYER_ACTS, Command
from srm_portal.auctions.domain.events import Event, Receipt, Refusal, TermsAccepted
from srm_portal.auctions.domain.evolution import evolve, fold
from srm_portal.auctions.domain.state import LotState, State

__all__ = ["Replayed", "apply", "decide", "evolve", "fold"]


class Replayed(Receipt):
    """The receipt of an earlier command with the same key: nothing happened now."""

    __slots__ = ()


def decide(state: State, command: Command, recv: datetime) -> list[Event] | Refusal | Replayed:
    """Answer one command: its events (the receipt last), a refusal, or the receipt a retry gets again.

    `recv` is the sequencer's stamp, an aware datetime: the legal time of the command. Reads `state`, changes nothing.
    """
    refused = _who(state, command)
    if refused is not None:
        return refused
    if command.key is not None:
        before = state.receipts.get((command.by, command.key))
        if before is not None:
            return _repeat(before, command)
    if command.do in BUYER_ACTS:
        return buying.ACTS[command.do](state, command, recv)
    if command.do == "accept_terms":
        return _accept_terms(state, command, recv)
    lot = state.lots.get(command.lot) if command.lot is not None else None
    if lot is None:
        return Refusal("unknown_lot")
    return _on_lot(state, lot, command, recv)


def apply(state: State, command: Command, recv: datetime) -> list[Event] | Refusal | Replayed:
    """Decide, and evolve the state with the events of an accepted command."""
    answer = decide(state, command, recv)
    if isinstance(answer, list):
        fold(state, answer)
    return answer


def _who(state: State, command: Command) -> Refusal | None:
    """R4, check 1: known, current terms accepted, not blocked."""
    if command.do in BUYER_ACTS:
        return (
            None
            if command.by == BUYER
            else Refusal("unknown_bidder" if command.by not in state.bidders else "not_allowed")
        )
    standing = state.bidders.get(command.participant or "")
    if standing is None:
        return Refusal("unknown_bidder")
    if command.by == BUYER and command.do != "bid":
        return Refusal("not_allowed")
    if command.surrogate_for is not None and command.by != BUYER:
        return Refusal("not_allowed")
    if standing.blocked:
        return Refusal("blocked")
    if command.do != "accept_terms" and standing.accepted_version < state.required_version:
        return Refusal("rules_changed")
    return None


def _repeat(before: Receipt, command: Command) -> Refusal | Replayed:
    """R4, check 2: the same key gets the original receipt, with another payload it is an error."""
    if before.fingerprint != answers.fingerprint(command):
        return Refusal("key_reused")
    return Replayed(
        before.seq, before.recv, before.by, before.do, before.lot, before.key, before.fingerprint, before.rank,
        before.close, before.made,
    )  # fmt: skip


def _accept_terms(state: State, command: Command, recv: datetime) -> list[Event] | Refusal:
    version = state.version if command.version is None else command.version
    if version != state.version:
        return Refusal("rules_changed")
    return [TermsAccepted(command.by, version), answers.receipt(command, recv, state.seq + 1)]


def _on_lot(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    clocked = state.rules.has_clock
    match command.do:
        case "bid" if not clocked:
            return bidding.place_bid(state, lot, command, recv)
        case "accept" if clocked:
            return accepting.accept(state, lot, command, recv)
        case "proxy" if state.rules.format == "english" or lot.live_stage:
            return proxy.set_proxy(state, lot, command, recv)
        case "cancel_proxy" if state.rules.format == "english" or lot.live_stage:
            return proxy.cancel_proxy(state, lot, command, recv)
        case "withdraw":
            return sealed.withdraw(state, lot, command, recv)
        case _:
            return Refusal("not_allowed")
