"""Auctions in one line: state the facts that matter, the contract's defaults fill the rest."""

from __future__ import annotations

from typing import Any

from srm_portal.auctions.domain.replay import replay

DAY = "2026-01-05T"


def at(clock: str) -> str:
    """ "09:58" or "09:59:59.999" on the auction's day, as the contract writes moments."""
    clock = clock if clock.count(":") == 2 else clock + ":00"
    return f"{DAY}{clock if '.' in clock else clock + '.000'}Z"


def act(clock: str, by: str, do: str, **fields: Any) -> dict[str, Any]:
    return {"recv": at(clock), "by": by, "do": do, **fields}


def bid(clock: str, by: str, amount: str, **fields: Any) -> dict[str, Any]:
    return act(clock, by, "bid", amount=amount, **fields)


def accept(clock: str, by: str, tick: int, **fields: Any) -> dict[str, Any]:
    return act(clock, by, "accept", tick=tick, **fields)


def proxy(clock: str, by: str, limit: str, step: str = "1", **fields: Any) -> dict[str, Any]:
    return act(clock, by, "proxy", limit=limit, step=step, **fields)


def buyer(clock: str, do: str, **fields: Any) -> dict[str, Any]:
    return act(clock, "buyer", do, **fields)


def document(
    *commands: dict[str, Any], bidders: str | list[Any] = "ABCDE", lots: Any = None, **rules: Any
) -> dict[str, Any]:
    people = [{"id": each} if isinstance(each, str) else each for each in bidders]
    return {"version": 1, "rules": rules, "lots": lots or [{}], "bidders": people, "commands": list(commands)}


def play(*commands: dict[str, Any], when: str | None = None, view: str | None = None, **facts: Any) -> dict[str, Any]:
    return replay(document(*commands, **facts), at=None if when is None else at(when), view=view)


def code(result: dict[str, Any], index: int = -1) -> str | None:
    """The refusal's code of one outcome, None where it was accepted."""
    return result["outcomes"][index].get("code")


def codes(result: dict[str, Any]) -> list[str | None]:
    return [each.get("code") for each in result["outcomes"]]


def next_valid(result: dict[str, Any], index: int = -1) -> str | None:
    return result["outcomes"][index]["next_valid"]


def close(result: dict[str, Any], lot: int = 0) -> str:
    return result["lots"][lot]["close"][len(DAY) : -1].removesuffix(".000")


def order(result: dict[str, Any], lot: int = 0) -> list[str]:
    return [row["bidder"] for row in result["lots"][lot]["ranking"]]


def ranks(result: dict[str, Any], lot: int = 0) -> dict[str, int]:
    return {row["bidder"]: row["rank"] for row in result["lots"][lot]["ranking"]}


def amounts(result: dict[str, Any], lot: int = 0) -> dict[str, str]:
    return {row["bidder"]: row["amount"] for row in result["lots"][lot]["ranking"]}


def winner(result: dict[str, Any], lot: int = 0) -> str | None:
    return result["lots"][lot]["winner"]
