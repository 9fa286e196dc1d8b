"""The words a contract is found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LENGTH_MAX = 40
_WORD = re.compile(r"\w+", re.UNICODE)


def fold(text: str) -> str:
    """Small letters without marks: "Réversibilité" is found by "reversibilite"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def words_of(texts: Iterable[str]) -> set[str]:
    """The distinct folded words of two signs or more."""
    found: set[str] = set()
    for text in texts:
        found.update(word[:LENGTH_MAX] for word in _WORD.findall(fold(text)) if len(word) > 1)
    return found


def asked_words(text: str, most: int = 8) -> list[str]:
    """The words of a question, the longest first: they narrow best."""
    return sorted(words_of([text]), key=lambda word: (-len(word), word))[:most]


def next_word(word: str) -> str:
    """The end of the range of words that begin so."""
    return word + "\U0010ffff"
