"""How company names, domains and numbers are compared: written differently, still the same company."""

from __future__ import annotations

import re
import unicodedata

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "ao", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "doo", "eirl", "ek",
        "eurl", "gbr", "gmbh", "gie", "inc", "incorporated", "kft", "kg", "kgaa", "limited", "llc", "llp", "ltd", "nv",
        "nyrt", "oao", "ohg", "ooo", "oy", "oyj", "plc", "pao", "pte", "pty", "sa", "sarl", "sas", "sasu", "sca", "sci",
        "scs", "se", "sl", "slu", "snc", "sp", "spa", "spj", "spk", "srl", "srls", "sro", "ug", "zao", "zoo",
    }
)  # fmt: skip
PUBLIC_MAIL = frozenset(
    {
        "free.fr", "gmail.com", "gmx.de", "gmx.net", "hotmail.com", "icloud.com", "laposte.net", "live.com", "mail.ru",
        "o2.pl", "orange.fr", "outlook.com", "proton.me", "protonmail.com", "t-online.de", "wanadoo.fr", "web.de",
        "wp.pl", "yahoo.com", "yahoo.fr", "yandex.ru",
    }
)  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "і": "i", "ї": "i", "є": "ie", "ґ": "g",
}  # fmt: skip
_EXTRA = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_LATIN = str.maketrans(_CYRILLIC | _EXTRA)


def folded(text: str) -> str:
    """Lower case Latin letters and digits, accents gone, Cyrillic transliterated: "Łódź Завод" -> "lodz zavod"."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LATIN)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", plain))


def name_key(name: str) -> str:
    """The name without legal form and spacing: "ACME S.A.S." and "Acme SAS" meet at "acme".

    A name made of nothing but legal forms keeps them, so that no two such names meet by accident.
    """
    joined = re.sub(r"\b(\w)\.\s?(?=\w\b)", r"\1", name.replace("&", " "))
    words = folded(joined.replace(".", " ")).split()
    kept = [word for word in words if word not in LEGAL_FORMS] or words
    return "".join(kept)


def search_key(*texts: str) -> str:
    """What a typed search is looked up in: every text folded, once."""
    return " ".join(dict.fromkeys(part for text in texts if (part := folded(text))))


def domain_of(website_or_email: str) -> str:
    """The company's domain from its website or an address of it; "" for public mail houses and nonsense."""
    text = website_or_email.strip().casefold()
    host = re.sub(r"^[a-z]+://", "", text).split("/")[0].split("?")[0].rsplit("@", 1)[-1].split(":")[0]
    host = host.removeprefix("www.").rstrip(".")
    if "." not in host or host in PUBLIC_MAIL or not re.fullmatch(r"[\w.-]+", host):
        return ""
    return host
