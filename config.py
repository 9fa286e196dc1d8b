"""Settings of one installation, read from the environment. Every key has a default that works embedded."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def database_uri(url: str) -> str:
    """`DATABASE_URL` in any common spelling, as SQLAlchemy with psycopg 3 wants it."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


class Config:
    """What `create_app` needs to know; tests override attributes of a subclass."""

    def __init__(self) -> None:
        env = os.environ
        self.VAR_DIR = Path(env.get("SRM_VAR", ROOT / "var")).resolve()
        default_db = f"sqlite:///{self.VAR_DIR / 'portal.sqlite3'}"
        self.SQLALCHEMY_DATABASE_URI = database_uri(env.get("DATABASE_URL", default_db))
        self.REDIS_URL = env.get("REDIS_URL") or None
        self.KEYRING_FILE = Path(env.get("SRM_KEYRING", self.VAR_DIR / "keys" / "keyring.json"))
        self.UPLOAD_DIR = Path(env.get("SRM_UPLOADS", self.VAR_DIR / "uploads"))
        self.SECRET_KEY = env.get("SRM_SECRET_KEY")
        self.PUBLIC_URL = env.get("SRM_PUBLIC_URL", "http://127.0.0.1:5000").rstrip("/")
        self.OCID_PREFIX = env.get("SRM_OCID_PREFIX", "ocds-000000")
        self.SMTP_URL = env.get("SRM_SMTP_URL") or None
        self.MAIL_FROM = env.get("SRM_MAIL_FROM", "SRM portal <portal@localhost>")
        self.INTERNAL_HOSTS = tuple(one for one in env.get("SRM_INTERNAL_HOSTS", "").lower().split(",") if one.strip())
        self.TRUSTED_PROXIES = int(env.get("SRM_TRUSTED_PROXIES", "0"))
        self.SESSION_COOKIE_SECURE = self.PUBLIC_URL.startswith("https://")
        self.SESSION_LIFETIME = timedelta(hours=12)
        self.RATELIMIT_STORAGE_URI = self.REDIS_URL or "memory://"
        self.RATELIMIT_ENABLED = _flag("SRM_RATE_LIMITS", True)
        self.RATELIMIT_HEADERS_ENABLED = True
        self.MAX_CONTENT_LENGTH = 32 * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
        self.MAX_FORM_PARTS = 20_000
        self.REALTIME_DRIVER = env.get("SRM_REALTIME_DRIVER", "direct")
        self.LANGUAGES = ("en", "fr", "es", "pl", "ro", "ru")
        self.BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "srm_portal" / "translations")
        self.WTF_CSRF_TIME_LIMIT = None
        self.METRICS_TOKEN = env.get("SRM_METRICS_TOKEN") or None
        self.LOG_FORMAT = env.get("SRM_LOG_FORMAT", "json")
        self.TESTING = False
