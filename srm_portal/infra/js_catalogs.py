"""Catalogues for scripts, made from the .po files: `python -m srm_portal.infra.js_catalogs` writes static/i18n."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog

from srm_portal.infra import catalogs

Entries = dict[str, str | list[str]]


def entries(catalog: Catalog, texts: list[str | tuple[str, ...]]) -> Entries:
    """Text -> translation, or the singular -> all plural forms; what is not translated is left out."""
    made: Entries = {}
    for text in texts:
        message = catalog.get(text[0] if isinstance(text, tuple) else text)
        if message is None or message.fuzzy or not message.string:
            continue
        if isinstance(text, tuple):
            if all(message.string):
                made[text[0]] = list(message.string)
        else:
            made[text] = str(message.string)
    return dict(sorted(made.items()))


def rendered(catalog: Catalog, template: Catalog) -> str:
    """The JSON of one language as it is written."""
    made = entries(catalog, catalogs.script_texts(template))
    return json.dumps(made, ensure_ascii=False, indent=0) + "\n"


def target(language: str, root: Path = catalogs.ROOT) -> Path:
    return root / "static" / "i18n" / f"{language}.json"


def main() -> int:
    template = catalogs.extracted()
    for language in catalogs.LANGUAGES:
        path = target(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rendered(catalogs.read(language), template))
    return 0


if __name__ == "__main__":
    sys.exit(main())
