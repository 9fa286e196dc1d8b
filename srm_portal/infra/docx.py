"""Word documents from headings, paragraphs, tables and bars: the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

_MOMENT = (1980, 1, 1, 0, 0, 0)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_LINKS = (
    f'{_HEAD}<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/styles" '
    'Target="styles.xml"/></Relationships>'
)
_SIZES = {"Title": 40, "Heading1": 30, "Heading2": 24}
_BAR_CELLS = 30


def docx_bytes(title: str, blocks: Iterable[dict[str, Any]], language: str = "en") -> bytes:
    """A document of blocks: {"heading", "level"}, {"text"}, {"facts": [[label, value]]}, {"table": {"head", "rows",
    "numeric"}}, {"bars": [[label, share, text]]}. Texts are texts: nothing in them is read as markup."""
    body = [_paragraph(title, "Title")]
    for block in blocks:
        body.append(_block(block))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
        "</w:sectPr>"
    )
    document = f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}{page}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _LINKS,
        "word/styles.xml": _styles(language),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text.encode())
    return out.getvalue()


def _block(block: dict[str, Any]) -> str:
    if "heading" in block:
        return _paragraph(block["heading"], f"Heading{min(int(block.get('level', 1)), 2)}")
    if "text" in block:
        return "".join(_paragraph(line) for line in str(block["text"]).splitlines() or [""])
    if "facts" in block:
        return _table(None, block["facts"], bold_first=True)
    if "bars" in block:
        rows = [[label, "█" * round(float(share) * _BAR_CELLS), text] for label, share, text in block["bars"]]
        return _table(None, rows)
    table = block["table"]
    return _table(table["head"], table["rows"], numeric=table.get("numeric", ()))


def _run(text: str, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    clean = "".join(one for one in text if one in "\t\n\r" or ord(one) >= 32)
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(clean)}</w:t></w:r>'


def _paragraph(text: str, style: str = "", *, bold: bool = False, right: bool = False) -> str:
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += '<w:jc w:val="right"/>' if right else ""
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{_run(text, bold)}</w:p>"


def _table(
    head: Sequence[str] | None, rows: Iterable[Sequence[str]], *, numeric: Sequence[int] = (), bold_first: bool = False
) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="BBBBBB"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    look = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    lines = [_row(head, numeric, bold=True, repeated=True)] if head else []
    for row in rows:
        lines.append(_row(row, numeric, first=bold_first))
    count = len(head) if head else max((line.count("<w:tc>") for line in lines), default=1)
    grid = "<w:tblGrid>" + "<w:gridCol/>" * count + "</w:tblGrid>"
    return f"<w:tbl>{look}{grid}{''.join(lines)}</w:tbl>{_paragraph('')}"


def _row(
    cells: Sequence[str], numeric: Sequence[int], *, bold: bool = False, first: bool = False, repeated: bool = False
) -> str:
    made = "".join(
        f"<w:tc><w:tcPr/>{_paragraph(str(cell), bold=bold or (first and at == 0), right=at in numeric)}</w:tc>"
        for at, cell in enumerate(cells)
    )
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if repeated else ''}{made}</w:tr>"


def _styles(language: str) -> str:
    made = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:pPr><w:keepNext/>'
        f'<w:spacing w:before="240" w:after="120"/></w:pPr><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        for name, size in _SIZES.items()
    )
    return (
        f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" '
        f'w:hAnsi="Calibri"/><w:sz w:val="20"/><w:lang w:val="{escape(language)}"/></w:rPr></w:rPrDefault>'
        f'<w:pPrDefault><w:pPr><w:spacing w:after="80"/></w:pPr></w:pPrDefault></w:docDefaults>{made}</w:styles>'
    )
