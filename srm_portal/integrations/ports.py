"""What this room needs from outside: somebody who posts messages, and somebody who speaks with a CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Unreachable(Exception):
    """No answer: refused, timed out, or an address the portal does not send to. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WebhookTransport(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send and give the status of the answer. Raises Unreachable. Redirects are not followed."""
        ...

    def check(self, url: str) -> None:
        """Raise Unreachable(code) when this address would never be sent to; asks no name server."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """Where a CRM is and how to come in."""

    url: str
    database: str
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Record:
    """One thing as the CRM holds it: its id there and its values under our field names (texts only).

    `party` of a contact or opportunity is the CRM's id of the company it belongs to. `key` is our own id where we
    wrote it to the CRM: so a record made twice by a lost answer is found again.
    """

    id: str
    values: Mapping[str, str]
    party: str = ""
    key: str = ""


class CrmFailure(Exception):
    """The CRM did not do it. `code`: crm_unreachable, crm_slow, crm_login, crm_database, crm_rubbish, crm_refused.

    `words` are the CRM's own, for crm_refused.
    """

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class CrmGateway(Protocol):
    """A session with one CRM. Kinds: "party", "contact", "opportunity"; see docs/crm.md for their fields."""

    def read(self, kind: str) -> Sequence[Record]:
        """Everything of this kind. Raises CrmFailure; never half of it."""
        ...

    def create(self, kind: str, records: Sequence[Record]) -> Sequence[str]:
        """Make these there, in this order; the ids they got. All or none."""
        ...

    def write(self, kind: str, records: Sequence[Record]) -> None:
        """Change these there: only the values that are given. All or none."""
        ...


CrmOpener = Callable[[Access], CrmGateway]


class CrmKinds(Protocol):
    def __call__(self) -> Mapping[str, CrmOpener]:
        """The CRMs that can be spoken with, by the name kept in a connection."""
        ...


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the comparison wants them: text, without blanks around; None is empty."""
    return {name: "" if value is None else str(value).strip() for name, value in values.items()}
