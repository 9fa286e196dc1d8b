"""The supplier's offer: write, fill from a sheet, attach, check, hand in, withdraw."""

from __future__ import annotations

import base64
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.infra.gateways import gateway
from srm_portal.infra.sheets import xlsx_bytes
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import InputError, Refused
from srm_portal.kernel.measure import UNITS
from srm_portal.offers import forms, queries, services
from srm_portal.offers.domain.answer import total_of
from srm_portal.offers.domain.asked import Asked
from srm_portal.offers.forms import TypedOffer, UploadForm
from srm_portal.offers.ports import SheetReader
from srm_portal.offers.queries import OwnOffer
from srm_portal.offers.views import bp
from srm_portal.offers.views.answers import XLSX, attachment
from srm_portal.offers.views.proof import proof_archive
from srm_portal.sourcing.views.timetable import calendar_file
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import problem_sentence, sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language
from srm_portal.web.zone import current_zone

Answer = str | Response | tuple[str | dict[str, str], int]
SHEET_BYTES_MAX = 4 * 1024 * 1024


def _page(own: OwnOffer, read: TypedOffer, form: ActForm | None = None, messages: list[str] | None = None) -> str:
    return render_template(
        "offers/edit.html",
        own=own,
        read=read,
        form=form or ActForm(formdata=None),
        upload=UploadForm(formdata=None),
        messages=messages or [],
        total=total_of(read.answer, own.asked),
    )


def _sentences(read: TypedOffer, asked: Asked) -> list[str]:
    """Every wrong cell in words: line, what is wrong."""
    titles = {line.id: f"{line.number}. {line.title}" for line in asked.lines}
    found = []
    for problem in read.problems:
        title = titles.get(problem.field.partition("-")[2])
        text = problem_sentence(problem)
        found.append(_("Line %(line)s: %(text)s", line=title, text=text) if title else text)
    return found


@bp.route("/s/events/<event_id>/offer", methods=["GET", "POST"])
@requires("offer:submit")
def edit(event_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    own = queries.own_offer(actor, event_id)
    if own.event.phase(now) != "open" and request.method == "GET":
        return redirect(url_for("offers.receipt", event_id=event_id))
    if request.method == "GET":
        return _page(own, forms.as_typed(own.draft, own.asked, language()))
    read, form = forms.read_offer(request.form, own.asked, language(), now.date()), ActForm()
    if read.problems:
        return _page(own, read, form, _sentences(read, own.asked)), 422

    def act() -> None:
        services.save_draft(actor, event_id, read.answer, version=form.seen_version, now=now)

    if form.apply(act):
        if request.form.get("go") == "check":
            return redirect(url_for("offers.check", event_id=event_id))
        flash(_("Saved. Nobody but you can read it."), "success")
        return redirect(url_for("offers.edit", event_id=event_id))
    return _page(own, read, form), 422


@bp.post("/s/events/<event_id>/offer/draft")
@requires("offer:submit")
def autosave(event_id: str) -> Answer:
    """What the form sends by itself: right cells are kept, wrong ones are told; answered with a line of text."""
    actor, now = current_actor(), request_now()
    own = queries.own_offer(actor, event_id)
    read, form = forms.read_offer(request.form, own.asked, language(), now.date()), ActForm()
    keep = forms.saveable(read, own.draft, own.asked)
    saved: list[int] = []

    def act() -> None:
        saved.append(services.save_draft(actor, event_id, keep, version=form.seen_version, now=now))

    if not form.apply(act):
        return render_template("offers/_saved.html", saved=None, text=" ".join(map(str, form.form_errors))), 422
    at = formats.clock_time(now, language(), current_zone())[:5]
    text = _("Saved %(at)s", at=at)
    if read.problems:
        text += " · " + _("not saved: %(what)s", what="; ".join(_sentences(read, own.asked)[:3]))
    return render_template("offers/_saved.html", saved=saved[0], text=text)


@bp.get("/s/events/<event_id>/offer/lines.xlsx")
@requires("offer:submit")
def sheet(event_id: str) -> Response:
    own = queries.own_offer(current_actor(), event_id)
    headings = [heading for _name, heading in forms.sheet_headings(own.draft.terms.currency or own.asked.currency)]
    rows = forms.sheet_rows(own.draft, own.asked, lambda code: str(UNITS.get(code, code)), language())
    return attachment(xlsx_bytes(own.event.reference, headings, rows), f"{own.event.reference}.xlsx", XLSX)


@bp.post("/s/events/<event_id>/offer/sheet")
@requires("offer:submit")
def fill(event_id: str) -> Answer:
    """Take the lines from a filled sheet. One wrong cell and nothing is saved; the form shows the sheet's values."""
    actor, now, form = current_actor(), request_now(), UploadForm()
    own = queries.own_offer(actor, event_id)
    before = forms.as_typed(own.draft, own.asked, language())
    file = request.files.get("file")
    if not form.validate_on_submit() or file is None or not file.filename:
        return _page(own, before, messages=[sentence("file_missing")]), 422
    try:
        rows = gateway(SheetReader)(file.stream.read(SHEET_BYTES_MAX + 1))  # type: ignore[type-abstract]
    except InputError as error:
        return _page(own, before, messages=[_("The file cannot be read: %(remedy)s", remedy=error.remedy)]), 422
    typed, faults = forms.read_sheet(rows, before, own.asked, language())
    read = forms.read_offer(typed, own.asked, language(), now.date())
    messages = [_in_sheet(fault) for fault in faults] + _sentences(read, own.asked)
    if messages:
        return _page(own, read, messages=messages), 422
    services.save_draft(actor, event_id, read.answer, version=own.draft_version, now=now)
    flash(_("The lines of the sheet are in your offer."), "success")
    return redirect(url_for("offers.edit", event_id=event_id))


def _in_sheet(fault: Any) -> str:
    text = problem_sentence(fault)
    return _("Row %(row)s of the sheet: %(text)s", row=fault.row, text=text) if fault.row else text


@bp.post("/s/events/<event_id>/offer/files")
@requires("offer:submit")
def attach(event_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    json = request.accept_mimetypes.best == "application/json"
    if ActForm().validate_on_submit():
        try:
            envelope = "price" if request.form.get("envelope") == "price" else "technical"
            services.attach_file(actor, event_id, request.files.get("file"), envelope=envelope, now=now)
        except Refused as refusal:
            if json:
                return {"text": sentence(refusal.code, **refusal.facts)}, 422
            own = queries.own_offer(actor, event_id)
            read = forms.as_typed(own.draft, own.asked, language())
            return _page(own, read, messages=[sentence(refusal.code, **refusal.facts)]), 422
        if json:
            return {"text": _("Attached, encrypted.")}, 200
        flash(_("The file is attached, encrypted. It was not scanned for viruses."), "success")
    return redirect(url_for("offers.edit", event_id=event_id, _anchor="files"))


@bp.get("/s/events/<event_id>/offer/files/<file_id>")
@requires("offer:submit")
def own_file(event_id: str, file_id: str) -> Response:
    meta, plain = queries.own_attachment(current_actor(), event_id, file_id)
    return attachment(plain, meta.name, meta.media_type)


@bp.post("/s/events/<event_id>/offer/files/<file_id>/remove")
@requires("offer:submit")
def remove_file(event_id: str, file_id: str) -> Answer:
    if ActForm().validate_on_submit():
        services.remove_file(current_actor(), event_id, file_id, now=request_now())
        flash(_("The file is no longer part of your offer."), "success")
    return redirect(url_for("offers.edit", event_id=event_id, _anchor="files"))


@bp.get("/s/events/<event_id>/offer/check")
@requires("offer:submit")
def check(event_id: str) -> Answer:
    own = queries.own_offer(current_actor(), event_id)
    if own.event.phase(request_now()) != "open":
        return redirect(url_for("offers.receipt", event_id=event_id))
    return render_template("offers/check.html", own=own, total=total_of(own.draft, own.asked))


@bp.post("/s/events/<event_id>/offer/submit")
@requires("offer:submit")
def submit(event_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        return redirect(url_for("offers.check", event_id=event_id))
    handed_in = services.hand_in(current_actor(), event_id, now=request_now())
    if handed_in.kept is not None:
        return _keep_page(event_id, handed_in.kept)
    flash(_("Your offer is handed in and sealed. This is your receipt."), "success")
    return redirect(url_for("offers.receipt", event_id=event_id))


def _keep_page(event_id: str, kept: bytes) -> str:
    """The only time that the supplier's own copy exists here: in this answer, to be saved."""
    own, said = queries.own_offer(current_actor(), event_id), from_canonical(kept)
    assert own.submission is not None
    files = {
        "receipt.json": said["receipt"].encode(),
        "offer.json": said["offer"].encode(),
        "nonce.txt": said["nonce"].encode(),
        "keep.json": kept,
    }
    archive = base64.b64encode(proof_archive(files, said["nonce"])).decode()
    name = f"{own.event.reference}-v{own.submission.version}.zip"
    return render_template("offers/keep.html", own=own, archive=archive, name=name)


@bp.post("/s/events/<event_id>/offer/restore")
@requires("offer:submit")
def restore(event_id: str) -> Answer:
    """Bring the kept file back: the draft and the files' keys are here again, until the next version is handed in."""
    actor, now, form = current_actor(), request_now(), UploadForm()
    own = queries.own_offer(actor, event_id)
    file = request.files.get("file")
    if not form.validate_on_submit() or file is None or not file.filename:
        return _page(own, forms.as_typed(own.draft, own.asked, language()), messages=[sentence("file_missing")]), 422
    try:
        kept = forms.read_kept(file.stream.read(SHEET_BYTES_MAX + 1))
        services.restore_draft(actor, event_id, kept, version=own.draft_version, now=now)
    except Refused as refusal:
        read = forms.as_typed(own.draft, own.asked, language())
        return _page(own, read, messages=[sentence(refusal.code, **refusal.facts)]), 422
    flash(
        _("Your offer is here again and can be changed. What was handed in stands until you hand in anew."), "success"
    )
    return redirect(url_for("offers.edit", event_id=event_id))


@bp.get("/s/events/<event_id>/timetable.ics")
@requires("offer:submit")
def timetable(event_id: str) -> Response:
    return calendar_file(queries.invited_event(current_actor(), event_id), request_now())


@bp.post("/s/events/<event_id>/offer/help")
@requires("offer:submit")
def ask_for_help(event_id: str) -> Answer:
    form = ReasonForm()
    services.ask_for_help(current_actor(), event_id, form.reason.data or "", now=request_now())
    flash(_("The buyer is told that you need help, and how to reach you."), "success")
    return redirect(url_for("offers.edit", event_id=event_id))


@bp.post("/s/events/<event_id>/offer/confirm")
@requires("offer:submit")
def confirm(event_id: str) -> Answer:
    """After an amendment: what was handed in still holds."""
    if ActForm().validate_on_submit():
        services.confirm_offer(current_actor(), event_id, now=request_now())
        flash(_("Confirmed: your offer holds for what is asked now."), "success")
    return redirect(url_for("offers.receipt", event_id=event_id))


@bp.post("/s/events/<event_id>/offer/withdraw")
@requires("offer:submit")
def withdraw(event_id: str) -> Answer:
    if ActForm().validate_on_submit():
        services.withdraw_offer(current_actor(), event_id, now=request_now())
        flash(_("Your offer is withdrawn and stays sealed. Until the deadline you can hand in another."), "success")
    return redirect(url_for("offers.edit", event_id=event_id))
