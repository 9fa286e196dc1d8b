"""From lead to order: who came how far, how long it took. And what customers think of us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from srm_portal.customers.domain.pipeline import OPEN

WAY = (*OPEN, "won")


@dataclass(frozen=True, slots=True)
class Course:
    """One opportunity: its stage now, and (stage, when it was entered) in order."""

    stage: str
    moves: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """`entered`: reached this stage or a later one, each opportunity once. `conversion`: of those, the share that got
    further; None when nobody entered. `days`: median of the finished stays, None without one; `waiting`: in it now.
    """

    stage: str
    entered: int
    conversion: float | None
    days: float | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """`win_rate` = won / (won + lost); `overall` = won / created; `cycle_days`: median from lead to won."""

    stages: tuple[FunnelStage, ...]
    created: int
    won: int
    lost: int
    cycle_days: float | None

    @property
    def win_rate(self) -> float | None:
        return self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def overall(self) -> float | None:
        return self.won / self.created if self.created else None


def _furthest(course: Course) -> int:
    """The last stage of the way that was ever entered; skipped ones count as passed."""
    return max((WAY.index(stage) for stage, _at in course.moves if stage in WAY), default=0)


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86400


def _stays(course: Course) -> Iterable[tuple[str, float]]:
    """(stage, days) of the stays that ended."""
    for (stage, start), (_next, end) in zip(course.moves, course.moves[1:], strict=False):
        yield stage, _days(start, end)


def funnel(courses: Sequence[Course]) -> Funnel:
    """Of the opportunities given (one cohort: created in the same span), how many passed each stage, and how long it took."""
    furthest = [_furthest(one) for one in courses]
    stays: dict[str, list[float]] = {stage: [] for stage in WAY}
    cycles = []
    for course in courses:
        for stage, days in _stays(course):
            if stage in stays:
                stays[stage].append(days)
        if course.stage == "won" and course.moves:
            won = next((at for stage, at in reversed(course.moves) if stage == "won"), None)
            if won is not None:
                cycles.append(_days(course.moves[0][1], won))
    entered = [sum(1 for one in furthest if one >= at) for at in range(len(WAY))]
    stages = tuple(
        FunnelStage(
            stage,
            entered[at],
            entered[at + 1] / entered[at] if at + 1 < len(WAY) and entered[at] else None,
            median(stays[stage]) if stays[stage] else None,
            sum(1 for one in courses if one.stage == stage),
        )
        for at, stage in enumerate(WAY)
    )
    return Funnel(
        stages,
        len(courses),
        sum(1 for one in courses if one.stage == "won"),
        sum(1 for one in courses if one.stage == "lost"),
        median(cycles) if cycles else None,
    )


@dataclass(frozen=True, slots=True)
class Promoters:
    """Answers 0..10: `promoters` 9 and 10, `detractors` 0 to 6. `score` = share of the first - share of the last, x 100."""

    answers: int
    promoters: int
    detractors: int

    @property
    def passives(self) -> int:
        return self.answers - self.promoters - self.detractors

    @property
    def score(self) -> int | None:
        """-100..100; None without an answer."""
        return round(100 * (self.promoters - self.detractors) / self.answers) if self.answers else None


def promoters(scores: Iterable[int]) -> Promoters:
    """Net promoter score (Reichheld, HBR 12/2003)."""
    given = list(scores)
    return Promoters(len(given), sum(1 for one in given if one >= 9), sum(1 for one in given if one <= 6))
