"""A CRM in memory: the twin of the real ones, for tests and for writing an adapter against."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from srm_portal.integrations.ports import CrmFailure, Record


@dataclass
class MemoryCrm:
    """Keeps what it is given. `fails` are the codes of its next answers, "" for a good one; `refuses` names records
    that it does not take; `loses` makes it do a creation and then lose the answer.
    """

    records: dict[str, dict[str, Record]] = field(default_factory=dict)
    fails: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    loses: bool = False
    calls: list[str] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        code = self.fails.pop(0) if self.fails else ""
        if code:
            raise CrmFailure(code)

    def of(self, kind: str) -> dict[str, Record]:
        return self.records.setdefault(kind, {})

    def put(self, kind: str, party: str = "", key: str = "", **values: str) -> str:
        """As if somebody had typed it there."""
        one = str(next(self._ids))
        self.of(kind)[one] = Record(one, values, party, key)
        return one

    def read(self, kind: str) -> Sequence[Record]:
        self._answer(f"read {kind}")
        return list(self.of(kind).values())

    def create(self, kind: str, records: Sequence[Record]) -> Sequence[str]:
        self._answer(f"create {kind} {len(records)}")
        if any(set(one.values.values()) & self.refuses for one in records):
            raise CrmFailure("crm_refused", "not this one")
        made = [self.put(kind, one.party, one.key, **one.values) for one in records]
        if self.loses:
            raise CrmFailure("crm_slow")
        return made

    def write(self, kind: str, records: Sequence[Record]) -> None:
        self._answer(f"write {kind} {len(records)}")
        for one in records:
            if set(one.values.values()) & self.refuses:
                raise CrmFailure("crm_refused", "not this one")
            kept = self.of(kind)[one.id]
            self.of(kind)[one.id] = replace(kept, values={**kept.values, **one.values})
