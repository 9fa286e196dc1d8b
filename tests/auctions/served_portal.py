"""A portal in a process of its own, with one auction about to open: says where it is and which cookies open it."""

from gevent import monkey

monkey.patch_all()

import json
import sys
from decimal import Decimal
from pathlib import Path

from srm_portal.app import connect_realtime, create_app
from srm_portal.auctions.jobs import Timekeeper
from srm_portal.infra.db import db
from srm_portal.infra.realtime import serve
from srm_portal.kernel.clock import SystemClock
from srm_portal.web.sessions import COOKIE
from tests.conftest import TestConfig
from tests.support.factories.auctions import LiveAuction, a_draft_auction, a_published_auction
from tests.support.world import World


def cookie(world: World, person) -> str:
    client = world.client_of(person)
    found = client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def main(options: dict) -> None:
    folder = Path(options.pop("folder"))
    config = TestConfig(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
    config.REALTIME_DRIVER = "direct"
    config.WTF_CSRF_ENABLED = True
    app = create_app(config, SystemClock())
    for name in ("start", "step", "cap", "ceiling", "decrement"):
        if name in options:
            options[name] = Decimal(options[name])
    with app.app_context():
        db.create_all()
        world = World(app, SystemClock())
        bidders = options.pop("bidders", 2)
        make = a_draft_auction if options.pop("draft", False) else a_published_auction
        auction: LiveAuction = make(world, bidders, opens_in_s=options.pop("opens_in_s", 3), **options)
        told = {
            "auction": auction.id,
            "project": auction.project_id,
            "buyer": cookie(world, world.buyer),
            "bidders": [cookie(world, person) for person in auction.bidders],
            "cookie": COOKIE,
        }
        db.session.remove()
    keeper = Timekeeper(app)
    keeper.start()

    def ready(_host: str, port: int) -> None:
        print("READY", json.dumps(told | {"port": port}), flush=True)

    serve(app, connect_realtime(app), "127.0.0.1", 0, on_ready=ready)
    keeper.stop()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
