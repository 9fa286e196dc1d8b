"""A client made of a plain blocking socket: it can send what no library would."""

import base64
import http.client
import json
import os
import socket

from srm_portal.infra.realtime import frames


class Closed(Exception):
    """The server ended the connection; `code` is its close code, None without a close frame."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


def masked(payload: bytes, opcode: int = frames.TEXT, *, final: bool = True) -> bytes:
    """A frame as a client sends it."""
    header = bytearray(frames.frame_header(len(payload), opcode))
    if not final:
        header[0] &= 0x7F
    header[1] |= 0x80
    mask = os.urandom(4)
    return bytes(header) + mask + frames.mask_payload(payload, mask)


class Client:
    """A WebSocket; `opened()` makes it a Socket.IO client."""

    def __init__(
        self,
        port: int,
        who: str = "",
        *,
        origin: str = "",
        sid: str = "",
        receive_buffer: int = 0,
        compression: bool = False,
        cookie: str = "",
    ) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(10)
        self.sock.connect(("127.0.0.1", port))
        self._buffer = b""
        self._number = 0
        self.pushes: list[list] = []
        lines = [
            f"GET /socket.io/?EIO=4&transport=websocket{sid and f'&sid={sid}'} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: keep-alive, Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
        ]
        if compression:
            lines.append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
        if who or cookie:
            lines.append(f"Cookie: {cookie or f'who={who}'}")
        if origin:
            lines.append(f"Origin: {origin}")
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.head = self._until(b"\r\n\r\n").decode()
        self.status = int(self.head.split()[1])

    def opened(self) -> "Client":
        """Introduce the socket; raises Closed or ConnectionRefusedError with the server's code."""
        assert self.status == 101, self.head
        assert self.text()[:1] == "0"
        self.send("40")
        answer = self.text()
        if answer.startswith("44"):
            raise ConnectionRefusedError(json.loads(answer[2:])["data"]["code"])
        assert answer.startswith("40{"), answer
        return self

    def send(self, text: str) -> None:
        self.sock.sendall(masked(text.encode()))

    def send_bytes(self, data: bytes) -> None:
        self.sock.sendall(data)

    def frame(self) -> tuple[int, bytes]:
        """The next frame; raises Closed at the end of the stream."""
        first, second = self._take(2)
        assert not second & 0x80, "a server does not mask"
        length = second & 0x7F
        if length >= 126:
            length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
        return first & 0x0F, self._take(length)

    def text(self) -> str:
        """The next Engine.IO packet; pings are answered on the way."""
        while True:
            opcode, payload = self.frame()
            if opcode == frames.CLOSE:
                raise Closed(int.from_bytes(payload[:2], "big"))
            if opcode == frames.TEXT and payload != b"2":
                return payload.decode()
            if payload == b"2":
                self.send("3")

    def emit(self, event, data=None) -> dict:
        """Send an event and wait for its acknowledgement; pushes on the way are kept."""
        return self.emit_raw(json.dumps([event] if data is None else [event, data]))

    def emit_raw(self, body: str) -> dict:
        self._number += 1
        self.send(f"42{self._number}{body}")
        while True:
            text = self.text()
            if text.startswith(f"43{self._number}["):
                return json.loads(text[2 + len(str(self._number)) :])[0]
            self._keep(text)

    def push(self, event: str) -> dict:
        """The next push of that name."""
        while True:
            for at, (name, payload) in enumerate(self.pushes):
                if name == event:
                    del self.pushes[at]
                    return payload
            self._keep(self.text())

    def close_code(self) -> int | None:
        """Read until the server ends the connection."""
        try:
            while True:
                self.text()
        except Closed as closed:
            return closed.code

    def drop(self) -> None:
        self.sock.close()

    def _keep(self, text: str) -> None:
        if text.startswith("42["):
            self.pushes.append(json.loads(text[2:]))

    def _take(self, length: int) -> bytes:
        while len(self._buffer) < length:
            self._fill()
        taken, self._buffer = self._buffer[:length], self._buffer[length:]
        return taken

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._fill()
        taken, _, self._buffer = self._buffer.partition(mark)
        return taken

    def _fill(self) -> None:
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed(None)
        self._buffer += data


class Polling:
    """An Engine.IO session by long polling."""

    def __init__(self, port: int, who: str = "", origin: str = "") -> None:
        self._port = port
        self._headers = {"Cookie": f"who={who}"} | ({"Origin": origin} if origin else {})
        self.sid = ""
        self.status, text = self._ask("GET")
        if self.status == 200:
            self.sid = json.loads(text[1:])["sid"]

    def get(self) -> list[str]:
        self.status, text = self._ask("GET")
        return text.split("\x1e")

    def post(self, *packets: str) -> int:
        self.status, _ = self._ask("POST", "\x1e".join(packets))
        return self.status

    def _ask(self, method: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        path = f"/socket.io/?EIO=4&transport=polling{self.sid and f'&sid={self.sid}'}"
        connection.request(method, path, body, self._headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text
