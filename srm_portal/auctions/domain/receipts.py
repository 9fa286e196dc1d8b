"""A receipt as its owner is sent it."""

from __future__ import annotations

from typing import Any

from srm_portal.auctions.domain.events import Receipt
from srm_portal.auctions.domain.figures import amount_text
from srm_portal.auctions.domain.public import is_hidden, public_close
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Visibility
from srm_portal.auctions.domain.state import State


def receipt_view(state: State, receipt: Receipt, policy: Visibility | None = None) -> dict[str, Any]:
    """A receipt as its owner is sent it: own made bids only, the rank where the policy shows it.

    A lot that is still sealed tells no number, which would count the others' bids.
    """
    shown = policy or state.rules.visibility
    lot = state.lots.get(receipt.lot) if receipt.lot is not None else None
    line: dict[str, Any] = {"recv": moment_text(receipt.recv), "do": receipt.do, "lot": receipt.lot, "key": receipt.key}
    if lot is None or not is_hidden(state, lot):
        line["seq"] = receipt.seq
    if lot is not None and receipt.close is not None:
        japanese = state.rules.format == "japanese"
        line["close"] = moment_text(public_close(state, lot, receipt.recv) if japanese else receipt.close)
    if shown.rank and not state.rules.has_clock and receipt.rank is not None:
        line["rank"] = receipt.rank
    line["made"] = [
        {"amount": amount_text(state.rules, each.amount), "seq": each.seq}
        for each in receipt.made
        if each.by == receipt.by
    ]
    return line
