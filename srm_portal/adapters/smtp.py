"""Mail by SMTP, and its memory twin."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from srm_portal.infra.logs import log
from srm_portal.infra.outbox import MailRefused


def _letter(sender: str, recipient: str, subject: str, body: str, message_id: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, recipient
    letter["Subject"] = " ".join(subject.split())
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    letter["Message-ID"] = f"<{message_id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body)
    return letter


class SmtpTransport:
    """`smtp://user:password@host:port`, `smtps://` for TLS from the start, `?starttls=1` to upgrade."""

    def __init__(self, url: str, sender: str) -> None:
        self._parts, self._sender = urlsplit(url), sender

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        parts = self._parts
        secure = parts.scheme == "smtps"
        host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
        connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with connect(host, port, timeout=15) as server:
            if "starttls=1" in parts.query:
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            try:
                server.send_message(_letter(self._sender, recipient, subject, body, message_id))
            except smtplib.SMTPRecipientsRefused as refusal:
                code, words = next(iter(refusal.recipients.values()))
                if 500 <= code < 600:
                    raise MailRefused(f"{code} {words.decode(errors='replace')}") from refusal
                raise


class PortalOnlyTransport:
    """No mail server is configured: the mail is kept in the portal, where its recipient reads it."""

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        log().debug("mail_kept_in_portal", mail=message_id)


@dataclass
class MemoryTransport:
    """Keeps letters for tests; addresses in `refuse` are refused for good, `broken` fails every time."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    broken: bool = False

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        if self.broken:
            raise ConnectionError("mail server down")
        if recipient in self.refuse:
            raise MailRefused("550 no such user")
        self.letters.append((recipient, subject, body))
