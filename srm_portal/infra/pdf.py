"""PDF documents from Typst templates: nothing from the system is needed, and data is never read as code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gevent
import gevent.monkey

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "pdf"


def render_pdf(template: str, data: dict[str, Any]) -> bytes:
    """The pages of `templates/pdf/<template>.typ` over plain values (texts, numbers, lists).

    The values reach the template as one JSON text, so that no text of a person can become an instruction. Compiling
    runs in a native thread: live rooms do not wait for it.
    """
    import typst  # only processes that make pages carry the compiler

    source = FOLDER / f"{template}.typ"
    inputs = {"data": json.dumps(data, ensure_ascii=False)}

    def compile_() -> bytes:
        made = typst.compile(str(source), root=str(FOLDER), format="pdf", sys_inputs=inputs, ignore_system_fonts=True)
        return bytes(made)

    if gevent.monkey.is_module_patched("threading"):
        pages: bytes = gevent.get_hub().threadpool.apply(compile_)
        return pages
    return compile_()
