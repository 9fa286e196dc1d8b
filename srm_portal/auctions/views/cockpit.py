"""The buyer's cockpit: the board, and the acts on it."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.forms import (
    KIND_WORDS,
    REASON_WORDS,
    SCENE_WORDS,
    ControlForm,
    MessageForm,
    SurrogateForm,
    rules_in_words,
)
from srm_portal.auctions.queries import Board
from srm_portal.auctions.views import bp
from srm_portal.auctions.views.screens import Heading, screen
from srm_portal.identity import queries as identity
from srm_portal.infra.sheets import csv_bytes
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.money import plain
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


def _context(auction_id: str) -> dict[str, Any]:
    actor, now = current_actor(), request_now()
    board = queries.board(actor, auction_id, now)
    asked = request.args.get("lot", "")
    chosen = next((lot for lot in board.lots if lot.id == asked), board.lots[0])
    online = queries.links(board.id, [one[0] for one in board.participants])
    return {
        "board": board,
        "project": board.project,
        "chosen": chosen,
        "chart": queries.chart(chosen),
        "online": online,
        "phases": queries.PHASES,
        "kinds": KIND_WORDS,
        "reasons": REASON_WORDS,
        "messages": queries.messages(board.id) if board.state != "draft" else [],
        "may_run": actor.may("auction:run"),
        "key": secrets.token_hex(16),
    }


def _draft(board: Board) -> dict[str, Any]:
    """Warnings, the rules in the language asked for, and the screen of the bidder asked for."""
    known = queries.unplayed(store.live(board.id))
    asked, scene = request.args.get("as", ""), request.args.get("scene", "")
    viewer = asked if asked in known.suppliers else board.participants[0][1]
    scene = scene if scene in queries.SCENES else "bidding"
    spoken = request.args.get("words", "")
    spoken = spoken if spoken in current_app.config["LANGUAGES"] else language()
    with force_locale(spoken):
        words = rules_in_words(board.rules)
    heading = Heading(
        "", board.title, board.reference, identity.organisation(board.project.organisation_id).name, board.practice
    )
    at = queries.played(known, scene)
    return {
        "words": words,
        "words_in": spoken,
        "warned": services.advice(known.initial, list(known.lot_facts.values()), known.bidders),
        "viewer": viewer,
        "scene": scene,
        "scenes": SCENE_WORDS.items(),
        "example": screen(known, viewer, at, heading),
    }


@bp.get("/auctions/<auction_id>")
@requires("auction:read")
def cockpit(auction_id: str) -> str:
    context = _context(auction_id)
    board = context["board"]
    if board.state in ("draft", "discarded"):
        return render_template("auctions/draft.html", **_draft(board), **context)
    return render_template("auctions/cockpit.html", words=rules_in_words(board.rules), **context)


@bp.get("/auctions/<auction_id>/board")
@requires("auction:read")
def board(auction_id: str) -> str:
    """The moving part of the cockpit, read anew after each push."""
    return render_template("auctions/_update.html", **_context(auction_id))


@bp.get("/auctions/<auction_id>/log.csv")
@requires("auction:read")
def log_file(auction_id: str) -> Response:
    """The event log as the board shows it, for a spreadsheet; a blind board gives letters."""
    board = queries.board(current_actor(), auction_id, request_now())
    head = [_("Entry"), _("Time (UTC)"), _("What"), _("Lot"), _("By"), _("Amount"), _("Reason")]
    rows = [
        [line.seq, line.at.isoformat(timespec="milliseconds"), str(KIND_WORDS.get(line.kind, line.kind)), line.lot or "",
         line.who, line.amount, str(REASON_WORDS.get(line.reason, line.reason))]
        for line in board.log
    ]  # fmt: skip
    answer = Response(csv_bytes(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{board.reference}-log.csv"'
    return answer


def _back(auction_id: str) -> Response:
    lot = request.args.get("lot") or request.form.get("lot") or None
    return redirect(url_for("auctions.cockpit", auction_id=auction_id, lot=lot))


@bp.post("/auctions/<auction_id>/<act>")
@requires("auction:run")
def control(auction_id: str, act: str) -> Answer:
    """One act with its reason; refusals are told on the cockpit."""
    form, actor, now = ControlForm(), current_actor(), request_now()
    if not form.validate_on_submit():
        for errors in form.errors.values():
            for error in errors:
                flash(str(error), "error")
        return _back(auction_id)
    reason, lot = form.reason.data or "", form.lot.data or None
    try:
        match act:
            case "pause":
                services.pause(actor, auction_id, reason=reason, now=now)
            case "resume":
                services.resume(actor, auction_id, now=now)
            case "extend":
                services.extend(actor, auction_id, form.seconds.data or 120, reason=reason, lot=lot, now=now)
            case "close":
                services.close(actor, auction_id, reason=reason, lot=lot, now=now)
            case "reopen":
                seconds = form.seconds.data or 300
                services.reopen(actor, auction_id, reason=reason, lot=lot, seconds=seconds, now=now)
            case "cancel":
                services.cancel(actor, auction_id, reason=reason, now=now)
            case "remove":
                services.remove_bid(actor, auction_id, form.seq.data or 0, reason=reason, now=now)
            case "block" | "unblock":
                services.block(
                    actor, auction_id, form.supplier.data or "", reason=reason, blocked=act == "block", now=now
                )  # fmt: skip
            case "open":
                services.open_seals(actor, auction_id, lot=lot, live_s=form.seconds.data, now=now)
            case _:
                raise NotFound
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
        return _back(auction_id)
    flash(_("Done; it stands in the log, and the bidders are told."), "success")
    return _back(auction_id)


@bp.post("/auctions/<auction_id>/message")
@requires("auction:run")
def message(auction_id: str) -> Answer:
    form = MessageForm()
    if form.apply(
        lambda: services.send_message(
            current_actor(), auction_id, form.text.data or "", supplier_id=form.to.data or None, now=request_now()
        )
    ):
        flash(_("Sent."), "success")
    else:
        flash(_("The message was empty or too long."), "error")
    return _back(auction_id)


@bp.post("/auctions/<auction_id>/surrogate")
@requires("auction:run")
def surrogate(auction_id: str) -> Answer:
    form = SurrogateForm()
    if form.apply(
        lambda: services.surrogate_bid(
            current_actor(),
            auction_id,
            form.lot.data or "",
            form.supplier.data or "",
            plain(form.amount.data or Decimal(0)),
            evidence=form.evidence.data or "",
            key=form.key.data or "",
            now=request_now(),
        )
    ):
        flash(_("The bid is placed for the company; it is marked as yours."), "success")
        return _back(auction_id)
    for text in [*form.form_errors, *(str(each) for errors in form.errors.values() for each in errors)]:
        flash(text, "error")
    return _back(auction_id)
