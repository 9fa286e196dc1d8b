"""The minutes on paper, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from srm_portal.auctions.forms.words import KIND_WORDS, REASON_WORDS, rules_in_words
from srm_portal.auctions.queries import PHASES, Minutes
from srm_portal.infra.pdf import render_pdf
from srm_portal.web import formats
from srm_portal.web.errors import sentence
from srm_portal.web.i18n import language
from srm_portal.web.zone import current_zone, zone_info


def minutes_pdf(minutes: Minutes) -> bytes:
    """Result, participants, rules and every entry with its hash."""
    tongue = language()

    def money(amount: Decimal | None) -> str:
        return "" if amount is None else formats.money(amount, minutes.currency, tongue)

    def when(moment: object) -> str:
        local = moment.astimezone(zone_info())  # type: ignore[attr-defined]
        return str(local.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3])

    labels = {
        "kind": _("Minutes of a live auction"),
        "practice": _("Practice: nothing counts") if minutes.practice else "",
        "buyer": _("Buyer"), "opened": _("Opened"), "closed": _("Closed"), "state": _("State"),
        "result": _("Result"), "lot": _("Lot"), "rank": _("Rank"), "bidder": _("Bidder"), "amount": _("Amount"),
        "won": _("won"), "nobody": _("No bids."), "people": _("Who took part"), "accepted": _("Rules accepted"),
        "rules": _("The rules"), "log": _("Every entry of the log"), "number": _("No."), "time": _("Time"),
        "what": _("What"), "who": _("By"), "note": _("Note"), "hash": _("Hash of the entry"),
        "zone": _("Times in %(zone)s.", zone=current_zone()),
        "names": "" if minutes.named else _("Companies stand as letters; your own as “you”."),
        "head": _("Head of the log (SHA-256)"), "fingerprint": _("Fingerprint of the rules (SHA-256)"),
        "content": _("SHA-256 of these minutes"),
    }  # fmt: skip
    data = {
        "language": tongue,
        "labels": labels,
        "title": minutes.title,
        "reference": minutes.reference,
        "buyer": minutes.buyer,
        "state": str(PHASES[minutes.state]),
        "opened": when(minutes.opened_at),
        "closed": when(minutes.closed_at),
        "people": [{"name": name, "at": when(at) if at else "–"} for name, at in minutes.participants],
        "lots": [
            {
                "title": f"{lot.number} · {lot.title}",
                "rows": [
                    {"rank": str(row.rank), "who": row.who, "amount": money(row.amount), "won": row.won}
                    for row in lot.ranking
                ],
            }
            for lot in minutes.lots
        ],
        "rules": rules_in_words(minutes.rules),
        "rules_sha256": minutes.rules_sha256,
        "lines": [
            {
                "seq": str(line.seq), "at": when(line.at), "who": line.who, "amount": money(line.amount), "lot": line.lot,
                "what": str(KIND_WORDS.get(line.kind, line.kind)),
                "note": str(REASON_WORDS.get(line.reason, line.reason))
                + (sentence("bid_late" if line.code == "late" else line.code) if line.code else ""),
                "hash": line.hash[:12],
            }
            for line in minutes.lines
        ],
        "head": minutes.head,
        "sha256": minutes.sha256,
    }  # fmt: skip
    return render_pdf("minutes", data)
