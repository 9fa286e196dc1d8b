"""The gate of the translations bites on every kind of fault, and lets a sound catalogue pass."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from srm_portal.infra import catalogs, i18n_check, js_catalogs

SCRIPT = 'say(_("Bid {p}", { p })); count(n_("{n} bid", "{n} bids", n));\n'
PAGE = '{{ _("Welcome, %(name)s", name=who) }}{{ ngettext("%(num)s offer", "%(num)s offers", n) }}\n'
SOUND = {
    "Bid {p}": "Podaj {p}",
    "Welcome, %(name)s": "Witaj, %(name)s",
    "{n} bid": ("{n} oferta", "{n} oferty", "{n} ofert"),
    "%(num)s offer": ("Jedna propozycja", "%(num)s propozycje", "%(num)s propozycji"),
}
PLURALS = {"{n} bid": "{n} bids", "%(num)s offer": "%(num)s offers"}


def write_po(path: Path, texts: dict, flags: str = "") -> None:
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"', ""]
    for text, translated in texts.items():
        lines += [flags] if flags else []
        lines.append(f'msgid "{text}"')
        if isinstance(translated, tuple):
            lines.append(f'msgid_plural "{PLURALS[text]}"')
            lines += [f'msgstr[{index}] "{form}"' for index, form in enumerate(translated)]
        else:
            lines.append(f'msgstr "{translated}"')
        lines.append("")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """A tiny portal with one script, one page and a sound Polish catalogue."""
    (tmp_path / "babel.cfg").write_text((catalogs.ROOT / "babel.cfg").read_text())
    for path, content in (("static/js/a.js", SCRIPT), ("templates/a.html", PAGE)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(content)
    write_po(catalogs.path_of("pl", tmp_path / "po"), SOUND)
    return tmp_path


def polish_faults(portal: Path, changed: dict | None = None, flags: str = "") -> list[str]:
    if changed is not None:
        write_po(catalogs.path_of("pl", portal / "po"), changed, flags)
    return list(i18n_check.faults(catalogs.extracted(portal), catalogs.read("pl", portal / "po"), "pl"))


def test_a_sound_catalogue_passes(portal: Path) -> None:
    assert polish_faults(portal) == []


def test_a_missing_text_is_named(portal: Path) -> None:
    assert polish_faults(portal, {k: v for k, v in SOUND.items() if k != "Bid {p}"}) == ["pl: missing: 'Bid {p}'"]


def test_a_stale_text_is_named(portal: Path) -> None:
    assert polish_faults(portal, SOUND | {"Gone": "Nie ma"}) == ["pl: stale: 'Gone'"]


def test_an_empty_translation_is_named(portal: Path) -> None:
    assert polish_faults(portal, SOUND | {"Bid {p}": ""}) == ["pl: empty: 'Bid {p}'"]


def test_a_fuzzy_translation_is_named(portal: Path) -> None:
    assert "pl: fuzzy: 'Bid {p}'" in polish_faults(portal, SOUND, "#, fuzzy")


def test_a_lost_placeholder_is_named(portal: Path) -> None:
    found = polish_faults(portal, SOUND | {"Welcome, %(name)s": "Witaj"})
    assert found == ["pl: placeholders or tags differ: 'Welcome, %(name)s'"]


def test_an_unknown_placeholder_is_named(portal: Path) -> None:
    found = polish_faults(portal, SOUND | {"Bid {p}": "Podaj {p} {q}"})
    assert found == ["pl: placeholders or tags differ: 'Bid {p}'"]


def test_only_the_form_for_one_may_leave_out_the_count(portal: Path) -> None:
    found = polish_faults(portal, SOUND | {"{n} bid": ("{n} oferta", "dwie oferty", "{n} ofert")})
    assert found == ["pl: placeholders or tags differ: '{n} bid'"]


def test_a_missing_plural_form_is_named(portal: Path) -> None:
    found = polish_faults(portal, SOUND | {"{n} bid": ("{n} oferta", "{n} ofert")})
    assert found in (
        ["pl: 2 plural forms instead of 3: '{n} bid'"],
        ["pl: empty: '{n} bid'"],
    )


def test_the_whole_gate_wants_every_language_and_fresh_script_catalogues(portal: Path) -> None:
    found = i18n_check.all_faults(portal, portal / "po")
    assert "fr: there is no catalogue" in found
    assert "pl: static/i18n/pl.json is not up to date" in found


def test_scripts_are_given_their_texts_and_no_others(portal: Path) -> None:
    text = js_catalogs.rendered(catalogs.read("pl", portal / "po"), catalogs.extracted(portal))
    assert json.loads(text) == {"Bid {p}": "Podaj {p}", "{n} bid": ["{n} oferta", "{n} oferty", "{n} ofert"]}


def test_the_extractor_reads_every_text_of_the_scripts() -> None:
    read = {text if isinstance(text, str) else text[0] for text in catalogs.script_texts(catalogs.extracted())}
    written = {
        text
        for path in (catalogs.ROOT / "static" / "js").rglob("*.js")
        for text in re.findall(r'\b(?:_|n_)\("([^"]+)"', re.sub(r"(?m)^\s*//.*$", "", path.read_text()))
    }
    assert written - read == set()
