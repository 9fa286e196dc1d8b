"""The scoring file read into values: what is asked, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from srm_portal.evaluation.domain import values
from srm_portal.evaluation.domain.criteria import Cell, Criterion, KnockOut, leaves
from srm_portal.evaluation.domain.fields import Fields, items
from srm_portal.evaluation.domain.figures import number
from srm_portal.evaluation.domain.smaa import OFFERS_MAX, SAMPLES_MAX
from srm_portal.kernel.errors import InputError

RankingMethod = Literal["weighted_sum", "topsis", "vikor", "promethee_ii", "reduced_price", "price_per_quality"]
WeightMethod = Literal["ahp_weights", "bwm_weights", "swing_weights", "entropy_weights", "critic_weights"]
RANKING_METHODS: tuple[RankingMethod, ...] = (
    "weighted_sum",
    "topsis",
    "vikor",
    "promethee_ii",
    "reduced_price",
    "price_per_quality",
)
WEIGHT_METHODS: tuple[WeightMethod, ...] = (
    "ahp_weights",
    "bwm_weights",
    "swing_weights",
    "entropy_weights",
    "critic_weights",
)
METHODS: tuple[str, ...] = (*RANKING_METHODS, *WEIGHT_METHODS)
DIRECTIONS: tuple[values.Direction, ...] = ("max", "min")
DEPTH_MAX = 8

VALUE_FIELDS: dict[str, tuple[str, ...]] = {
    "linear": ("worst", "best"),
    "piecewise": ("xs", "vs"),
    "raw": (),
    "points": ("max",),
    "linear_best_worst": (),
    "linear_max": (),
    "price_inverse": (),
    "price_linear_from_lowest": (),
    "price_absolute": ("ceiling", "floor"),
    "table": ("values",),
    "exponential": ("rho", "worst", "best"),
    "target": ("worst", "best", "ideal"),
}
_NEEDS_DIRECTION = ("linear_best_worst", "linear_max")


@dataclass(frozen=True, slots=True)
class Sampling:
    samples: int
    seed: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which robustness figures are asked for."""

    intervals: bool = False
    smaa: Sampling | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A scoring file in values. `cells` has one row for each alternative, one item for each leaf."""

    method: str
    alternatives: tuple[str, ...]
    tree: tuple[Criterion, ...]
    cells: tuple[tuple[Cell, ...], ...]
    wishes: Wishes | None

    @property
    def columns(self) -> tuple[Criterion, ...]:
        return leaves(self.tree)


FIELDS = ("method", "alternatives", "criteria", "matrix", "parameters", "sensitivity")
CRITERION_FIELDS = ("name", "direction", "weight", "value", "knock_out", "children")


def read_frame(document: object) -> tuple[Fields, str]:
    """The document's outer object and its method."""
    outer = Fields(document, "", FIELDS)
    return outer, outer.choice("method", METHODS)


def read_problem(outer: Fields, method: str) -> Problem:
    """Everything but the parameters, for the methods whose matrix says what alternatives offer on criteria."""
    tree = read_tree(outer.items("criteria"), "criteria")
    columns = leaves(tree)
    rows = [items(row, f"matrix[{i}]") for i, row in enumerate(outer.items("matrix"))]
    alternatives = read_names(outer, len(rows), optional=method in WEIGHT_METHODS)
    if len(rows) != len(alternatives):
        raise InputError("matrix", f"{len(alternatives)} rows are needed, one for each alternative, not {len(rows)}")
    cells = tuple(_read_row(row, columns, f"matrix[{i}]") for i, row in enumerate(rows))
    wishes = read_wishes(outer)
    if wishes and wishes.smaa and len(alternatives) > OFFERS_MAX:
        raise InputError("sensitivity.smaa", f"at most {OFFERS_MAX} alternatives are possible with it")
    return Problem(method, alternatives, tree, cells, wishes)


def read_names(outer: Fields, rows: int, *, optional: bool) -> tuple[str, ...]:
    if optional and "alternatives" not in outer:
        return tuple(str(row + 1) for row in range(rows))
    names: list[str] = []
    for i, name in enumerate(outer.items("alternatives")):
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"alternatives[{i}]", "a name that is not empty is needed")
        if name in names:
            raise InputError(f"alternatives[{i}]", f"the name {name!r} stands twice; names must differ")
        names.append(name)
    return tuple(names)


def read_tree(held: Sequence[object], path: str, depth: int = 1) -> tuple[Criterion, ...]:
    if not held:
        raise InputError(path, "at least one criterion is needed")
    if depth > DEPTH_MAX:
        raise InputError(path, f"at most {DEPTH_MAX} levels of criteria are possible")
    tree = tuple(_read_criterion(item, f"{path}[{i}]", depth) for i, item in enumerate(held))
    seen: set[str] = set()
    for i, criterion in enumerate(tree):
        if criterion.name in seen:
            raise InputError(f"{path}[{i}].name", f"the name {criterion.name!r} stands twice; names must differ")
        seen.add(criterion.name)
    return tree


def _read_criterion(held: object, path: str, depth: int) -> Criterion:
    fields = Fields(held, path, CRITERION_FIELDS)
    name = fields.text("name")
    weight = fields.number_or_none("weight")
    if weight is not None and weight < 0:
        raise InputError(fields.at("weight"), "a weight of 0 or more is needed")
    direction = fields.choice("direction", DIRECTIONS) if "direction" in fields else None
    if "children" not in fields:
        held_value = fields.get("value")
        value = None if held_value is None else read_value(held_value, fields.at("value"), direction is not None)
        return Criterion(name, weight, direction, value, _read_knock_out(fields, ("min", "max", "must", "min_score")))
    if "value" in fields:
        raise InputError(fields.at("value"), "a criterion with children has no value of its own")
    children = read_tree(fields.items("children"), fields.at("children"), depth + 1)
    return Criterion(name, weight, direction, None, _read_knock_out(fields, ("min_score",)), children)


def _read_knock_out(criterion: Fields, known: Sequence[str]) -> KnockOut | None:
    if "knock_out" not in criterion:
        return None
    fields = Fields(criterion.get("knock_out"), criterion.at("knock_out"), known)
    must = fields.get("must")
    answers = must if isinstance(must, list) else [must] if "must" in fields else []
    return KnockOut(
        least=fields.number_or_none("min"),
        most=fields.number_or_none("max"),
        must=tuple(_answer(answer, fields.at("must")) for answer in answers),
        min_score=fields.number_or_none("min_score"),
    )


def _answer(value: object, path: str) -> Fraction | str:
    """A number where it reads as one, otherwise the text: "5" and "5.0" are the same answer, "yes" is itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return number(value, path)
    except InputError:
        if not isinstance(value, str) or not value:
            raise
        return value


def read_value(held: object, path: str, has_direction: bool = True) -> values.ValueFunction:
    kind = Fields(held, path, ("kind", *{name for names in VALUE_FIELDS.values() for name in names})).choice(
        "kind", tuple(VALUE_FIELDS)
    )
    fields = Fields(held, path, ("kind", *VALUE_FIELDS[kind]))
    if kind in _NEEDS_DIRECTION and not has_direction:
        raise InputError(path.removesuffix("value") + "direction", f'"max" or "min" is needed for {kind}')
    match kind:
        case "linear":
            return values.Linear(fields.number("worst"), fields.number("best"))
        case "piecewise":
            return _read_piecewise(fields)
        case "raw":
            return values.Raw()
        case "points":
            return values.Points(_above(fields, "max", Fraction(0)))
        case "linear_best_worst":
            return values.BestWorst()
        case "linear_max":
            return values.OfBest()
        case "price_inverse":
            return values.PriceInverse()
        case "price_linear_from_lowest":
            return values.PriceFromLowest()
        case "price_absolute":
            floor = fields.number("floor")
            return values.PriceAbsolute(_above(fields, "ceiling", floor), floor)
        case "table":
            return _read_table(fields)
        case "exponential":
            return _read_exponential(fields, has_direction)
        case _:
            return _read_target(fields)


def _above(fields: Fields, name: str, limit: Fraction) -> Fraction:
    value = fields.number(name)
    if value <= limit:
        raise InputError(fields.at(name), f"a number above {float(limit):g} is needed")
    return value


def _read_piecewise(fields: Fields) -> values.Piecewise:
    xs, vs = fields.numbers("xs"), fields.numbers("vs")
    if len(xs) < 2 or len(xs) != len(vs):
        raise InputError(fields.at("vs"), "xs and vs need the same number of points, at least two")
    if any(left >= right for left, right in pairwise(xs)):
        raise InputError(fields.at("xs"), "numbers that rise from each point to the next are needed")
    return values.Piecewise(xs, vs)


def _read_table(fields: Fields) -> values.Table:
    held = fields.needed("values")
    if not isinstance(held, Mapping) or not held:
        raise InputError(fields.at("values"), 'an object such as {"yes": "1", "no": "0"} is needed')
    return values.Table({answer: number(value, f"{fields.at('values')}.{answer}") for answer, value in held.items()})


def _read_exponential(fields: Fields, has_direction: bool) -> values.Exponential:
    rho, worst, best = fields.number("rho"), fields.number_or_none("worst"), fields.number_or_none("best")
    if (worst is None) != (best is None):
        raise InputError(fields.at("best" if best is None else "worst"), "worst and best go together")
    if worst is None and not has_direction:
        raise InputError(fields.at("worst"), "worst and best are needed, or a direction")
    return values.Exponential(rho, worst, best)


def _read_target(fields: Fields) -> values.Target:
    worst, best, ideal = fields.number("worst"), fields.number("best"), fields.number("ideal")
    if worst == best or not min(worst, best) <= ideal <= max(worst, best):
        raise InputError(fields.at("ideal"), "an ideal between worst and best, which differ, is needed")
    return values.Target(worst, best, ideal)


def _read_row(row: Sequence[object], columns: Sequence[Criterion], path: str) -> tuple[Cell, ...]:
    if len(row) != len(columns):
        raise InputError(path, f"{len(columns)} entries are needed, one for each leaf criterion, not {len(row)}")
    pairs = zip(row, columns, strict=True)
    return tuple(_read_cell(cell, leaf, f"{path}[{j}]") for j, (cell, leaf) in enumerate(pairs))


def _read_cell(cell: object, leaf: Criterion, path: str) -> Cell:
    if cell is None:
        return None
    if isinstance(leaf.value, values.Table):
        answer = "true" if cell is True else "false" if cell is False else str(cell)
        if answer not in leaf.value.values:
            raise InputError(path, f"one of the answers {', '.join(leaf.value.values)} is needed")
        return answer
    if leaf.value is None and leaf.knock_out is not None and leaf.knock_out.must:
        return _answer(cell, path)
    value = number(cell, path)
    if value < 0 and isinstance(leaf.value, values.NEVER_NEGATIVE):
        raise InputError(path, "a number of 0 or more is needed here")
    if isinstance(leaf.value, values.Points) and not 0 <= value <= leaf.value.full:
        raise InputError(path, f"points from 0 to {float(leaf.value.full):g} are needed")
    return value


def read_wishes(outer: Fields) -> Wishes | None:
    if "sensitivity" not in outer:
        return None
    fields = Fields(outer.get("sensitivity"), "sensitivity", ("intervals", "smaa"))
    smaa = None
    if "smaa" in fields:
        inner = Fields(fields.get("smaa"), "sensitivity.smaa", ("samples", "seed"))
        smaa = Sampling(inner.whole("samples", 1, SAMPLES_MAX), inner.whole("seed", 0, 2**63 - 1))
    return Wishes(fields.flag("intervals"), smaa)
