"""The report's files from its kept document: the same document gives the same bytes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from srm_portal.infra.docx import docx_bytes
from srm_portal.infra.pdf import render_pdf
from srm_portal.infra.sheets import SheetValue, workbook_bytes
from srm_portal.kernel.canonical import sha256_hex

Document = dict[str, Any]
KINDS = ("pdf", "docx", "xlsx")


def file_of(document: Document, sha256: str, kind: str) -> bytes:
    """One of KINDS. `sha256` is that of the kept text of the document and is printed on every page."""
    if kind == "pdf":
        shown = {key: document[key] for key in ("title", "subtitle", "reference", "buyer", "language")}
        return render_pdf("report", shown | {"sha256": sha256, "blocks": [_wide(one) for one in document["blocks"]]})
    if kind == "docx":
        head = [{"text": document["subtitle"]}, {"text": f"SHA-256 {sha256}"}]
        return docx_bytes(document["title"], [*head, *document["blocks"]], document["language"])
    assert kind == "xlsx"
    return workbook_bytes(_sheets(document, sha256))


def hashes(document: Document, sha256: str) -> dict[str, str]:
    """Kind -> SHA-256 of the file."""
    return {kind: sha256_hex(file_of(document, sha256, kind)) for kind in KINDS}


def _wide(block: Document) -> Document:
    """For the page: which column takes the room that is left, and shares as numbers."""
    if "bars" in block:
        return {"bars": [[label, min(1.0, max(0.0, float(share))), text] for label, share, text in block["bars"]]}
    if "table" not in block:
        return {"level": 1} | block if "heading" in block else block
    table = {"numeric": [], "wide": 0} | block["table"]
    return {"table": table}


def _sheets(document: Document, sha256: str) -> list[tuple[str, list[list[SheetValue]]]]:
    """One sheet for each chapter; what is a number there is a number here."""
    first: list[list[SheetValue]] = [[document["title"]], [document["subtitle"]], [f"SHA-256 {sha256}"], []]
    sheets: list[tuple[str, list[list[SheetValue]]]] = [(document["reference"], first)]
    for block in document["blocks"]:
        if "heading" in block and block.get("level", 1) == 1:
            sheets.append((block["heading"], []))
        rows = sheets[-1][1]
        if "heading" in block:
            rows += [[], [block["heading"]]]
        elif "text" in block:
            rows += [[line] for line in str(block["text"]).splitlines()]
        elif "facts" in block:
            rows += [list(row) for row in block["facts"]]
        elif "bars" in block:
            rows += [[label, _number(share), text] for label, share, text in block["bars"]]
        else:
            rows.append(list(block["table"]["head"]))
            values = block["table"].get("values") or block["table"]["rows"]
            numeric = set(block["table"].get("numeric", ()))
            rows += [[_number(one) if at in numeric else one for at, one in enumerate(row)] for row in values]
    return sheets


def _number(text: SheetValue) -> SheetValue:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return text
    return value if value.is_finite() else text
