"""After the end: the minutes, and the replay with its time slider."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, jsonify, render_template, request

from srm_portal.auctions import queries
from srm_portal.auctions.forms import KIND_WORDS
from srm_portal.auctions.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires


@bp.get("/auctions/<auction_id>/minutes.json")
@requires("auction:read")
def minutes(auction_id: str) -> Response:
    """Who, what, when, with every hash; and the replay file that outsiders check."""
    board = queries.board(current_actor(), auction_id, request_now())
    if board.state not in ("closed", "cancelled"):
        raise NotFound
    answer = jsonify(queries.minutes(current_actor(), auction_id))
    answer.headers["Content-Disposition"] = f'attachment; filename="{board.reference}-minutes.json"'
    return answer


@bp.get("/auctions/<auction_id>/replay")
@requires("auction:read")
def replay(auction_id: str) -> str:
    """Each screen as it was at a moment of the log (`?seq=`), for the buyer or one bidder (`?as=`)."""
    actor = current_actor()
    board = queries.board(actor, auction_id, request_now())
    if board.state not in ("closed", "cancelled"):
        raise NotFound
    frames = queries.frames(actor, auction_id)
    text = request.args.get("seq", "")
    last = len(frames)
    seq = min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 9 and last else last
    viewers = [("buyer", ""), *((alias, name) for _id, alias, name, _accepted in board.participants)]
    viewer = request.args.get("as", "buyer")
    if viewer not in {one[0] for one in viewers}:
        viewer = "buyer"
    frame = frames[seq - 1] if frames else None
    at = frame.at if frame else datetime.fromtimestamp(board.server_ms / 1000, UTC)
    return render_template(
        "auctions/replay.html",
        board=board,
        project=board.project,
        frames=frames,
        frame=frame,
        seq=seq,
        viewer=viewer,
        viewers=viewers,
        names={alias: name for _id, alias, name, _accepted in board.participants},
        titles={lot.id: lot.title for lot in board.lots},
        shown=queries.screen(actor, auction_id, viewer, at),
        kinds=KIND_WORDS,
        phases=queries.PHASES,
    )
