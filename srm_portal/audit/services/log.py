"""The portal-wide Merkle log: every entry of every chain becomes a leaf after its commit, and checkpoints are signed.

Chains are appended in order and without gaps; between chains the order is that of the moments. Nothing here changes an
entry: the log can be thrown away and made again from the journal, and then an old checkpoint no longer fits if a single
entry was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, func, or_, select

from srm_portal.audit.domain import checkpoint, merkle
from srm_portal.audit.domain.chain import entry_hash
from srm_portal.audit.models import AuditEntry, AuditStream, LogCheckpoint, LogHead, LogLeaf, LogMark, LogNode
from srm_portal.audit.services.trail import entry_row
from srm_portal.audit.store import with_nodes
from srm_portal.infra import signing
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.keys import server_keys
from srm_portal.infra.transaction import housekeeping
from srm_portal.kernel.signed_note import open_note

LEAVES_MAX = 1_000
"""Between two checkpoints."""
_STREAMS_MAX = 200
Verdict = Literal["holds", "not_a_checkpoint", "not_signed", "log_is_shorter", "log_differs"]


def extend_log(now: datetime) -> int:
    """Append every entry that is not in the log yet, with a signed checkpoint for each thousand; returns how many."""
    count = 0
    while added := _extend(now):
        count += added
        if added < LEAVES_MAX:
            break
    return count


@housekeeping
def _extend(now: datetime) -> int:
    head = _head()
    entries = _waiting()
    if not entries:
        return 0
    frontier = with_nodes(lambda node: merkle.frontier_at(head.size, node))
    for entry_id, leaf in entries:
        db.session.add(LogLeaf(index=frontier.size, entry_id=entry_id))
        frontier, nodes = frontier.append(bytes.fromhex(leaf))
        db.session.add_all(LogNode(level=node.level, index=node.index, hash=node.hash) for node in nodes)
    head.size = frontier.size
    keys = server_keys()
    note = checkpoint.sign(checkpoint.Checkpoint(keys.origin, frontier.size, frontier.root()), keys.signer)
    db.session.add(LogCheckpoint(size=frontier.size, note=note, at=now))
    return len(entries)


def _head() -> LogHead:
    query = select(LogHead).where(LogHead.name == "portal").execution_options(populate_existing=True)
    head = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if head is None:
        head = LogHead(name="portal", size=0)
        db.session.add(head)
        db.session.flush()
    return head


def _waiting() -> list[tuple[str, str]]:
    """(id, hash) of the next entries, at most `LEAVES_MAX`; the marks of their chains are moved."""
    mark = func.coalesce(LogMark.seq, 0)
    query = (
        select(AuditStream.name, mark)
        .outerjoin(LogMark, LogMark.stream == AuditStream.name)
        .where(AuditStream.seq > mark)
        .order_by(AuditStream.name)
        .limit(_STREAMS_MAX)
    )
    behind = [(name, seq) for name, seq in db.session.execute(query)]
    if not behind:
        return []
    after = or_(*(and_(AuditEntry.stream == name, AuditEntry.seq > seq) for name, seq in behind))
    found = db.session.execute(
        select(AuditEntry.stream, AuditEntry.seq, AuditEntry.at, AuditEntry.id, AuditEntry.hash)
        .where(after)
        .order_by(AuditEntry.stream, AuditEntry.seq)
        .limit(LEAVES_MAX)
    ).all()
    for name, seq in {row.stream: row.seq for row in found}.items():
        known = db.session.get(LogMark, name)
        if known is None:
            db.session.add(LogMark(stream=name, seq=seq))
        else:
            known.seq = seq
    return [(row.id, row.hash) for row in sorted(found, key=lambda row: (row.at, row.stream, row.seq))]


def check_checkpoint(note: str, *, thorough: bool = False) -> Verdict:
    """Whether the log still begins with what this checkpoint, perhaps years old, was signed for.

    `thorough`: from the journal's rows themselves, hashed again, rather than from the log's stored nodes.
    """
    keys = server_keys()
    try:
        checkpoint.parse(note.rpartition("\n\n")[0] + "\n")
    except ValueError:
        return "not_a_checkpoint"
    try:
        old = checkpoint.parse(open_note(note, keys.verifying(), keys.origin, signing.verify))
    except ValueError:
        return "not_signed"
    if old.origin != keys.origin:
        return "not_signed"
    size = db.session.scalar(select(LogHead.size).where(LogHead.name == "portal")) or 0
    if old.size > size:
        return "log_is_shorter"
    if thorough:
        frontier = merkle.Frontier()
        for _index, leaf in _leaves(old.size):
            frontier, _nodes = frontier.append(leaf)
        return "holds" if (frontier.size, frontier.root()) == (old.size, old.root) else "log_differs"
    return "holds" if with_nodes(lambda node: merkle.root_at(old.size, node)) == old.root else "log_differs"


def _leaves(size: int) -> Iterator[tuple[int, bytes]]:
    """(index, hash of the journal's row as it stands now) of the first leaves; a row that is gone fits no log."""
    query = (
        select(LogLeaf.index, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == LogLeaf.entry_id)
        .where(LogLeaf.index < size)
        .order_by(LogLeaf.index)
    )
    for index, entry in db.session.execute(query.execution_options(yield_per=500)):
        yield index, merkle.EMPTY_ROOT if entry is None else bytes.fromhex(entry_hash(entry_row(entry)))


def verify_log() -> tuple[int, list[str]]:
    """Make the log again from the journal: (leaves, what does not hold).

    Faults: `leaf 12` (the entry is gone or was changed), `node 3 0`, `checkpoint 40` (not signed, or for another log),
    `size` (rows beyond the head, or too few).
    """
    keys = server_keys()
    size = db.session.scalar(select(LogHead.size).where(LogHead.name == "portal")) or 0
    notes = {row.size: row.note for row in db.session.execute(select(LogCheckpoint.size, LogCheckpoint.note))}
    stored = {
        (level, index): value
        for level, index, value in db.session.execute(select(LogNode.level, LogNode.index, LogNode.hash))
    }
    faults: list[str] = []
    frontier = merkle.Frontier()
    for index, leaf in _leaves(size):
        frontier, nodes = frontier.append(leaf)
        for node in nodes:
            if stored.pop((node.level, node.index), None) != node.hash:
                faults.append(f"leaf {index}" if node.level == 0 else f"node {node.level} {node.index}")
        note = notes.pop(frontier.size, None)
        if note is not None and not _says(note, frontier, keys.verifying(), keys.origin):
            faults.append(f"checkpoint {frontier.size}")
    if frontier.size != size or stored or notes:
        faults.append("size")
    return frontier.size, faults


def _says(note: str, frontier: merkle.Frontier, keys: dict[str, bytes], origin: str) -> bool:
    try:
        said = checkpoint.open_checkpoint(note, keys, origin, signing.verify)
    except ValueError:
        return False
    return (said.size, said.root) == (frontier.size, frontier.root())
