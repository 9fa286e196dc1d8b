"""Comments and proposals on clauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.contracts.domain.redline import Piece, words
from srm_portal.contracts.models import ClauseComment, ClauseProposal
from srm_portal.infra.db import db


@dataclass(frozen=True, slots=True)
class CommentView:
    key: str
    version_number: int
    side: str
    text: str
    author_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalView:
    id: str
    key: str
    base_number: int
    base_text: str
    title: str
    text: str
    note: str
    side: str
    source: str
    answers: str | None
    state: str
    author_name: str
    at: datetime
    decided_by_name: str
    decided_at: datetime | None
    reason: str

    @property
    def kind(self) -> str:
        """`added`: one more clause; `removed`: the text without it; `changed`: another wording."""
        return "added" if not self.base_text else "changed" if self.text else "removed"

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return words(self.base_text, self.text)


def comments(contract_id: str) -> list[CommentView]:
    query = select(ClauseComment).where(ClauseComment.contract_id == contract_id)
    return [
        CommentView(row.key, row.version_number, row.side, row.text, row.author_name, row.at)
        for row in db.session.scalars(query.order_by(ClauseComment.at, ClauseComment.id))
    ]


def proposals(contract_id: str) -> list[ProposalView]:
    """Every proposal of both sides, oldest first."""
    query = select(ClauseProposal).where(ClauseProposal.contract_id == contract_id)
    return [
        ProposalView(
            row.id,
            row.key,
            row.base_number,
            row.base_text,
            row.title,
            row.text,
            row.note,
            row.side,
            row.source,
            row.answers,
            row.state,
            row.author_name,
            row.at,
            row.decided_by_name,
            row.decided_at,
            row.reason,
        )
        for row in db.session.scalars(query.order_by(ClauseProposal.at, ClauseProposal.id))
    ]
