"""Rules of people and sign-in: pure, so that each can be read and tested alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.permissions import ALL_ROLES

PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200
FAILURES_BEFORE_LOCK = 5
LOCK_FIRST = timedelta(minutes=1)
LOCK_LONGEST = timedelta(minutes=30)
INVITATION_DAYS = 14
RESET_MINUTES = 60
CODE_MINUTES = 15
CODE_ATTEMPTS_MAX = 5
RECOVERY_CODES = 10

COMMON = frozenset(
    {"password", "passwort", "motdepasse", "qwertyuiop", "123456789012", "letmein", "welcome", "administrator"}
)


def email_key(email: str) -> str:
    """How addresses are compared: blanks cut, case ignored."""
    return email.strip().casefold()


def password_problem(password: str, email: str, name: str) -> FieldProblem | None:
    """Why this password will not do, or None. Length beats mixtures (NIST SP 800-63B)."""
    if len(password) < PASSWORD_LENGTH_MIN:
        return FieldProblem("password", "password_short", facts=(("min", str(PASSWORD_LENGTH_MIN)),))
    if len(password) > PASSWORD_LENGTH_MAX:
        return FieldProblem("password", "too_long", facts=(("max", str(PASSWORD_LENGTH_MAX)),))
    lowered = password.casefold()
    own_words = [part for part in (email_key(email).split("@")[0], name.casefold()) if len(part) >= 4]
    if len(set(lowered)) < 5 or any(word in lowered for word in COMMON) or any(w in lowered for w in own_words):
        return FieldProblem("password", "password_guessable")
    return None


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when sign-in is refused after so many failures in a row: 1, 2, 4 ... 30 minutes."""
    if failures < FAILURES_BEFORE_LOCK:
        return None
    doublings = min(failures - FAILURES_BEFORE_LOCK, 10)
    return now + min(LOCK_FIRST * (1 << doublings), LOCK_LONGEST)


def role_problems(roles: list[str], *, supplier: bool) -> list[FieldProblem]:
    """A supplier user is only that; staff have at least one role and never the supplier's."""
    unknown = [role for role in roles if role not in ALL_ROLES]
    if unknown:
        choices = ", ".join(ALL_ROLES)
        return [FieldProblem("roles", "unknown_value", value=unknown[0], facts=(("choices", choices),))]
    if supplier != (roles == ["supplier_user"]):
        return [FieldProblem("roles", "roles_mixed")]
    return []


@dataclass(frozen=True, slots=True)
class SignInStep:
    """What comes after the password: nothing more, the second factor, or setting one up."""

    user_id: str
    next: str


def next_step(user_id: str, *, has_factor: bool, factor_needed: bool) -> SignInStep:
    if has_factor:
        return SignInStep(user_id, "second_factor")
    return SignInStep(user_id, "enrol" if factor_needed else "done")
