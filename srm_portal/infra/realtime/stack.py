"""Flask-SocketIO, loaded without what only its other half needs.

The package of the server also holds clients and managers of queues; they load HTTP clients and Redis if these are
installed, which was a third of the time to a start. Nothing here uses them: `bus` speaks to Redis itself.
"""

from __future__ import annotations

import sys
from typing import cast

_OTHER_HALF = ("aiohttp", "redis", "requests", "valkey", "websocket")
_absent = [name for name in _OTHER_HALF if name not in sys.modules]
_modules = cast(dict[str, None], sys.modules)
_modules.update(dict.fromkeys(_absent))
try:
    from engineio import packet as engine_packet
    from flask_socketio import SocketIO
    from socketio.exceptions import ConnectionRefusedError as Refusal
finally:
    for _name in _absent:
        del _modules[_name]

__all__ = ["Refusal", "SocketIO", "engine_packet"]
