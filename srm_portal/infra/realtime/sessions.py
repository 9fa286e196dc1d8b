"""Who is connected: live sockets by web session, by user and by scope, and how fast each may speak."""

from __future__ import annotations

from dataclasses import dataclass, field

from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor


class TokenBucket:
    """`rate` tokens a second, at most `burst` of them saved. Times are monotonic seconds, given by the caller."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._tokens, self._at = rate, burst, burst, now

    def take(self, now: float) -> bool:
        """Spend one token; False where there is none."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(slots=True, eq=False)
class Session:
    """One live socket and the actor it was opened for."""

    sid: str
    engine_sid: str
    actor: Actor
    bucket: TokenBucket
    patience: TokenBucket
    scopes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Registry:
    """All live sockets of this process."""

    per_user_max: int = 5
    _by_engine: dict[str, Session] = field(default_factory=dict)
    _index: dict[tuple[str, str], dict[Session, None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._by_engine)

    def add(self, session: Session) -> None:
        """Raises Refused("too_many_sockets") for a user who has `per_user_max` open already."""
        if len(self._index.get(("user", session.actor.user_id), ())) >= self.per_user_max:
            raise Refused("too_many_sockets", limit=self.per_user_max)
        self._by_engine[session.engine_sid] = session
        for key in _keys(session):
            self._index.setdefault(key, {})[session] = None

    def remove(self, engine_sid: str) -> Session | None:
        session = self._by_engine.pop(engine_sid, None)
        if session is not None:
            for key in (*_keys(session), *(("scope", scope) for scope in session.scopes)):
                self._forget(key, session)
        return session

    def add_scopes(self, session: Session, scopes: frozenset[str]) -> None:
        """From now on `find(scope=...)` finds the session; a session that has left stays forgotten."""
        if session.engine_sid in self._by_engine:
            for scope in scopes - session.scopes:
                self._index.setdefault(("scope", scope), {})[session] = None
            session.scopes |= scopes

    def by_engine(self, engine_sid: str) -> Session | None:
        return self._by_engine.get(engine_sid)

    def find(
        self, *, session_id: str | None = None, user_id: str | None = None, scope: str | None = None
    ) -> list[Session]:
        """The live sockets of one web session, one user or one scope: exactly one of the three is asked for."""
        asked = [
            (kind, value)
            for kind, value in (("session", session_id), ("user", user_id), ("scope", scope))
            if value is not None
        ]
        assert len(asked) == 1, "ask for one of session_id, user_id, scope"
        return list(self._index.get(asked[0], ()))

    def _forget(self, key: tuple[str, str], session: Session) -> None:
        members = self._index.get(key)
        if members is not None:
            members.pop(session, None)
            if not members:
                del self._index[key]


def _keys(session: Session) -> tuple[tuple[str, str], ...]:
    user = ("user", session.actor.user_id)
    return (user,) if session.actor.session_id is None else (user, ("session", session.actor.session_id))
