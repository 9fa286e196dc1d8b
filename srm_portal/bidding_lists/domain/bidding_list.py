"""When a bidding list may be used: who may stand on it, how many must, and what a waiver covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from srm_portal.kernel.errors import Refused
from srm_portal.kernel.lifecycle import Lifecycle
from srm_portal.sourcing.domain.stages import Blocker

CANDIDATE = Lifecycle(
    {
        "candidate": ("shortlisted", "dropped"),
        "shortlisted": ("candidate", "dropped"),
        "dropped": ("candidate",),
    }
)
WAIVER = Lifecycle({"asked": ("approved", "refused"), "approved": (), "refused": ()})
EDITABLE_STAGES = ("potential", "bidding_list")
LATE_STAGE = "selection"
"""While the event is open, suppliers may be found and waived to be invited late, each with a reason."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One shortlisted supplier. `waiver` is asked, approved, refused or "" when none was asked for.

    `gated`: the rules for suppliers block an invitation, so that only a waiver lets them in.
    """

    supplier_id: str
    name: str
    on_panel: bool
    waiver: str
    has_contact: bool
    blocked: bool
    gated: bool = False


def basis(listed: Listed) -> str | None:
    """Why this supplier may be invited: panel or waiver; None when nothing lets them in."""
    if listed.blocked:
        return None
    if listed.on_panel and not listed.gated:
        return "panel"
    return "waiver" if listed.waiver == "approved" else None


def competition_met(count: int, minimum: int, waived_down_to: int | None) -> bool:
    """Enough suppliers, or an approved waiver that covers a list of this length (never an empty one)."""
    if count >= minimum:
        return True
    return waived_down_to is not None and count >= max(1, waived_down_to)


def _of_one(listed: Listed) -> list[Blocker]:
    name = (("name", listed.name),)
    found = []
    if listed.blocked:
        found.append(Blocker("list_supplier_blocked", name))
    elif basis(listed) is None:
        missing = "list_gate_blocks" if listed.gated else "list_waiver_missing"
        found.append(Blocker("list_waiver_waiting" if listed.waiver == "asked" else missing, name))
    if not listed.has_contact:
        found.append(Blocker("list_contact_missing", name))
    return found


def list_blockers(listed: Sequence[Listed], minimum: int, waived_down_to: int | None) -> list[Blocker]:
    """Everything that stands between the shortlist and the next step."""
    found = []
    if not listed:
        found.append(Blocker("list_empty"))
    elif not competition_met(len(listed), minimum, waived_down_to):
        found.append(Blocker("list_too_short", (("count", str(len(listed))), ("min", str(minimum)))))
    return found + [blocker for one in listed for blocker in _of_one(one)]


def check_shortlist(on_panel: bool, waiver: str) -> None:
    """A supplier off the panel is shortlisted with a waiver only (asked for or approved)."""
    if not on_panel and waiver not in ("asked", "approved"):
        raise Refused("waiver_needed")


def check_stage(stage: str) -> None:
    """Candidates and shortlist change in steps 2 and 3 only; later the step is reopened with a reason."""
    if stage == "need":
        raise Refused("need_not_approved")
    if stage not in EDITABLE_STAGES:
        raise Refused("list_is_fixed")


def check_addition(stage: str) -> None:
    """Candidates are added in steps 2 and 3, and again while the event is open, to be invited late."""
    if stage != LATE_STAGE:
        check_stage(stage)
