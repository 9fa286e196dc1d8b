"""The gate of the translations: `python -m srm_portal.infra.i18n_check` prints every fault and exits with 1.

Checked for each language: missing, stale, empty and fuzzy texts, the number of plural forms, and that placeholders and
tags of a text are those of its source. Then that the catalogues for scripts are the ones these translations make.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from srm_portal.infra import catalogs, js_catalogs

PLURAL_FORMS = {"en": 2, "fr": 2, "es": 2, "pl": 3, "ro": 3, "ru": 3}
FIRST_FORM_IS_ONE = ("en", "fr", "es", "pl", "ro")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?[a-z]+>")
COUNTS = {"%(num)s", "%(num)d", "%(count)s", "{n}"}


def marks(text: str) -> list[str]:
    """Placeholders and tags of a text, sorted, as often as they stand there."""
    return sorted(PLACEHOLDER.findall(text))


def sources(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def wrong_marks(message: Message, language: str) -> bool:
    """Every form says all the placeholders of the (plural) source; the form for one may leave out the count."""
    wanted = marks(sources(message)[-1])
    without_count = [mark for mark in wanted if mark not in COUNTS]
    for index, form in enumerate(forms(message)):
        one = len(sources(message)) > 1 and index == 0 and language in FIRST_FORM_IS_ONE
        if marks(form) != wanted and not (one and marks(form) == without_count):
            return True
    return False


def faults_of_message(message: Message, language: str) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if language == catalogs.SOURCE_LANGUAGE and not any(forms(message)):
        return
    if len(sources(message)) > 1 and len(forms(message)) != PLURAL_FORMS[language]:
        yield f"{len(forms(message))} plural forms instead of {PLURAL_FORMS[language]}"
    elif not all(forms(message)):
        yield "empty"
    elif wrong_marks(message, language):
        yield "placeholders or tags differ"


def by_text(catalog: Catalog) -> dict[tuple[str, str], Message]:
    return {(sources(message)[0], message.context or ""): message for message in catalog if message.id}


def faults(template: Catalog, catalog: Catalog, language: str) -> Iterator[str]:
    """One line per fault of a catalogue against the texts that the code asks for."""
    wanted, held = by_text(template), by_text(catalog)
    for text, _context in sorted(wanted.keys() - held.keys()):
        yield f"{language}: missing: {text!r}"
    for text, _context in sorted(held.keys() - wanted.keys()):
        yield f"{language}: stale: {text!r}"
    for key in sorted(wanted.keys() & held.keys()):
        if sources(wanted[key]) != sources(held[key]):
            yield f"{language}: plural of the source differs: {key[0]!r}"
            continue
        for fault in faults_of_message(held[key], language):
            yield f"{language}: {fault}: {key[0]!r}"


def all_faults(root: Path = catalogs.ROOT, folder: Path = catalogs.TRANSLATIONS) -> list[str]:
    """Every fault of every language, and every script catalogue that is not up to date."""
    template = catalogs.extracted(root)
    found: list[str] = []
    for language in catalogs.LANGUAGES:
        if not catalogs.path_of(language, folder).is_file():
            found.append(f"{language}: there is no catalogue")
            continue
        catalog = catalogs.read(language, folder)
        found += faults(template, catalog, language)
        written = js_catalogs.target(language, root)
        if not written.is_file() or written.read_text() != js_catalogs.rendered(catalog, template):
            found.append(f"{language}: static/i18n/{language}.json is not up to date")
    return found


def main() -> int:
    found = all_faults()
    for fault in found:
        print(fault)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
