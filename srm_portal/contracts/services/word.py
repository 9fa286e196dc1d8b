"""The contract as a Word file: the difference of two versions as tracked changes, and a marked file read back.

The file names contract, version and hash in its custom properties, and every clause by a bookmark, so that what comes
back is known to answer exactly this version, clause by clause.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from flask_babel import force_locale
from flask_babel import gettext as _

from srm_portal.contracts import queries
from srm_portal.contracts.domain.redline import ClauseDifference, Piece, difference
from srm_portal.infra.native import in_thread
from srm_portal.kernel.errors import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PROPERTIES = "docProps/custom.xml"
_PROPERTY_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTY_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NUMBER = re.compile(r"^\s*\d+\.\s*")
_BOOKMARK = re.compile(r"^clause_(\w+)$")
_END = "clauses_end"


@dataclass
class MarkedText:
    """What a Word file says: which version it answers, and its clauses with every tracked change taken."""

    contract_id: str
    number: str
    sha256: str
    clauses: dict[str, tuple[str, str]] = field(default_factory=dict)
    comments: dict[str, list[str]] = field(default_factory=dict)


def word_file(
    view: queries.ContractView,
    text: queries.VersionView,
    *,
    before: queries.VersionView | None = None,
    author: str = "",
    now: datetime,
) -> bytes:
    """The version as a Word file; with `before`, what changed since then stands in it as tracked changes."""
    with force_locale(view.language):
        labels = [_("version"), _("Annex 1: price list"), _("No."), _("Item"), _("Quantity"), _("Price")]
    return in_thread(lambda: _written(view, text, before, author, now, labels))


def _written(
    view: queries.ContractView,
    text: queries.VersionView,
    before: queries.VersionView | None,
    author: str,
    now: datetime,
    labels: list[str],
) -> bytes:
    import docx  # only processes that write Word files carry the library

    document = docx.Document()
    document.core_properties.title = view.title
    document.core_properties.author = author or view.supplier_name
    marks = {"author": author or "–", "date": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    body = _Body(document, marks)
    document.add_heading(view.title, level=0)
    document.add_paragraph(f"{view.reference} · {labels[0]} {text.number} · SHA-256 {text.sha256[:16]}…")
    for number, one in enumerate(difference(before.clauses if before else text.clauses, text.clauses), start=1):
        body.clause(number, one)
    body.bookmark(document.add_paragraph(), _END)
    if text.prices:
        document.add_heading(labels[1], level=1)
        _price_table(document, text.prices, labels[2:])
    _note(document, {"contract": view.id, "version": str(text.number), "sha256": text.sha256})
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Body:
    """Writes clauses; counts the marks, because each needs a number of its own."""

    def __init__(self, document: Any, marks: dict[str, str]) -> None:
        self._document, self._marks, self._count = document, marks, 0
        self._body, self._heading = document.element.body, document.styles["Heading 2"]

    def clause(self, number: int, one: ClauseDifference) -> None:
        heading = self._paragraph(self._heading)
        self.bookmark(heading, "clause_" + one.key.replace("-", "__"))
        heading.add_run(f"{number}. ")
        self._pieces(heading, one.title)
        self._pieces(self._paragraph(None), one.pieces)

    def _paragraph(self, style: Any) -> Any:
        """Before the section's properties at the end; styles are looked up once, not for each clause."""
        from docx.text.paragraph import Paragraph

        element = self._body.add_p()
        paragraph = Paragraph(element, self._document._body)
        if style is not None:
            paragraph.style = style
        return paragraph

    def bookmark(self, paragraph: Any, name: str) -> None:
        self._count += 1
        for tag in ("bookmarkStart", "bookmarkEnd"):
            element = paragraph._p.makeelement(W + tag, {W + "id": str(self._count)})
            if tag == "bookmarkStart":
                element.set(W + "name", name)
            paragraph._p.append(element)

    def _pieces(self, paragraph: Any, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            run = paragraph.add_run()
            lines = piece.text.split("\n")
            for place, line in enumerate(lines):
                if place:
                    run._r.append(run._r.makeelement(W + "br", {}))
                written = run._r.makeelement(W + ("delText" if piece.mark == "gone" else "t"), {})
                written.text = _plain(line)
                written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run._r.append(written)
            if piece.mark != "same":
                self._count += 1
                facts = {W + "id": str(self._count)} | {W + name: value for name, value in self._marks.items()}
                mark = paragraph._p.makeelement(W + ("del" if piece.mark == "gone" else "ins"), facts)
                paragraph._p.remove(run._r)
                mark.append(run._r)
                paragraph._p.append(mark)


def _plain(text: str) -> str:
    """Without the control signs that XML cannot hold."""
    return "".join(one for one in text if one == "\t" or one >= " ")


def _price_table(document: Any, prices: Sequence[dict[str, Any]], headings: Sequence[str]) -> None:
    table = document.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = heading
    for row in prices:
        total = "lot_total" in row
        part = f"{Decimal(row['share']):.1%}" if "share" in row else ""
        quantity = part if total else f"{row['quantity']} {row['unit']}"
        texts = (
            "" if total else str(row["number"]),
            f"Σ {row['title']}" if total else row["title"],
            quantity,
            row["lot_total"] if total else row["unit_price"] or "–",
        )
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = _plain(text)


def _note(document: Any, facts: dict[str, str]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    rows = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="srm.{name}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(facts.items(), start=2)
    )
    blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
    )
    package = document.part.package
    part = Part(PackURI("/" + _PROPERTIES), _PROPERTY_TYPE, blob.encode(), package)
    package.relate_to(part, _PROPERTY_RELATION)


def marked_text(data: bytes) -> MarkedText:
    """Read a marked file; the file inspection has passed it before. Refused: `word_damaged`, `word_not_ours`."""
    return in_thread(lambda: _read(data))


def _read(data: bytes) -> MarkedText:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if _PROPERTIES not in names:
                raise Refused("word_not_ours")
            facts = _facts(_xml(package.read(_PROPERTIES)))
            remarks = _remarks(_xml(package.read("word/comments.xml"))) if "word/comments.xml" in names else {}
            root = _xml(package.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise Refused("word_damaged") from None
    if not {"contract", "version", "sha256"} <= facts.keys():
        raise Refused("word_not_ours")
    found = MarkedText(facts["contract"], facts["version"], facts["sha256"])
    _read_clauses(root, remarks, found)
    return found


def _xml(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused("word_damaged") from None


def _facts(root: Any) -> dict[str, str]:
    return {
        one.get("name", "")[4:]: "".join(one.itertext())
        for one in root.iter()
        if isinstance(one.tag, str) and one.tag.endswith("}property") and one.get("name", "").startswith("srm.")
    }


def _remarks(root: Any) -> dict[str, str]:
    """Comment number -> its author and text."""
    found = {}
    for one in root.iter(W + "comment"):
        text = "".join(piece.text or "" for piece in one.iter(W + "t")).strip()
        if text:
            found[one.get(W + "id", "")] = text[:4000]
    return found


def _read_clauses(root: Any, remarks: dict[str, str], found: MarkedText) -> None:
    key, parts, join = "", [""], False
    for paragraph in root.iter(W + "p"):
        for mark in paragraph.iter(W + "bookmarkStart"):
            named = _BOOKMARK.match(mark.get(W + "name", ""))
            if named or mark.get(W + "name") == _END:
                _keep(key, parts, found)
                key, parts, join = (named[1].replace("__", "-") if named else ""), [], False
        if not key:
            continue
        text = _taken(paragraph)
        if join and parts:
            parts[-1] += text
        else:
            parts.append(text)
        gone = paragraph.find(f"{W}pPr/{W}rPr/{W}del")
        join = gone is not None and len(parts) > 1
        for reference in paragraph.iter(W + "commentReference"):
            if (remark := remarks.get(reference.get(W + "id", ""))) is not None:
                found.comments.setdefault(key, []).append(remark)
    _keep(key, parts, found)


def _keep(key: str, parts: list[str], found: MarkedText) -> None:
    if key and parts:
        title = _NUMBER.sub("", parts[0]).strip()
        found.clauses[key] = (title, "\n".join(parts[1:]).strip())


_SKIPPED = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "instrText"}


def _taken(element: Any) -> str:
    """The text with insertions taken and deletions dropped."""
    text = ""
    for child in element:
        if child.tag in _SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            text += child.text or ""
        elif child.tag == W + "tab":
            text += "\t"
        elif child.tag in (W + "br", W + "cr"):
            text += "\n"
        else:
            text += _taken(child)
    return text
