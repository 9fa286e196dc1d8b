"""Changing a draft: clauses, their alternatives, the term. Every change makes the next version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain import clauses as texts
from srm_portal.contracts.domain import library
from srm_portal.contracts.domain.approval import RISKS
from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.models import Contract
from srm_portal.contracts.services.drafting import facts_of, standard_text
from srm_portal.contracts.store import add_version, contract_row
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused, Stale
from srm_portal.kernel.permissions import Actor


def changeable(row: Contract, side: str = "buyer") -> None:
    """Only a draft is changed, and only by the side that holds the pen."""
    if row.state != "draft":
        raise Refused("contract_not_draft")
    if row.pen != side:
        raise Refused("pen_elsewhere")


def save_text(
    actor: Actor,
    row: Contract,
    clauses: list[Clause],
    action: str,
    *,
    note: str,
    now: datetime,
    prices: list[dict[str, Any]] | None = None,
    **details: Any,
) -> None:
    """The next version of the text, with its entry in the trail."""
    current = queries.current_version(row.id)
    held = list(current.prices) if prices is None else prices
    made = add_version(actor, row, clauses, held, note=note, now=now, number=current.number + 1)
    row.touch()
    view = queries.contract(row.id)
    record(
        actor,
        action,
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        sha256=made.sha256,
        **details,
    )


def _clause(text: queries.VersionView, key: str) -> Clause:
    found = text.clause(key)
    if found is None:
        raise Refused("clause_unknown")
    return found


@command
def edit_clause(
    actor: Actor, contract_id: str, key: str, *, title: str, text: str, version: int | None, now: datetime
) -> None:
    """Change one clause: makes the next version and marks the clause as leaving the standard."""
    row = contract_row(actor, contract_id)
    current = queries.current_version(row.id)
    clause = _clause(current, key)
    changeable(row)
    if not row.check_version(version):
        raise Stale({"title": (clause.title, title), "text": (clause.text, text)})
    if not title.strip() or not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    if (clause.title, clause.text) == (title.strip(), text.strip()):
        return
    changed = texts.edited(list(current.clauses), key, title.strip(), text.strip())
    save_text(actor, row, changed, "contract.edited", note=f"clause {key}", now=now, clause=key)


@command
def choose_wording(
    actor: Actor, contract_id: str, key: str, variant: str, *, version: int | None, now: datetime
) -> None:
    """Put the library's standard, alternative or fallback wording in the clause's place, or add the clause."""
    row = contract_row(actor, contract_id)
    current = queries.current_version(row.id)
    changeable(row)
    entry = queries.entry(row.organisation_id, key)
    wording = entry.wording(row.language, variant)
    if variant not in texts.VARIANTS or wording is None:
        raise Refused("wording_unknown")
    fresh = library.taken(entry, variant, wording, facts_of(row))
    before = current.clause(key)
    if not row.check_version(version):
        raise Stale({"text": (before.text if before else "", fresh.text)})
    if before is None:
        held = [*current.clauses, fresh]
        order = {one.key: place for place, one in enumerate(queries.entries(row.organisation_id))}
        held.sort(key=lambda one: order.get(one.key, len(order)))
    else:
        held = [fresh if one.key == key else one for one in current.clauses]
    save_text(
        actor, row, held, "contract.edited", note=f"clause {key}: {variant}", now=now, clause=key, variant=variant
    )


@command
def add_clause(actor: Actor, contract_id: str, *, title: str, text: str, version: int | None, now: datetime) -> str:
    """A clause of one's own at the end of the text; returns its key."""
    row = contract_row(actor, contract_id)
    current = queries.current_version(row.id)
    changeable(row)
    if not title.strip() or not text.strip():
        raise Invalid([FieldProblem("title" if not title.strip() else "text", "required")])
    if not row.check_version(version):
        raise Stale({"text": ("", text)})
    number = 1 + max((int(one.key[4:]) for one in current.clauses if one.key.startswith("own-")), default=0)
    fresh = Clause(f"own-{number}", title.strip(), text.strip(), standard=False, variant="free")
    save_text(
        actor, row, [*current.clauses, fresh], "contract.edited", note=f"clause {fresh.key}", now=now, clause=fresh.key
    )
    return fresh.key


@command
def remove_clause(actor: Actor, contract_id: str, key: str, *, version: int | None, now: datetime) -> None:
    """Take a clause out. One that the library asks for is missed when approval is asked."""
    row = contract_row(actor, contract_id)
    current = queries.current_version(row.id)
    clause = _clause(current, key)
    changeable(row)
    if not row.check_version(version):
        raise Stale({"text": (clause.text, "")})
    held = [one for one in current.clauses if one.key != key]
    save_text(actor, row, held, "contract.edited", note=f"without {key}", now=now, clause=key, removed=True)


@command
def change_term(
    actor: Actor,
    contract_id: str,
    *,
    starts_on: date | None,
    ends_on: date | None,
    notice_days: int,
    version: int | None,
    now: datetime,
    renews_months: int | None = None,
) -> None:
    """Change the dates: the term clause is written anew and a new version made."""
    row = contract_row(actor, contract_id)
    changeable(row)
    if not row.check_version(version):
        raise Stale({"ends_on": (str(row.ends_on), str(ends_on))})
    if starts_on is None or ends_on is None or ends_on < starts_on:
        raise Invalid([FieldProblem("ends_on", "contract_ends_before_start")])
    row.starts_on, row.ends_on, row.notice_days = starts_on, ends_on, notice_days
    row.renews_months = row.renews_months if renews_months is None else renews_months
    current = queries.current_version(row.id)
    fresh = {clause.key: clause for clause in standard_text(row)}
    text = [
        fresh["term"] if clause.key == "term" and clause.standard and "term" in fresh else clause
        for clause in current.clauses
    ]
    save_text(actor, row, text, "contract.term_changed", note="term", now=now, starts_on=starts_on, ends_on=ends_on)


@command
def change_terms(
    actor: Actor,
    contract_id: str,
    *,
    value: Decimal | None,
    category: str,
    risk: str,
    sign_first: str,
    index_name: str,
    index_base: Decimal | None,
    index_share: int,
    index_cap: int | None,
    version: int | None,
    now: datetime,
) -> None:
    """What decides the route and the life after signature: value, category, risk, who signs first, the price index."""
    row = contract_row(actor, contract_id)
    changeable(row)
    if not row.check_version(version):
        raise Stale({"value": (str(row.value), str(value))})
    problems = []
    if value is None or value < 0:
        problems.append(FieldProblem("value", "required"))
    if risk not in RISKS:
        problems.append(FieldProblem("risk", "wrong_value"))
    if sign_first not in ("buyer", "supplier"):
        problems.append(FieldProblem("sign_first", "wrong_value"))
    if bool(index_name.strip()) != bool(index_base):
        problems.append(FieldProblem("index_base", "index_needs_both"))
    if not 0 <= index_share <= 100 or (index_cap is not None and not 0 <= index_cap <= 100):
        problems.append(FieldProblem("index_share", "wrong_value"))
    if problems:
        raise Invalid(problems)
    assert value is not None
    row.value, row.category, row.risk, row.sign_first = value, category.strip(), risk, sign_first
    row.index_name, row.index_base, row.index_share, row.index_cap = (
        index_name.strip(),
        index_base,
        index_share,
        index_cap,
    )
    current = queries.current_version(row.id)
    held = {clause.key for clause in current.clauses}
    added = [clause for clause in standard_text(row) if clause.key not in held]
    text = [*(replace(clause) for clause in current.clauses), *added]
    save_text(actor, row, text, "contract.terms_changed", note="terms", now=now, value=value, risk=risk)
