"""What warns or blocks when a supplier is to be invited: rules that a manager sets, facts that anyone can look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEVELS = ("off", "warn", "block")
RULES = ("score", "risk", "certificate", "plan")
DEFAULTS: dict[str, Any] = {
    "score": "warn", "score_min": 50, "risk": "warn", "certificate": "warn", "certificates": [], "plan": "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that stands between a supplier and an invitation."""

    code: str
    level: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> bool:
        return self.level == "block"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a supplier on a day. `certificates`: kinds that are valid; `ended`: kinds that ran out.

    `high_risks`: kinds of open flags of the highest level; `late_plans`: titles of open plans past their day.
    """

    score: int | None = None
    high_risks: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    late_plans: tuple[str, ...] = ()


def rules_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    return DEFAULTS | dict(settings)


def _asked(kinds: Sequence[str], wanted: str) -> bool:
    return any(wanted.casefold() in kind.casefold() for kind in kinds)


def gates(standing: Standing, settings: Mapping[str, Any]) -> list[Gate]:
    """Every rule that speaks, blocking ones first; rules that are off are silent."""
    rules, found = rules_of(settings), []
    if standing.score is not None and standing.score < rules["score_min"]:
        facts = (("score", str(standing.score)), ("min", str(rules["score_min"])))
        found.append(Gate("gate_score", rules["score"], facts))
    found += [Gate("gate_risk", rules["risk"], (("kind", kind),)) for kind in standing.high_risks]
    missing = [kind for kind in rules["certificates"] if not _asked(standing.certificates, kind)]
    found += [Gate("gate_certificate", rules["certificate"], (("kind", kind),)) for kind in missing]
    over = [kind for kind in standing.ended if kind not in missing and not _asked(standing.certificates, kind)]
    found += [Gate("gate_certificate_ended", rules["certificate"], (("kind", kind),)) for kind in over]
    found += [Gate("gate_plan", rules["plan"], (("title", title),)) for title in standing.late_plans]
    return sorted((gate for gate in found if gate.level != "off"), key=lambda gate: gate.level != "block")
