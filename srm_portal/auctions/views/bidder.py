"""The bidder's side: their auctions, the lobby with the rules, the room, and bidding by plain form."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import flash, get_flashed_messages, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.forms import KIND_WORDS, MessageForm, rules_in_words
from srm_portal.auctions.queries import Seat
from srm_portal.auctions.views import bp
from srm_portal.auctions.views.screens import lots_shown
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.money import plain
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


@bp.get("/s/auctions")
@requires("bid:place")
def mine() -> str:
    actor, now = current_actor(), request_now()
    return render_template("auctions/mine.html", rows=queries.of_supplier(actor, now), phases=queries.PHASES)


def _room(seat: Seat, now: datetime) -> dict[str, Any]:
    known = store.live(seat.auction_id)
    view = queries.snapshot(known, seat.alias, now)
    lots = lots_shown(known, view, seat.auction_id)
    asked = request.args.get("lot", "")
    chosen = next((lot for lot in lots if lot["id"] == asked), lots[0])
    return {
        "auction": seat.auction_id,
        "lot": chosen["id"],
        "lots": lots,
        "view": view,
        "server_ms": view["server_ms"],
        "state": view["state"],
        "paused_by": view["paused_by"],
        "packages": view["packages"],
        "buyer": identity.organisation(seat.organisation_id).name,
        "reference": seat.reference,
        "back_url": url_for("auctions.mine"),
        "bid_url": url_for("auctions.bid", auction_id=seat.auction_id, lot=chosen["id"]),
        "accept_url": url_for("auctions.accept_price", auction_id=seat.auction_id, lot=chosen["id"]),
        "request_id": secrets.token_hex(16),
        "receipts_url": url_for("auctions.receipts", auction_id=seat.auction_id),
        "automatic_url": url_for("auctions.automatic", auction_id=seat.auction_id),
        "withdraw_url": url_for("auctions.withdraw", auction_id=seat.auction_id),
        "may_automate": seat.rules.format == "english",
        "has_rank": seat.rules.visibility.rank,
        "practice": seat.practice,
        "simulated": seat.simulated,
        "help": seat.contact,
        "phone": seat.phone,
        "flashes": get_flashed_messages(with_categories=True),
        "format": seat.rules.format,
        "without_tax": seat.rules.without_tax,
    }


@bp.get("/s/auctions/<auction_id>")
@requires("bid:place")
def room(auction_id: str) -> Answer:
    """The lobby until the rules are accepted and the first lot opens; then the room."""
    actor, now = current_actor(), request_now()
    seat = queries.seat(actor, auction_id)
    opens = seat.opens_at
    if seat.must_accept or now < _first_moment(seat):
        return render_template(
            "auctions/lobby.html",
            seat=seat,
            words=rules_in_words(seat.rules),
            buyer=identity.organisation(seat.organisation_id).name,
            server_ms=int(now.timestamp() * 1000),
            opens_ms=int(opens.timestamp() * 1000),
            practice_id=None if seat.practice else queries.practice_for(actor, seat.project_id, now),
            messages=queries.messages(seat.auction_id, actor.supplier_id),
        )
    shown = _room(seat, now)
    told = [one for one in queries.messages(seat.auction_id, actor.supplier_id) if one.from_buyer]
    shown["told"] = told[0].text if told else None
    template = "auctions/clock_room.html" if seat.rules.has_clock else "auctions/room.html"
    return render_template(template, room=shown)


def _first_moment(seat: Seat) -> datetime:
    known = store.live(seat.auction_id)
    return datetime.fromtimestamp(min(lot.open.timestamp() for lot in known.state.lots.values()) - _early(seat), UTC)


def _early(seat: Seat) -> int:
    return 0 if seat.rules.has_clock or seat.rules.format == "rounds" else seat.rules.prebid_s


@bp.post("/s/auctions/<auction_id>/accept")
@requires("bid:place")
def accept_terms(auction_id: str) -> Answer:
    ActForm().validate_on_submit()
    try:
        services.accept_terms(
            current_actor(), auction_id, sha256=request.form.get("sha256", ""), now=request_now()
        )  # fmt: skip
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
    else:
        flash(_("You accepted the rules. The room opens by itself."), "success")
    return redirect(url_for("auctions.room", auction_id=auction_id))


def _told(refused: Refused) -> str:
    """The sentence of a refused bid, with the next valid amount in the reader's spelling."""
    code = "bid_late" if refused.code == "late" else refused.code
    text = sentence(code)
    valid = refused.facts.get("next_valid")
    if valid:
        text += " " + _("Nearest valid amount: %(amount)s", amount=formats.number(Decimal(valid), language()))
    return text


@bp.post("/s/auctions/<auction_id>/bid")
@requires("bid:place")
def bid(auction_id: str) -> Answer:
    """A bid by plain form: the same service, the same key rules; a large change is asked back."""
    ActForm().validate_on_submit()
    actor, now, typed = current_actor(), request_now(), request.form.get("amount", "").strip()
    lot = request.form.get("lot", "")
    seat = queries.seat(actor, auction_id)
    here = redirect(url_for("auctions.room", auction_id=auction_id, lot=lot), 303)
    try:
        amount = plain(formats.parse_number(typed, language()))
    except ValueError:
        flash(sentence("not_a_number", value=typed, example=formats.number(Decimal("1234.50"), language())), "error")
        return here
    key = request.form.get("request_id", "")
    try:
        receipt = services.place_bid(
            actor, auction_id, lot, amount, key=key, confirm=bool(request.form.get("confirmed")), now=now
        )  # fmt: skip
    except Refused as refused:
        if refused.code != "needs_confirmation":
            flash(_told(refused), "error")
            return here
        view = queries.snapshot(store.live(auction_id), seat.alias, now)
        own = view["mine"][lot]["own"]
        return render_template(
            "auctions/confirm_bid.html", seat=seat, lot=lot, typed=typed, new=Decimal(amount), old=Decimal(own), key=key
        ), 422
    shown = formats.money(Decimal(receipt.amount), seat.rules.currency, language())
    flash(_("Your bid of %(amount)s is confirmed.", amount=shown), "success")
    return here


@bp.post("/s/auctions/<auction_id>/accept-price")
@requires("bid:place")
def accept_price(auction_id: str) -> Answer:
    """Accept the clock's price by plain form."""
    ActForm().validate_on_submit()
    lot, text = request.form.get("lot", ""), request.form.get("tick", "")
    tick = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    try:
        receipt = services.accept_price(
            current_actor(), auction_id, lot, tick, key=request.form.get("request_id", ""), now=request_now()
        )  # fmt: skip
    except Refused as refused:
        flash(_told(refused), "error")
    else:
        seat = queries.seat(current_actor(), auction_id)
        shown = formats.money(Decimal(receipt.amount), seat.rules.currency, language())
        flash(_("You accepted %(amount)s.", amount=shown), "success")
    return redirect(url_for("auctions.room", auction_id=auction_id, lot=lot), 303)


def _act(auction_id: str, act: Callable[[], object], done: str) -> Response:
    """A bidder's plain button: its refusal, or what was done, is told in the room."""
    ActForm().validate_on_submit()
    try:
        act()
    except Refused as refused:
        flash(_told(refused), "error")
    else:
        flash(done, "success")
    return redirect(url_for("auctions.room", auction_id=auction_id, lot=request.form.get("lot", "")), 303)


@bp.post("/s/auctions/<auction_id>/withdraw")
@requires("bid:place")
def withdraw(auction_id: str) -> Answer:
    """Take a sealed bid back, until the close."""
    key, lot = request.form.get("request_id", ""), request.form.get("lot", "")
    return _act(
        auction_id,
        lambda: services.withdraw_bid(current_actor(), auction_id, lot, key=key, now=request_now()),
        _("Your sealed bid is withdrawn."),
    )


@bp.post("/s/auctions/<auction_id>/automatic")
@requires("bid:place")
def automatic(auction_id: str) -> Answer:
    """Automatic bidding down to a limit that nobody else learns; without a limit it ends."""
    key, lot = request.form.get("request_id", ""), request.form.get("lot", "")
    typed = {name: request.form.get(name, "").strip() for name in ("limit", "step")}
    if request.form.get("end"):
        return _act(
            auction_id,
            lambda: services.cancel_proxy(current_actor(), auction_id, lot, key=key, now=request_now()),
            _("Automatic bidding has ended. Your last bid stands."),
        )
    try:
        limit, step = (plain(formats.parse_number(text, language())) for text in typed.values())
    except ValueError:
        example = formats.number(Decimal("1234.50"), language())
        flash(sentence("not_a_number", value=" / ".join(typed.values()), example=example), "error")
        return redirect(url_for("auctions.room", auction_id=auction_id, lot=lot), 303)
    return _act(
        auction_id,
        lambda: services.set_proxy(current_actor(), auction_id, lot, limit, step, key=key, now=request_now()),
        _("The portal bids for you, down to your limit. Nobody else learns it."),
    )


@bp.get("/s/auctions/<auction_id>/receipts")
@requires("bid:place")
def receipts(auction_id: str) -> str:
    """A company's own acts with their hashes: what it can hold against the minutes."""
    actor = current_actor()
    seat = queries.seat(actor, auction_id)
    return render_template(
        "auctions/receipts.html", seat=seat, rows=queries.own_entries(actor, auction_id), kinds=KIND_WORDS
    )  # fmt: skip


@bp.post("/s/auctions/<auction_id>/message")
@requires("bid:place")
def ask_buyer(auction_id: str) -> Answer:
    form = MessageForm()
    if form.apply(
        lambda: services.send_message(current_actor(), auction_id, form.text.data or "", now=request_now())
    ):  # fmt: skip
        flash(_("The buyer has your message."), "success")
    else:
        flash(_("The message was empty or too long."), "error")
    return redirect(url_for("auctions.room", auction_id=auction_id), 303)
