"""Live connections: events in, views out. Knows no feature.

`create_socketio(app)` and `Realtime().init_app(...)` put it together, `serve` runs it, features call `Realtime.on`,
`Realtime.topic`, `publish`, `tell` and `kick`.
"""

from srm_portal.infra.realtime.bus import MemoryBus, RedisBus
from srm_portal.infra.realtime.events import EventLimits, Join, Leave
from srm_portal.infra.realtime.fanout import View
from srm_portal.infra.realtime.hub import Realtime
from srm_portal.infra.realtime.server import create_socketio, serve
from srm_portal.infra.realtime.stack import SocketIO

__all__ = [
    "EventLimits",
    "Join",
    "Leave",
    "MemoryBus",
    "Realtime",
    "RedisBus",
    "SocketIO",
    "View",
    "create_socketio",
    "serve",
]
