"""The solver's desk: what runs in a process of its own, telling how far it is.

`work(payload)` yields small plain dictionaries: first a good award at once (`first`), then the best (`best`), the
price of each constraint (`prices`), and `done`. Amounts and shares are exact texts, so that the portal can check the
answer again in whole numbers before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.award_file import answer_of, best
from srm_portal.awards.domain.fast import fast
from srm_portal.awards.domain.loosen import nearest_value
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.scenarios import constraint_prices
from srm_portal.awards.domain.solver.highs import version

Message = dict[str, Any]
FIRST_SECONDS = 5.0
PRICES_SECONDS = 20.0
LOOSEN_SECONDS = 10.0


def work(payload: Message) -> Iterator[Message]:
    """Solve `payload["document"]`; raises InputError where it is no award file."""
    problem = read(payload["document"])
    rules = len(problem.constraints)
    total = 3 + rules
    yield {"step": "started", "done": 0, "total": total, "solver": version()}
    quick = fast(problem, seconds=min(problem.limits.seconds, FIRST_SECONDS))
    if quick.allocation is not None:
        yield {"step": "first", "done": 1, "total": total, **_found(problem, quick)}
    outcome = quick if quick.status in ("optimal", "infeasible") and not problem.limits.gap else best(problem)
    outcome = _better(problem, quick, outcome)
    yield {"step": "best", "done": 2, "total": total, **_found(problem, outcome)}
    if outcome.status == "infeasible":
        yield from _loosened(problem, answer_of(problem, outcome)["conflict"], total)
    elif outcome.allocation is not None and rules:
        yield {"step": "prices", "done": 2 + rules, "total": total, "prices": _prices(problem, outcome)}
    yield {"step": "done", "done": total, "total": total}


def _better(problem: Problem, quick: Outcome, outcome: Outcome) -> Outcome:
    """The exact search's answer, unless time ended before it had one as good as the quick one."""
    if outcome.status in ("optimal", "infeasible") or quick.allocation is None or problem.objective.kind != "cost":
        return outcome
    bounds = [one.bound for one in (quick, outcome) if one.bound is not None]
    bound = max(bounds) if bounds else None
    kept = outcome if outcome.cost is not None and quick.cost is not None and outcome.cost <= quick.cost else quick
    return replace(kept, status="feasible", bound=bound)


def _found(problem: Problem, outcome: Outcome) -> Message:
    allocation = outcome.allocation or Allocation()
    cheapest = None
    if problem.objective.kind == "weighted" and outcome.allocation is not None:
        cheapest = optimise(problem, seconds=FIRST_SECONDS).cost
    return {
        "cheapest": None if cheapest is None else str(cheapest),
        "answer": answer_of(problem, outcome),
        "shares": [[index, str(share)] for index, share in allocation.shares],
        "packages": list(allocation.packages),
        "seconds": round(outcome.seconds, 3),
    }


def allocation_of(message: Message) -> Allocation:
    """The allocation of a `first` or `best` message, exactly."""
    shares = tuple((int(index), Fraction(share)) for index, share in message["shares"])
    return Allocation(shares, tuple(int(index) for index in message["packages"]))


def _prices(problem: Problem, outcome: Outcome) -> list[Message]:
    seconds = PRICES_SECONDS / (2 * len(problem.constraints) + 1)

    def solve(other: Problem) -> Outcome:
        limits = replace(other.limits, seconds=max(seconds, 1.0))
        found = best(replace(other, limits=limits))
        return found if found.status in ("optimal", "infeasible") else Outcome("unknown")

    def text(value: Fraction | None) -> str | None:
        return None if value is None else str(value)

    return [
        {"constraint": one.index, "in_context": text(one.in_context), "alone": text(one.alone)}
        for one in constraint_prices(problem, outcome, solve)
    ]


def _loosened(problem: Problem, conflict: list[int], total: int) -> Iterator[Message]:
    """How far each constraint at fault would have to give, the others kept."""
    found = []
    for index in conflict:
        value = nearest_value(problem, index, seconds=LOOSEN_SECONDS / len(conflict))
        found.append({"constraint": index, "value": None if value is None else str(value)})
    yield {"step": "loosened", "done": total - 1, "total": total, "loosened": found}
