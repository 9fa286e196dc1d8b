"""States and the moves between them, as data."""

from __future__ import annotations

from collections.abc import Mapping

from srm_portal.kernel.errors import Refused


class Lifecycle:
    """Allowed moves: state -> states that may follow. Asking for another is refused by name."""

    def __init__(self, moves: Mapping[str, tuple[str, ...]]) -> None:
        self._moves = {state: frozenset(following) for state, following in moves.items()}

    @property
    def states(self) -> frozenset[str]:
        return frozenset(self._moves)

    def may(self, current: str, target: str) -> bool:
        return target in self._moves.get(current, frozenset())

    def move(self, current: str, target: str) -> str:
        if not self.may(current, target):
            raise Refused("wrong_state", current=current, target=target)
        return target
