"""Files as a browser hands them in."""

from __future__ import annotations

import io

from werkzeug.datastructures import FileStorage

CSV = b"part,quantity\nA-1,20\n"


def an_upload(name: str = "parts.csv", data: bytes = CSV) -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)
