"""What takes messages in tests: a webhook and a mail server on 127.0.0.1, which write down what they get."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Listener:
    """A port, and what came to it."""

    port: int = 0
    status: int = 200
    got: list[Any] = field(default_factory=list)

    def about(self, alarm: str, text: str = "") -> list[Any]:
        """The messages of a kind of alarm that have a text in them."""
        return [told for told in self.got if told["alarm"] == alarm and text in told["text"]]


@contextmanager
def webhook() -> Iterator[Listener]:
    """A webhook that takes JSON, and answers with the listener's status."""
    listener = Listener()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            listener.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(listener.status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Keep silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        listener.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield listener
        server.shutdown()


@contextmanager
def mail_server() -> Iterator[Listener]:
    """A mail server that takes every mail (RFC 5321, no more of it than a sender needs)."""
    listener = Listener()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 desk")
            for line in self.rfile:
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    self.say("354 go on")
                    listener.got.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say("221 bye" if word == b"QUIT" else "250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        listener.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield listener
        server.shutdown()
