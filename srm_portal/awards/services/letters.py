"""Letters to every bidder: what was decided, why, what they scored, who won as far as policy allows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from srm_portal.awards import queries
from srm_portal.awards.models import Award, AwardLetter
from srm_portal.evaluation import queries as evaluation
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.pdf import render_pdf
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.notifications.services import notify
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats

Text = dict[str, Any]


def bidders(project_id: str) -> dict[str, str]:
    """Everybody whose offer was opened or who has a standing amount: id -> name."""
    event = sourcing.main_event(project_id)
    found = {one.supplier_id: one.supplier_name for one in (offers.opened(event.id, lines=False) if event else [])}
    return found | {one.supplier_id: one.supplier_name for one in queries.options(project_id)}


def drafts(view: queries.AwardView, project: sourcing.ProjectView, until: datetime | None) -> list[queries.LetterView]:
    """Every letter as it would be sent now, winners first."""
    found = []
    names = bidders(project.id)
    people = identity.supplier_people(project.organisation_id, sorted(names))
    for supplier_id, name in sorted(names.items(), key=lambda pair: (pair[0] not in view.suppliers, pair[1])):
        language = people[supplier_id][0].language if people[supplier_id] else _own_language(project)
        zone = people[supplier_id][0].zone if people[supplier_id] else "UTC"
        with force_locale(language):
            text = write(view, project, supplier_id, name, until, language, zone)
        kind = "won" if supplier_id in view.suppliers else "lost"
        digest = sha256_hex(canonical(text))
        found.append(queries.LetterView("", view.id, supplier_id, name, kind, language, text, digest, None))
    return found


def _own_language(project: sourcing.ProjectView) -> str:
    return str(identity.organisation(project.organisation_id).language)


def kept_drafts(view: queries.AwardView) -> list[queries.LetterView]:
    """The letters as they were drafted with the proposal."""
    return [queries.LetterView("", view.id, sent_at=None, **one) for one in view.drafts]


def draft(row: Award, project: sourcing.ProjectView) -> list[dict[str, Any]]:
    """With the proposal: every letter as plain values, for the manager to read."""
    kept = ("supplier_id", "supplier_name", "kind", "language", "text", "sha256")
    return [{name: getattr(one, name) for name in kept} for one in drafts(queries.award_by_id(row.id), project, None)]


def write(
    view: queries.AwardView,
    project: sourcing.ProjectView,
    supplier_id: str,
    name: str,
    until: datetime | None,
    language: str,
    zone: str,
) -> Text:
    """One letter in the language in force, as plain texts."""
    organisation = identity.organisation(project.organisation_id)
    lots = {lot.id: lot for lot in sourcing.lots(project.id)}
    won = [line for line in view.lines if line.supplier_id == supplier_id]
    lost = [lot for lot in lots.values() if all(line.lot_id != lot.id for line in won)]
    paragraphs = [
        _("Thank you for your offer for “%(title)s” (%(reference)s).", title=project.title, reference=project.reference)
    ]
    for line in sorted(won, key=lambda one: lots[one.lot_id].number):
        paragraphs.append(_won_sentence(line, lots[line.lot_id], view.currency, language))
    if lost:
        paragraphs += _lost_sentences(view, lost, won=bool(won), language=language)
    reason = _reason(project.id, supplier_id)
    paragraphs += [one for one in (reason, view.reasons.get(supplier_id, "")) if one]
    if until is not None and view.standstill_days:
        paragraphs.append(
            _(
                "The contract is not signed before %(moment)s. Until then you may object; write to us in the portal.",
                moment=formats.moment(until, language, zone),
            )
        )
    elif view.standstill_days:
        paragraphs.append(_("A standstill of %(days)s days begins with the decision.", days=view.standstill_days))
    return {
        "title": _("Award decision: %(title)s", title=project.title),
        "reference": view.reference,
        "buyer": organisation.name,
        "to": name,
        "paragraphs": paragraphs,
        "table": _own_marks(project.id, supplier_id, language) if view.telling.get("scores", True) else None,
        "closing": _("%(buyer)s, purchasing", buyer=organisation.name),
        "note": _("You can read this letter in the portal, ask how your offer was judged, and keep it as a PDF."),
    }


def _won_sentence(line: queries.AwardLineView, lot: sourcing.LotView, currency: str, language: str) -> str:
    amount = formats.money(line.amount, currency, language)
    if line.share != 1:
        return _(
            "You are to be awarded %(share)s of lot %(number)s, %(title)s, at %(amount)s.",
            share=formats.percent(line.share, language, 2),
            number=lot.number,
            title=lot.title,
            amount=amount,
        )
    return _(
        "You are to be awarded lot %(number)s, %(title)s, at %(amount)s.",
        number=lot.number,
        title=lot.title,
        amount=amount,
    )


def _lost_sentences(view: queries.AwardView, lots: list[sourcing.LotView], *, won: bool, language: str) -> list[str]:
    """Who won what this bidder did not, as far as the award tells."""
    if not view.telling.get("winner", True):
        numbers = ", ".join(str(lot.number) for lot in lots)
        if won:
            return [_("The other lots (%(numbers)s) are awarded to other bidders.", numbers=numbers)]
        return [_("Your offer was not chosen.")]
    found = [] if won else [_("Your offer was not chosen.")]
    for lot in lots:
        lines = [line for line in view.lines if line.lot_id == lot.id]
        names = ", ".join(sorted({line.supplier_name for line in lines}))
        total = sum((line.amount for line in lines), Decimal(0))
        if view.telling.get("price"):
            amount = formats.money(total, view.currency, language)
            found.append(
                _(
                    "Lot %(number)s, %(title)s, is awarded to %(names)s at %(amount)s.",
                    number=lot.number,
                    title=lot.title,
                    names=names,
                    amount=amount,
                )
            )
        else:
            found.append(
                _(
                    "Lot %(number)s, %(title)s, is awarded to %(names)s.",
                    number=lot.number,
                    title=lot.title,
                    names=names,
                )
            )
    return found


def _reason(project_id: str, supplier_id: str) -> str:
    """How this offer came out in the ranking, in a sentence."""
    ranking = evaluation.ranking(project_id)
    row = next((one for one in ranking.rows if one.supplier_id == supplier_id), None) if ranking else None
    if ranking is None or row is None:
        return ""
    if row.rank is None:
        criteria = ", ".join(row.knocked_out)
        return _("Your offer was excluded: it does not meet the stated minimum for %(criteria)s.", criteria=criteria)
    count = sum(1 for one in ranking.rows if one.rank is not None)
    return _(
        "By the published criteria your offer has %(score)s of 100 points: rank %(rank)s of %(count)s.",
        score=row.score,
        rank=row.rank,
        count=count,
    )


def _own_marks(project_id: str, supplier_id: str, language: str) -> Text | None:
    """The bidder's own points for each criterion, of how many."""
    ranking = evaluation.ranking(project_id)
    row = next((one for one in ranking.rows if one.supplier_id == supplier_id), None) if ranking else None
    if ranking is None or row is None or len(row.contributions) != len(ranking.criteria):
        return None
    rows = [
        [name, formats.number(points, language), formats.number(weight, language)]
        for name, points, weight in zip(ranking.criteria, row.contributions, ranking.weights, strict=True)
    ]
    return {
        "head": [_("Criterion"), _("Your points"), _("Of")],
        "rows": [*rows, [_("Total"), formats.number(row.percent, language, 1), "100"]],
    }


def send(row: Award, project: sourcing.ProjectView, now: datetime) -> None:
    """Inside the approval: keep every letter, mail it to the bidder's people, and tell them in the portal."""
    view = queries.award_by_id(row.id)
    people = identity.supplier_people(row.organisation_id, sorted(bidders(project.id)))
    for letter in drafts(view, project, row.standstill_until):
        db.session.add(
            AwardLetter(
                award_id=row.id,
                supplier_id=letter.supplier_id,
                kind=letter.kind,
                language=letter.language,
                text=letter.text,
                sha256=letter.sha256,
                sent_at=now,
            )
        )
        path = f"/s/awards/{row.id}"
        users = [one for one in people[letter.supplier_id] if one.state != "disabled"]
        winners = ", ".join(sorted(set(view.suppliers.values()))) if view.telling.get("winner", True) else ""
        kind = {"won": "award_won", "lost": "award_lost" if winners else "award_lost_unnamed"}[letter.kind]
        notify(
            [one.id for one in users],
            kind,
            path=path,
            now=now,
            about=row.id,
            mail=False,
            title=project.title,
            winners=winners,
        )
        for person in users:
            queue_mail(
                "award_letter",
                person.email,
                language=letter.language,
                now=now,
                organisation_id=row.organisation_id,
                user_id=person.id,
                about=row.id,
                name=person.name,
                letter=letter.text,
                link=current_app.config["PUBLIC_URL"] + path,
            )
    db.session.flush()


def pdf(letter: queries.LetterView, day: str) -> bytes:
    """The letter on paper: the same letter gives the same bytes."""
    labels = {"to": _("To"), "reference": _("Reference")}
    data = letter.text | {"day": day, "language": letter.language, "sha256": letter.sha256, "labels": labels}
    return render_pdf("letter", data)
