"""PDF documents from Typst templates: nothing from the system is needed, and data is never read as code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from srm_portal.infra.native import in_thread

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "pdf"


def render_pdf(template: str, data: dict[str, Any], *, archive: bool = False) -> bytes:
    """The pages of `templates/pdf/<template>.typ` over plain values (texts, numbers, lists).

    The values reach the template as one JSON text, so that no text of a person can become an instruction. Compiling
    runs in a native thread: live rooms do not wait for it. `archive` makes PDF/A-2b, fit to be kept for decades.
    """
    import typst  # only processes that make pages carry the compiler

    source = FOLDER / f"{template}.typ"
    inputs = {"data": json.dumps(data, ensure_ascii=False)}

    def compile_() -> bytes:
        made = typst.compile(
            str(source),
            root=str(FOLDER),
            format="pdf",
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards="a-2b" if archive else [],
        )
        return bytes(made)

    return in_thread(compile_)
