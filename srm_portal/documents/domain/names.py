"""Names of uploaded files: shown to people, never used as a path."""

from __future__ import annotations

import re
import unicodedata

from srm_portal.kernel.errors import Refused

LENGTH_MAX = 180
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_NOT_TEXT = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")


def check_name(name: str) -> None:
    """Refuse a name that could mislead a person or a system.

    Refusals: `name_empty`, `name_too_long`, `name_has_path`, `name_has_control`, `name_has_direction`
    (characters that turn the reading direction: "fdp.exe" shown as "exe.pdf"), `name_has_invisible`,
    `name_has_forbidden`, `name_reserved`, `name_ends_badly`.
    """
    if not name.strip(" ."):
        raise Refused("name_empty")
    if len(name) > LENGTH_MAX or len(name.encode("utf-8", "surrogatepass")) > 255:
        raise Refused("name_too_long", length_max=LENGTH_MAX)
    if _SEPARATORS.search(name) or name.startswith(".."):
        raise Refused("name_has_path")
    if any(unicodedata.category(letter) in _NOT_TEXT for letter in name):
        raise Refused("name_has_control")
    if _DIRECTION.search(name):
        raise Refused("name_has_direction")
    if _INVISIBLE.search(name):
        raise Refused("name_has_invisible")
    if _FORBIDDEN.search(name):
        raise Refused("name_has_forbidden")
    if _RESERVED.fullmatch(name.split(".")[0].rstrip()):
        raise Refused("name_reserved")
    if name != name.strip(" ") or name.endswith("."):
        raise Refused("name_ends_badly")


def check_member_name(name: str) -> None:
    """The same for a path inside an archive: every part must be a fair name, and none may climb out."""
    parts = name.rstrip("/").split("/")
    if "\\" in name or name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise Refused("name_has_path")
    for part in parts:
        check_name(part)


def display_name(name: str) -> str:
    """Any name made safe to show and to offer for download; keeps the extension, never empty, idempotent."""
    last = _SEPARATORS.split(name)[-1]
    clean = "".join("_" if unicodedata.category(letter) in _NOT_TEXT else letter for letter in last)
    clean = _FORBIDDEN.sub("_", _INVISIBLE.sub("", _DIRECTION.sub("", clean)))
    clean = unicodedata.normalize("NFC", clean).strip(" .") or "file"
    if _RESERVED.fullmatch(clean.split(".")[0].rstrip()):
        clean = "_" + clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = clean, ""
    while len(stem + dot + ending) > LENGTH_MAX or len((stem + dot + ending).encode()) > 255:
        stem = stem[:-1]
    return (stem + "." + ending if ending else stem).strip(" .")


def extension(name: str) -> str:
    """The part after the last dot, in lower case; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def misleading(text: str) -> str | None:
    """Why a text could mislead who reads it, as the end of a refusal's code; None for fair letters of any script.

    "control" (line ends and tabulators are fair), "direction" (turns the reading direction), "invisible".
    The joiners that Persian and Indic scripts need are fair.
    """
    if any(unicodedata.category(letter) in _NOT_TEXT for letter in text if letter not in "\n\r\t"):
        return "control"
    if _DIRECTION.search(text):
        return "direction"
    return "invisible" if _INVISIBLE.search(text) else None
