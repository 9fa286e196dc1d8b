"""Mending of text that was damaged on its way: each mend is named, so that it can be reported."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

URL_LENGTH_MAX = 2_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# UTF-8 read as Windows-1252: only the leading letters that our six languages never follow with such signs.
_TWICE_ENCODED = re.compile(r"Â[\u00a0-\u00bf]|Ã[\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\uffff]")
_LOST_BREAKS = re.compile(r"(?:rn){2,}(?![a-z])")
_HOST = re.compile(r"(?=.{1,253}\Z)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")
_LOST_COLON = re.compile(r"(https?)//?(?=[^/])", re.IGNORECASE)
_NOT_IN_URL = re.compile(r'[\s<>"{}|\\^`]')


def fold_key(key: str) -> str:
    """A key without the blanks that a broken line put into it: "contactP    oint" -> "contactPoint"."""
    return "".join(key.split())


def blanks_in_key(key: str) -> int:
    """The width of the blanks inside or around a key; 0 for a sound one."""
    return max((len(run) for run in re.findall(r"\s+", key)), default=0)


def unwrap(text: str, width: int) -> str:
    """Take out the `width` blanks that a wrapped line put in; wider runs keep what they had before."""
    return re.sub(rf" {{{width},}}", lambda run: run[0][width:], text) if width > 1 else text


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Mend one text and name the faults found: `bad_characters`, `mojibake`, `lost_line_breaks`."""
    faults: list[str] = []
    mended = _CONTROL.sub("", text)
    if mended != text:
        faults.append("bad_characters")
    decoded = _TWICE_ENCODED.sub(_decode_once, mended)
    if decoded != mended:
        faults.append("mojibake")
    broken = _LOST_BREAKS.sub("\n\n", decoded)
    if broken != decoded:
        faults.append("lost_line_breaks")
    return broken.strip(), tuple(faults)


def _decode_once(match: re.Match[str]) -> str:
    raw = b"".join(_windows_byte(sign) for sign in match[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _windows_byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1", errors="replace")


def check_url(text: str) -> tuple[str | None, str | None]:
    """A web address that may be shown as a link, and the fault if there was one.

    Returns `(url, None)` for a sound one, `(url, "url_repaired")` when a lost colon or scheme was put back, and
    `(None, "bad_url")` for everything else: other schemes, no real host, blanks, a password in it, too long.
    """
    url = text.strip()
    mended = url
    if _LOST_COLON.match(url):
        mended = _LOST_COLON.sub(r"\1://", url, count=1)
    elif url.lower().startswith("www."):
        mended = "http://" + url
    if not _sound(mended):
        return None, "bad_url"
    safe = quote(mended, safe="%/:=&?~#+!$,;'@()*[]")
    return (safe, None) if mended == url else (safe, "url_repaired")


def _sound(url: str) -> bool:
    if len(url) > URL_LENGTH_MAX or _NOT_IN_URL.search(url) or _CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme.lower() in ("http", "https")
        and "@" not in parts.netloc
        and (port is None or port > 0)
        and _HOST.fullmatch(host) is not None
    )
