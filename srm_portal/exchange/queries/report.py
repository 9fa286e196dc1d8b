"""A report as one plain document: what the command line prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from srm_portal.exchange.domain.report import ImportReport, RowOutcome
from srm_portal.exchange.queries.faults import fault_view
from srm_portal.kernel.errors import FieldProblem


def report_document(report: ImportReport) -> dict[str, Any]:
    """Counts, every row with what became of it, every fault with its row, field, value and sentence."""
    return {
        "what": report.what,
        "done": report.done,
        "rows": len(report.outcomes),
        "imported": report.count("imported"),
        "ready": report.count("ready"),
        "already_imported": report.count("already_imported"),
        "refused": report.count("refused"),
        "errors": [_fault(problem) for problem in report.faults],
        "warnings": [_fault(problem) for problem in report.warnings],
        "results": [_result(outcome) for outcome in report.outcomes],
    }


def _fault(problem: FieldProblem) -> dict[str, Any]:
    return {name: value for name, value in asdict(fault_view(problem)).items() if value not in ("", None)}


def _result(outcome: RowOutcome) -> dict[str, Any]:
    said = {
        "row": outcome.row,
        "state": outcome.state,
        "kind": outcome.kind,
        "title": outcome.label,
        "reference": outcome.reference,
        "id": outcome.object_id,
    }
    return {name: value for name, value in said.items() if value != ""}
