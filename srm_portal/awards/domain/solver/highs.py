"""The only file that calls HiGHS: one thread, one seed, tight tolerances, quiet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import highspy
import numpy as np

from srm_portal.awards.domain.columns import Floats
from srm_portal.awards.domain.solver.rows import Mip

TOLERANCE = 1e-9


class _Quiet(highspy.Highs):
    """HiGHS greets on standard output while it enables its callbacks, which we do not use; answers go there."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)


@dataclass(frozen=True, slots=True)
class Result:
    """`x` where a solution is known; `bound` is a proven lower bound of the objective; `seconds` the run took."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    x: Floats | None
    value: float
    bound: float
    seconds: float
    duals: Floats | None = None  # of the rows, where the program has no integers (or they are relaxed)


def solve(
    mip: Mip,
    *,
    seconds: float,
    relative_gap: float = 0.0,
    absolute_gap: float = 0.0,
    nodes: int | None = None,
    start: Floats | None = None,
    relax: bool = False,
    tolerance: float = TOLERANCE,
) -> Result:
    """Minimise. The same input follows the same path on every run unless the time limit cuts it short."""
    highs: Any = _Quiet()
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 7,
        "mip_rel_gap": relative_gap,
        "mip_abs_gap": absolute_gap,
        "mip_feasibility_tolerance": tolerance,
        "primal_feasibility_tolerance": tolerance,
        "dual_feasibility_tolerance": tolerance,
        "time_limit": max(seconds, 0.01),
    }
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_lp(mip, relax))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = [float(v) for v in start]
        known.value_valid = True
        highs.setSolution(known)
    highs.run()
    return _result(highs, bool(mip.integer.any()) and not relax)


def _lp(mip: Mip, relax: bool) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_ = len(mip.cost)
    lp.num_row_ = len(mip.row_lower)
    lp.col_cost_ = mip.cost
    lp.col_lower_ = mip.lower
    lp.col_upper_ = mip.upper
    lp.row_lower_ = mip.row_lower
    lp.row_upper_ = mip.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = mip.start.astype(np.int32)
    lp.a_matrix_.index_ = mip.index.astype(np.int32)
    lp.a_matrix_.value_ = mip.value
    if mip.integer.any() and not relax:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in mip.integer]
    return lp


def _result(highs: Any, integer: bool) -> Result:
    status = highs.getModelStatus()
    info = highs.getInfo()
    seconds = float(highs.getRunTime())
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Result("infeasible", None, 0.0, float("inf"), seconds)
    optimal = status == highspy.HighsModelStatus.kOptimal
    found = optimal or info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    value = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if integer else (value if optimal else -float("inf"))
    if not found:
        return Result("unknown", None, 0.0, bound, seconds)
    x = np.array(highs.getSolution().col_value, dtype=np.float64)
    duals = None if integer else np.array(highs.getSolution().row_dual, dtype=np.float64)
    return Result("optimal" if optimal else "feasible", x, value, bound, seconds, duals)


def version() -> str:
    """The solver's name and version, kept with every answer."""
    return f"HiGHS {_Quiet().version()}"
