"""The bidder's side: their auctions, the lobby with the rules, the room, and bidding by plain form."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import flash, get_flashed_messages, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.forms import MessageForm, rules_in_words
from srm_portal.auctions.queries import Seat
from srm_portal.auctions.views import bp
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.money import plain
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language
from srm_portal.web.zone import zone_info

Answer = str | Response | tuple[str, int]


@bp.get("/s/auctions")
@requires("bid:place")
def mine() -> str:
    actor, now = current_actor(), request_now()
    return render_template("auctions/mine.html", rows=queries.of_supplier(actor, now), phases=queries.PHASES)


def _words(line: dict[str, Any]) -> str:
    """A line of the activity list for pages without script."""
    if line["kind"] == "bid":
        return _("Your bid") if line["own"] else _("Another bidder")
    words = {
        "extension": _("Time extended"),
        "pause": _("Paused"),
        "resume": _("Resumed"),
        "open": _("Opened"),
        "close": _("Closed"),
        "removed": _("Your bid was removed"),
    }
    return words[line["kind"]]


def _clock_text(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone_info()).strftime("%H:%M:%S")


def _lots(seat: Seat, view: dict[str, Any]) -> list[dict[str, Any]]:
    """The view's lots as the page's first picture needs them: own part inside, times and log as text."""
    lots = []
    for lot in view["lots"]:
        own = view["mine"][lot["id"]]
        log = [line | {"at_text": _clock_text(line["at_ms"]), "text": _words(line)} for line in own["log"]]
        for line in log:
            line["amount"] = Decimal(line["amount"]) if line.get("amount") else None
        shown = lot | own | {"log": log, "url": url_for("auctions.room", auction_id=seat.auction_id, lot=lot["id"])}
        shown["name"] = _("Lot %(number)s", number=lot["number"])
        shown["ends_text"] = _clock_text(lot["ends_ms"])
        shown["own_text"] = Decimal(own["own"]) if own["own"] else None
        shown["max_change"] = lot["max_change"]
        lots.append(shown)
    return lots


def _room(seat: Seat, now: datetime) -> dict[str, Any]:
    view = queries.snapshot(store.live(seat.auction_id), seat.alias, now)
    lots = _lots(seat, view)
    asked = request.args.get("lot", "")
    chosen = next((lot for lot in lots if lot["id"] == asked), lots[0])
    for lot in lots:
        lot["title"] = view_title(seat, lot)
    return {
        "auction": seat.auction_id,
        "lot": chosen["id"],
        "lots": lots,
        "view": view,
        "server_ms": view["server_ms"],
        "state": view["state"],
        "buyer": identity.organisation(seat.organisation_id).name,
        "reference": seat.reference,
        "back_url": url_for("auctions.mine"),
        "bid_url": url_for("auctions.bid", auction_id=seat.auction_id, lot=chosen["id"]),
        "accept_url": url_for("auctions.accept_price", auction_id=seat.auction_id, lot=chosen["id"]),
        "request_id": secrets.token_hex(16),
        "practice": seat.practice,
        "simulated": seat.simulated,
        "help": seat.contact,
        "phone": seat.phone,
        "flashes": get_flashed_messages(with_categories=True),
        "format": seat.rules.format,
    }


def view_title(seat: Seat, lot: dict[str, Any]) -> str:
    known = store.live(seat.auction_id)
    return str(known.lot_facts[lot["id"]]["title"] or seat.title)


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
