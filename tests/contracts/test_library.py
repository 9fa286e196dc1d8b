"""The clause library and Word templates; the attack corpus harms nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain import library
from srm_portal.contracts.domain.clauses import KINDS, LIBRARY
from srm_portal.infra.db import db
from srm_portal.infra.docx_child import fill_template
from srm_portal.kernel.errors import Invalid, NotFound, Refused, Stale
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

VALUES: dict[str, Any] = {"title": "Brackets", "clauses": [{"title": "A", "text": "x"}], "supplier": {"name": "S"}}


def word(body: str = "", *, header: str = "", footer: str = "", **properties: str) -> bytes:
    document = Document()
    document.add_paragraph(body)
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_footnote(text: str) -> bytes:
    """A file with a footnotes part, as Word writes one."""
    source, out = zipfile.ZipFile(BytesIO(word("x"))), BytesIO()
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    run = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    note = f'<w:footnotes xmlns:w="{name}"><w:footnote w:id="1">{run}</w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(out, "w") as target:
        for one in source.namelist():
            data = source.read(one)
            if one == "[Content_Types].xml":
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            if one == "word/_rels/document.xml.rels":
                part = f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", part.encode())
            target.writestr(one, data)
        target.writestr("word/footnotes.xml", note)
    return out.getvalue()


def texts(data: bytes) -> str:
    document = Document(BytesIO(data))
    return "\n".join(one.text for one in document.paragraphs)


def test_a_template_repeats_clauses_and_fills_values() -> None:
    body = "{{ title }} for {{ supplier.name }}: {% for c in clauses %}{{ c.title }} {{ c.text }}{% endfor %}"
    filled = fill_template(word(body, header="{{ title }}"), VALUES | {"title": "<Brackets> & {{ 7*7 }}"})
    assert texts(filled) == "<Brackets> & {{ 7*7 }} for S: A x", "values are text, never code"


CODE = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ title.__class__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self._TemplateReference__context }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ '{0.__class__}'.format(title) }}",
    "{{ clauses.append(1) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{{ missing }}",
    "{{ clauses[0].missing }}",
    "{{ 1/0 }}",
    "{% for x in %}",
)
ENDLESS = (
    "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}",
    "{{ 'x' * 4000000000 }}",
    "{{ (9 ** 9) ** (9 ** 9) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
)


@pytest.mark.parametrize("code", CODE)
def test_code_in_the_body_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="template_"):
        fill_template(word(code), VALUES)


def attacked(place: str, code: str) -> bytes:
    return with_footnote(code) if place == "footnote" else word("x", **{place: code})


FILLED = ("header", "footer", "footnote", "subject", "title", "author", "comments", "identifier", "language")


@pytest.mark.parametrize("place", FILLED)
def test_code_elsewhere_is_refused(place: str) -> None:
    with pytest.raises(Refused, match="template_"):
        fill_template(attacked(place, "{{ ''.__class__.__mro__ }}"), VALUES)


@pytest.mark.parametrize("place", ["keywords", "category"])
def test_code_in_a_property_that_is_not_filled_stays_text(place: str) -> None:
    code = "{{ cycler.__init__.__globals__.os.popen('id').read() }}"
    filled = Document(BytesIO(fill_template(attacked(place, code), VALUES)))
    assert getattr(filled.core_properties, place) == code


@pytest.mark.parametrize("place", ["header", "footnote", "title"])
def test_what_never_ends_is_stopped_elsewhere_too(place: str) -> None:
    with pytest.raises(Refused, match="template_"):
        fill_template(attacked(place, "{{ 'x' * 4000000000 }}"), VALUES)


LIMITS = {
    "memory": "bytearray(docx_child.MEMORY_BYTES)",
    "a file": "docx_child.os.write(docx_child.os.open('harm', docx_child.os.O_WRONLY | docx_child.os.O_CREAT), b'x')",
    "many files": "[open('/dev/null') for _ in range(100)]",
    "a core file": "docx_child.resource.getrlimit(docx_child.resource.RLIMIT_CORE) == (0, 0) or 1 / 0",
}


@pytest.mark.parametrize("attempt", LIMITS)
def test_the_child_gets_no_more_than_its_limits(attempt: str, tmp_path: Path) -> None:
    """What a template would reach if the sandbox had a hole."""
    call = f"from srm_portal.infra import docx_child; docx_child._limit(); {LIMITS[attempt]}"
    done = subprocess.run([sys.executable, "-c", call], cwd=tmp_path, env=here(), capture_output=True, check=False)
    assert (done.returncode == 0) == (attempt == "a core file"), done.stderr
    assert not (tmp_path / "harm").exists() or (tmp_path / "harm").read_bytes() == b""


def here() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}


@pytest.mark.parametrize("code", ENDLESS)
def test_what_never_ends_is_stopped(code: str) -> None:
    with pytest.raises(Refused, match="template_"):
        fill_template(word(code), VALUES)


def test_a_file_that_is_none_is_refused() -> None:
    for data in (b"", b"PK", b"%PDF-1.7", word("x")[:300]):
        with pytest.raises(Refused, match="template_"):
            fill_template(data, VALUES)


def test_a_clause_text_is_never_code() -> None:
    assert (
        library.filled("{buyer} {buyer.__class__} {0} {nobody}", {"buyer": "N"}) == "N {buyer.__class__} {0} {nobody}"
    )
    assert library.unknown_names("{buyer} {nobody}") == ["nobody"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drafted_whole(kind: str) -> None:
    facts = dict.fromkeys(library.FACTS, "x")
    for language in ("en", "fr", "pl"):
        drafted = library.draft(kind, language, facts)
        assert drafted and all("{" not in one.text and one.title for one in drafted)


def test_rules_add_clauses_by_value_and_risk(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    assert queries.current_version(contract_id).clause("security") is None
    terms = {"category": "", "sign_first": "supplier", "index_name": "", "index_base": None, "index_share": 100}
    services.change_terms(
        world.buyer,
        contract_id,
        value=library.LIBRARY[-2].value_from,
        risk="high",
        index_cap=None,
        version=None,
        now=world.now,
        **terms,
    )
    text = queries.current_version(contract_id)
    assert text.clause("security") and text.clause("continuity")
    services.remove_clause(world.buyer, contract_id, "continuity", version=None, now=world.now)
    with pytest.raises(Refused, match="clauses_missing"):
        services.submit_for_approval(world.buyer, contract_id, now=world.now)
    services.choose_wording(world.buyer, contract_id, "continuity", "standard", version=None, now=world.now)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)


def test_an_alternative_is_standard_a_fallback_is_not(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    services.choose_wording(world.buyer, contract_id, "price", "alternative", version=None, now=world.now)
    assert queries.current_version(contract_id).deviations == []
    services.choose_wording(world.buyer, contract_id, "price", "fallback", version=None, now=world.now)
    text = queries.current_version(contract_id)
    assert text.deviations == ["Price and payment"] and text.clause("price").variant == "fallback"  # type: ignore[union-attr]
    with pytest.raises(Refused, match="wording_unknown"):
        services.choose_wording(world.buyer, contract_id, "law", "fallback", version=None, now=world.now)


def test_own_wordings_have_versions_and_hold_for_new_drafts_only(world: World) -> None:
    before = a_contract_by_hand(world, a_supplier(world))
    with pytest.raises(Invalid):
        services.save_wording(
            world.buyer, "law", language="en", variant="standard", title="Law", text="{nobody}", now=world.now
        )
    number = services.save_wording(
        world.buyer, "law", language="en", variant="standard", title="Law", text="The law of {buyer}.", now=world.now
    )
    assert number == 2
    after = a_contract_by_hand(world, a_supplier(world))
    held = queries.current_version(after).clause("law")
    assert held is not None and (held.text, held.number) == ("The law of Nordwerk.", 2)
    assert queries.current_version(before).clause("law") != held
    other = world.other_organisation()
    assert next(one for one in queries.entries(other) if one.key == "law").wording("en").number == 1  # type: ignore[union-attr]


def test_an_own_clause_has_its_rule(world: World) -> None:
    values = {"value_from": None, "risk": "", "active": True, "version": None, "now": world.now}
    with pytest.raises(Invalid):
        services.save_entry(world.buyer, "Not a key", kinds=["purchase"], category="", **values)
    services.save_entry(world.buyer, "reach", kinds=["purchase"], category="24", **values)
    services.save_wording(
        world.buyer, "reach", language="en", variant="standard", title="REACH", text="Registered.", now=world.now
    )
    with pytest.raises(Stale):
        services.save_entry(world.buyer, "reach", kinds=["nda"], category="", **(values | {"version": 99}))
    plain = a_contract_by_hand(world, a_supplier(world))
    assert queries.current_version(plain).clause("reach") is None
    services.save_entry(world.buyer, "law", kinds=["purchase"], category="", **(values | {"active": False}))
    assert "law" not in {one.key for one in queries.entries(world.organisation_id)}
    assert len(queries.entries(world.organisation_id)) == len(LIBRARY)


def test_a_template_is_tried_kept_and_filled(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    client = world.client_of(world.buyer)
    good = word("{{ reference }} {% for c in clauses %}{{ c.number }}. {{ c.title }} {% endfor %}{{ value }}")
    bad = word("{{ nobody }}")

    def send(data: bytes) -> Any:
        form = {"name": "House style", "kind": "purchase", "upload": (BytesIO(data), "house.docx")}
        return client.post("/contracts/templates", data=form)

    refused = send(bad)
    assert refused.status_code == 422 and "nobody" in refused.text
    assert send(good).status_code == 302
    db.session.rollback()
    (template,) = queries.templates(world.buyer)
    filled = client.post(f"/contracts/{contract_id}/template", data={"template": template.id})
    assert filled.status_code == 200 and "Law and disputes" in texts(filled.data)
    assert client.get(f"/contracts/templates/{template.id}").status_code == 200
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        queries.template_for(stranger, template.id)
    assert client.post(f"/contracts/templates/{template.id}/retire").status_code == 302
    with pytest.raises((Invalid, Refused)):
        services.add_template(
            world.buyer,
            name="x",
            kind="purchase",
            upload=FileStorage(BytesIO(b"%PDF-1.7\n%%EOF"), filename="x.pdf"),
            now=world.now,
        )


def test_the_pages_of_the_library(world: World) -> None:
    client = world.client_of(world.buyer)
    for path in ("/contracts/library", "/contracts/library/law", "/contracts/library/new"):
        assert client.get(path).status_code == 200
    assert client.get("/contracts/library/nothing").status_code == 404
    wrong = client.post("/contracts/library/new", data={"key": "Bad Key", "kinds": ["purchase"], "risk": ""})
    assert wrong.status_code == 422
    made = client.post(
        "/contracts/library/new", data={"key": "reach", "kinds": ["purchase"], "risk": "", "active": "y"}
    )
    assert made.status_code == 302
    text = {"language": "en", "variant": "standard", "title": "REACH", "text": "Registered."}
    assert client.post("/contracts/library/reach/texts", data=text).status_code == 302
    assert client.post("/contracts/library/reach/texts", data=text | {"text": "{x}"}).status_code == 422
    assert "Registered." in client.get("/contracts/library/reach").text
    saved = client.post("/contracts/library/reach", data={"key": "reach", "kinds": ["nda"], "risk": "", "active": "y"})
    assert saved.status_code == 302
