"""The application under test, run as a process of its own with its configuration as JSON in the first argument."""

import json
import sys

config = json.loads(sys.argv[1])
if config.get("SRM_REALTIME_DRIVER", "direct") != "threading":
    from gevent import monkey

    monkey.patch_all()

import os
from pathlib import Path

import orjson
import psutil
import redis
from flask import Flask, current_app, request

from srm_portal.infra.realtime import EventLimits, Join, Leave, Realtime, RedisBus, View, create_socketio, serve
from srm_portal.infra.realtime.schema import fields, integer, text
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor

CLIENT = Path(__file__).parents[3] / "static/vendor/socket.io/socket.io.min.js"
BODIES = {"small": "x" * 100, "large": "x" * 70_000}


class Rooms:
    """A counter per room; the supplier's own part says who it is for. Several workers share a store."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.store = redis.Redis.from_url(config["redis_url"]) if "redis_url" in config else None

    def advance(self, topic: str, by: int) -> int:
        version = self.store.incrby(topic, by) if self.store else self.versions.get(topic, 0) + by
        self.versions[topic] = max(version, self.versions.get(topic, 0))
        return version

    def render(self, topic: str) -> View:
        version = self.versions.get(topic, 0)
        shared = orjson.dumps({"v": version, "topic": topic})
        return View(version, {"supplier": shared, "buyer": shared}, self.personal)

    def personal(self, audience: str, key: str) -> bytes:
        return b'"me":' + orjson.dumps(key) if audience == "supplier" else b""

    def apply(self, topic: str, rows: int, version: int) -> None:
        self.versions[topic] = version

    def catch_up(self, topic: str) -> int:
        if self.store:
            self.versions[topic] = int(self.store.get(topic) or 0)
        return self.versions.get(topic, 0)

    def tick(self, topic: str) -> dict[str, object]:
        return {"seq": self.versions.get(topic, 0), "ends": None}


def authenticate(environ) -> Actor | None:
    cookies = dict(part.strip().partition("=")[::2] for part in environ.get("HTTP_COOKIE", "").split(";"))
    name, session_id = cookies.get("who"), cookies.get("session")
    if not name:
        return None
    role = "buyer" if name.startswith("buyer") else "supplier_user"
    return Actor(name, name, "org", frozenset({role}), supplier_id=f"S-{name}", session_id=session_id or f"web-{name}")


def make_app() -> tuple[Flask, object]:
    app = Flask(__name__)
    app.config.update(config)
    socketio = create_socketio(app)
    limits = EventLimits(**config.get("limits", {}))
    bus = RedisBus(config["redis_url"]) if "redis_url" in config else None
    realtime = Realtime(limits=limits, bus=bus)
    rooms = Rooms()

    def join(actor, data, now):
        topic = f"room:{data['room']}"
        version = rooms.versions.get(topic, 0)
        audience = "supplier" if actor.roles == {"supplier_user"} else "buyer"
        scopes = frozenset({f"{topic}/{actor.supplier_id}"})
        return Join(topic, {"v": version}, version, audience, actor.user_id, scopes)

    def answer(actor, data, now):
        return {"who": actor.user_id, "n": data["n"], "now": now.isoformat()}

    def refuse(actor, data, now):
        raise Refused("above_limit", limit="12.50")

    def hide(actor, data, now):
        raise NotFound()

    def crash(actor, data, now):
        raise ZeroDivisionError("a mistake of ours")

    anything = fields({})
    realtime.on("ask", fields({"n": integer(0, 1000)}, {"note": text(200)}), "self:edit", answer)
    realtime.on("refuse", anything, "self:edit", refuse)
    realtime.on("hide", anything, "self:edit", hide)
    realtime.on("crash", anything, "self:edit", crash)
    realtime.on("run", anything, "auction:run", lambda actor, data, now: {})
    realtime.on("name", anything, "self:edit", lambda a, d, n: {"app": current_app.name}, app_context=True)
    realtime.on("body", fields({"size": text()}), "self:edit", lambda a, data, n: {"body": BODIES[data["size"]]})
    realtime.on("join", fields({"room": text()}), "self:edit", join)
    realtime.on("leave", fields({"room": text()}), "self:edit", lambda a, data, n: Leave(f"room:{data['room']}"))
    realtime.topic("room", "view", rooms.render, tick=rooms.tick, apply=rooms.apply, catch_up=rooms.catch_up)
    realtime.init_app(app, socketio, authenticate)

    @app.get("/")
    def page():
        return '<!doctype html><title>contract</title><script src="/client.js"></script>'

    @app.get("/client.js")
    def client():
        return CLIENT.read_bytes(), 200, {"Content-Type": "text/javascript"}

    @app.post("/bump/<room>")
    def bump(room):
        topic = f"room:{room}"
        by = int(request.args.get("by", "1"))
        version = rooms.advance(topic, by)
        realtime.committed(topic, version - by, version, [])
        return {"v": version}

    @app.post("/kick")
    def kick():
        return {"kicked": realtime.kick(**request.args)}

    @app.post("/tell/<user_id>")
    def tell(user_id):
        size = int(request.args.get("size", "1"))
        for number in range(int(request.args.get("times", "1"))):
            realtime.tell("notice", {"number": number, "text": "x" * size}, user_id=user_id)
        return {}

    @app.post("/emit/<user_id>")
    def emit(user_id):
        for session in realtime.registry.find(user_id=user_id):
            socketio.emit("plain", {"to": user_id}, to=session.sid)
        return {}

    @app.post("/close/<user_id>")
    def close(user_id):
        for session in realtime.registry.find(user_id=user_id):
            socketio.start_background_task(socketio.server.eio.disconnect, session.engine_sid)
        return {}

    @app.get("/stats")
    def stats():
        return {
            "driver": type(socketio.server.eio._async["websocket"]).__name__,
            "engine": len(socketio.server.eio.sockets),
            "sessions": len(realtime.registry),
            "topics": realtime.fanout.topics(),
            "rooms": sum(len(rooms) for rooms in socketio.server.manager.rooms.values()),
            "rss": psutil.Process().memory_info().rss,
        }

    return app, socketio


if __name__ == "__main__":
    served, on = make_app()
    serve(served, on, "127.0.0.1", 0, on_ready=lambda host, port: os.write(1, f"READY {port}\n".encode()))
