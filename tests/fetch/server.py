"""A web server on this machine that serves what it is told and misbehaves when told to."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Reply:
    """One answer: status, headers, body, and how many bytes of it really go out."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # the line drops after so many bytes
    drip: int = 0  # bytes a block, 0: all at once
    chunked: bool = False


@dataclass
class Script:
    """What a path answers, one reply a request, the last one for ever; and what was asked."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""
    posted: list[bytes] = field(default_factory=list)

    def serve(self, path: str, *replies: Reply) -> str:
        """Answer `path` with `replies` in turn; return its address."""
        self.replies[path] = list(replies)
        return self.address + path

    def next_reply(self, path: str) -> Reply:
        waiting = self.replies.get(path)
        if not waiting:
            return Reply(b"<html>absent</html>", 404)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def do_POST(self) -> None:
        self.script.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.script.asked.append((self.path, dict(self.headers)))
        reply = self.script.next_reply(path)
        status, body, extra = _ranged(reply, self.headers)
        self.send_response(status)
        for name, value in {**reply.headers, **extra}.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(body)))
        # Said, for it is done: a client that tries the same connection again would find it shut.
        self.send_header("Connection", "close")
        self.end_headers()
        self._send(body if reply.cut_after is None else body[: reply.cut_after], reply)
        self.close_connection = True

    def _send(self, body: bytes, reply: Reply) -> None:
        step = reply.drip or max(len(body), 1)
        try:
            for at in range(0, len(body), step):
                part = body[at : at + step]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if reply.chunked else part)
                self.wfile.flush()
            if reply.chunked and reply.cut_after is None:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:  # the client had enough
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _ranged(reply: Reply, asked) -> tuple[int, bytes, dict[str, str]]:
    """Answer a Range like a good server: the rest when If-Range names this version, else all."""
    wanted, version = asked.get("Range"), reply.headers.get("ETag")
    if reply.status != 200 or not wanted or version is None or asked.get("If-Range") != version:
        return reply.status, reply.body, {}
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    whole = len(reply.body)
    if start >= whole:
        return 416, b"", {}
    return 206, reply.body[start:], {"Content-Range": f"bytes {start}-{whole - 1}/{whole}"}


@contextmanager
def running() -> Iterator[Script]:
    """Run a server on a free port of this machine; yield its script."""
    script = Script()
    handler = type("Handler", (_Handler,), {"script": script, "protocol_version": "HTTP/1.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    script.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
