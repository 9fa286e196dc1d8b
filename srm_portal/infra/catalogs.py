"""The texts of the portal and their translations: what the code says now, and what each catalogue holds."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TRANSLATIONS = Path(__file__).parents[1] / "translations"
LANGUAGES = ("en", "fr", "es", "pl", "ro", "ru")
SOURCE_LANGUAGE = "en"
KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["_l", "n_:1,2", "pgettext:1c,2"])}


def extracted(root: Path = ROOT) -> Catalog:
    """Every text that code, templates and scripts under `root` ask for, as its babel.cfg maps them."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(root), methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    catalog = Catalog()
    for path, line, message, comments, context in found:
        catalog.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return catalog


def script_texts(template: Catalog) -> list[str | tuple[str, ...]]:
    """The texts that scripts ask for: one text, or (singular, plural)."""
    asked = [message.id for message in template if message.id and _in_scripts(message.locations)]
    return [text if isinstance(text, str) else tuple(text) for text in asked]


def _in_scripts(locations: list[tuple[str, int]]) -> bool:
    return any(path.startswith("static/js/") for path, _line in locations)


def path_of(language: str, folder: Path = TRANSLATIONS) -> Path:
    return folder / language / "LC_MESSAGES" / "messages.po"


def read(language: str, folder: Path = TRANSLATIONS) -> Catalog:
    """The catalogue of a language; raises FileNotFoundError where there is none."""
    with path_of(language, folder).open("rb") as file:
        return read_po(file, locale=language)
