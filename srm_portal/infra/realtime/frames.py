"""RFC 6455 frames, the server's side: a strict reader of masked frames and a writer of plain ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

NORMAL, GOING_AWAY, PROTOCOL_ERROR, NO_BINARY, NOT_UTF8, POLICY, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1008, 1009

_FIN, _RESERVED, _OPCODE, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x80, 0x7F
_OPCODES = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})


class FrameError(Exception):
    """The peer broke the protocol; `code` is the close code it is told (RFC 6455, 7.4.1)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def frame_header(length: int, opcode: int = TEXT) -> bytes:
    """The header of one whole unmasked frame with a payload of `length` bytes (RFC 6455, 5.2)."""
    first = _FIN | opcode
    if length < 126:
        return bytes((first, length))
    if length < 65536:
        return bytes((first, 126)) + length.to_bytes(2, "big")
    return bytes((first, 127)) + length.to_bytes(8, "big")


def encode_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole unmasked frame, as a server sends it."""
    return frame_header(len(payload), opcode) + payload


def encode_close(code: int, reason: str = "") -> bytes:
    """A close frame; the reason is cut to what a control frame can carry."""
    return encode_frame(code.to_bytes(2, "big") + reason.encode()[:123], CLOSE)


def payload_of(frame: bytes) -> bytes:
    """The payload of a frame that `encode_frame` made."""
    length = frame[1]
    return frame[2:] if length < 126 else frame[4:] if length == 126 else frame[10:]


def mask_payload(payload: bytes, mask: bytes) -> bytes:
    """XOR with the four mask bytes repeated; its own inverse (RFC 6455, 5.3)."""
    length = len(payload)
    if not length:
        return payload
    key = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(length, "little")


class FrameReader:
    """Bytes in any slices in, whole messages and control frames out, in order.

    `limit` is the largest message in bytes, whole or in fragments. Text comes out as `str`, everything else as `bytes`.
    Memory is bounded by `limit` plus one slice.
    """

    __slots__ = ("_kept", "_limit", "_message", "_opcode")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = b""
        self._message: bytearray | None = None
        self._opcode = TEXT

    def feed(self, data: bytes) -> Iterator[tuple[int, str | bytes]]:
        """Yield (opcode, payload) for all that is complete; raises FrameError where the peer broke the protocol."""
        if self._kept:
            data, self._kept = self._kept + data, b""
        at, end = 0, len(data)
        while end - at >= 2:
            found = self._locate(data, at, end)
            if found is None:
                break
            start, stop = found
            if stop > end:
                break
            first = data[at]
            payload = mask_payload(data[start:stop], data[start - 4 : start])
            at = stop
            event = self._accept(first & _OPCODE, bool(first & _FIN), payload)
            if event is not None:
                yield event
        self._kept = data[at:]

    def _locate(self, data: bytes, at: int, end: int) -> tuple[int, int] | None:
        """Where the payload of the frame at `at` starts and stops; None while its length is not all here."""
        first, second = data[at], data[at + 1]
        opcode, length = first & _OPCODE, second & _LENGTH
        if first & _RESERVED or opcode not in _OPCODES:
            raise FrameError(PROTOCOL_ERROR, "unknown frame")
        if not second & _MASKED:
            raise FrameError(PROTOCOL_ERROR, "not masked")
        if opcode >= CLOSE and (length > 125 or not first & _FIN):
            raise FrameError(PROTOCOL_ERROR, "control frame in pieces")
        if opcode < CLOSE and (opcode == CONTINUATION) != (self._message is not None):
            raise FrameError(PROTOCOL_ERROR, "fragment out of order")
        start = at + 6
        if length >= 126:
            size = 2 if length == 126 else 8
            start += size
            if end < at + 2 + size:
                return None
            length = int.from_bytes(data[at + 2 : at + 2 + size], "big")
            if length < (126 if size == 2 else 65536) or length >> 63:
                raise FrameError(PROTOCOL_ERROR, "length not minimal")
        if opcode < CLOSE and length + len(self._message or b"") > self._limit:
            raise FrameError(TOO_BIG, "message too big")
        return start, start + length

    def _accept(self, opcode: int, final: bool, payload: bytes) -> tuple[int, str | bytes] | None:
        if opcode >= CLOSE:
            if opcode == CLOSE:
                check_close(payload)
            return opcode, payload
        if opcode != CONTINUATION:
            if final:
                return opcode, _decoded(opcode, payload)
            self._opcode, self._message = opcode, bytearray(payload)
            return None
        assert self._message is not None
        self._message += payload
        if not final:
            return None
        whole, self._message = bytes(self._message), None
        return self._opcode, _decoded(self._opcode, whole)


def check_close(payload: bytes) -> None:
    """Raise FrameError unless `payload` is empty or a code that may be sent and a UTF-8 reason (RFC 6455, 7.4)."""
    if not payload:
        return
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or (code not in _CLOSE_CODES and not 3000 <= code < 5000):
        raise FrameError(PROTOCOL_ERROR, "close code")
    _decoded(TEXT, payload[2:])


def _decoded(opcode: int, payload: bytes) -> str | bytes:
    if opcode != TEXT:
        return payload
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise FrameError(NOT_UTF8, "not UTF-8") from None
