"""Files handed in for an import, kept between the preview and the decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class ImportUpload(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Gone once it was imported or given up, at the latest a day after it came. `preview`: what would go in."""

    __tablename__ = "import_upload"
    __housekeeping__ = True

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    user_id: Mapped[str] = mapped_column(String(20), index=True)
    what: Mapped[str] = mapped_column(String(12))
    scheme: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    preview: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
