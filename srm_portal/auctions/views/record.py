"""After the end: the minutes, and the replay with its time slider."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from srm_portal.auctions import queries, services
from srm_portal.auctions.forms import KIND_WORDS, REASON_WORDS, minutes_pdf, rules_in_words
from srm_portal.auctions.queries import Board, Minutes, Replayed
from srm_portal.auctions.views import bp
from srm_portal.auctions.views.screens import Heading, screen
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

OVER = ("closed", "cancelled")


@bp.get("/auctions/<auction_id>/minutes.json")
@requires("auction:read")
def minutes(auction_id: str) -> Response:
    """Who, what, when, with every hash; and the replay file that outsiders check."""
    board = _ended(auction_id)
    answer = jsonify(queries.minutes(current_actor(), auction_id))
    answer.headers["Content-Disposition"] = f'attachment; filename="{board.reference}-minutes.json"'
    return answer


def _ended(auction_id: str) -> Board:
    board = queries.board(current_actor(), auction_id, request_now())
    if board.state not in OVER:
        raise NotFound
    return board


@bp.get("/auctions/<auction_id>/minutes")
@requires("auction:read")
def minutes_page(auction_id: str) -> str:
    shown = queries.full_minutes(current_actor(), auction_id)
    return render_template(
        "auctions/minutes.html", minutes=shown, words=rules_in_words(shown.rules), kinds=KIND_WORDS, reasons=REASON_WORDS,
        may_run=current_actor().may("auction:run"), side="staff",
    )  # fmt: skip


@bp.get("/auctions/<auction_id>/minutes.pdf")
@requires("auction:read")
def minutes_paper(auction_id: str) -> Response:
    return _paper(queries.full_minutes(current_actor(), auction_id))


@bp.post("/auctions/<auction_id>/minutes/release")
@requires("auction:run")
def release_minutes(auction_id: str) -> Redirect:
    ActForm().validate_on_submit()
    try:
        services.release_minutes(current_actor(), auction_id, now=request_now())
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
    else:
        flash(_("The bidders have the minutes, without names."), "success")
    return redirect(url_for("auctions.minutes_page", auction_id=auction_id), 303)


@bp.get("/s/auctions/<auction_id>/minutes")
@requires("bid:place")
def own_minutes(auction_id: str) -> str:
    """What the buyer released: everything that was taken, with letters for the others."""
    shown = queries.released_minutes(current_actor(), auction_id)
    return render_template(
        "auctions/minutes.html", minutes=shown, words=rules_in_words(shown.rules), kinds=KIND_WORDS, reasons=REASON_WORDS,
        may_run=False, side="supplier",
    )  # fmt: skip


@bp.get("/s/auctions/<auction_id>/minutes.pdf")
@requires("bid:place")
def own_minutes_paper(auction_id: str) -> Response:
    return _paper(queries.released_minutes(current_actor(), auction_id))


@bp.get("/s/auctions/<auction_id>/minutes.json")
@requires("bid:place")
def own_minutes_data(auction_id: str) -> Response:
    shown = queries.released_minutes(current_actor(), auction_id)
    facts = {name: value for name, value in asdict(shown).items() if name not in ("rules", "auction_id")}
    answer = jsonify(_plain(facts))
    answer.headers["Content-Disposition"] = f'attachment; filename="{shown.reference}-minutes.json"'
    return answer


def _plain(value: Any) -> Any:
    """Figures as text, moments as the log writes them."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _paper(shown: Minutes) -> Response:
    answer = Response(minutes_pdf(shown), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{shown.reference}-minutes.pdf"'
    return answer


@bp.get("/auctions/<auction_id>/replay")
@requires("auction:read")
def replay(auction_id: str) -> str:
    """Each screen as it was after an entry of the log (`?seq=`), for the buyer, an observer or one bidder (`?as=`)."""
    text = request.args.get("seq", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
    moment = queries.replayed(current_actor(), auction_id, asked, request_now())
    board = moment.then
    viewers = ["buyer", "observer", *(alias for _id, alias, _name, _accepted in board.participants)]
    viewer = request.args.get("as", "buyer")
    viewer = viewer if viewer in viewers else "buyer"
    return render_template(
        "auctions/replay.html",
        board=board,
        frames=moment.frames,
        frame=moment.frames[moment.seq - 1] if moment.frames else None,
        seq=moment.seq,
        at_moment=moment.at,
        viewer=viewer,
        viewers=viewers,
        names={alias: name for _id, alias, name, _accepted in board.participants},
        kinds=KIND_WORDS,
        phases=queries.PHASES,
        log_sha256=moment.log_sha256,
        **_screen(moment, viewer),
    )


def _screen(moment: Replayed, viewer: str) -> dict[str, Any]:
    """What this viewer saw then, rebuilt from the log alone."""
    board, lot = moment.then, request.args.get("lot", "")
    if viewer == "buyer":
        return {"then": board, "chosen": next((each for each in board.lots if each.id == lot), board.lots[0])}
    if viewer == "observer":
        watched = queries.observer_screen(moment.known, moment.at)
        return {"watched": watched, "titles": {each.id: each.title for each in board.lots}}
    buyer = identity.organisation(board.project.organisation_id).name
    heading = Heading(board.id, board.title, board.reference, buyer, board.practice, board.simulated)
    return {"picture_of": screen(moment.known, viewer, moment.at, heading, lot)}
