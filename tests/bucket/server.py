"""An object store on loopback: moto's, with faults on request, and conditional puts one at a time as S3 promises."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

Environ = dict[str, Any]
Start = Callable[..., Any]
Fault = Callable[["Request"], str | None]
"""What to do with a request.

None: answer it. `503` or `403 ExpiredToken`: refuse it. `lost 500`: do it, and answer 500. `cut`: do it, and close the
connection without an answer. `hang up`: close the connection, and do nothing. `blind`: answer it as a store does that
knows no If-None-Match.
"""


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: str


@dataclass
class ObjectStore:
    """The store, what it was asked, and what it is to do wrong."""

    url: str = ""
    fault: Fault | None = None
    asked: list[Request] = field(default_factory=list)

    @contextmanager
    def doing(self, fault: Fault) -> Iterator[None]:
        """Let the store do something wrong while the block runs."""
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None


class _App:
    """The WSGI application: moto's behind the faults."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._turn = threading.Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        request = Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        self._store.asked.append(request)
        wrong = self._store.fault(request) if self._store.fault is not None else None
        if wrong == "hang up":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        if wrong is not None and wrong[0].isdecimal():
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return _refuse(start, wrong)
        if wrong == "blind":
            environ.pop("HTTP_IF_NONE_MATCH", None)
        with self._turn:
            if wrong in (None, "blind"):
                return list(self._moto(environ, start))
            list(self._moto(environ, lambda *_: None))
        if wrong == "cut":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        return _refuse(start, wrong.removeprefix("lost "))


CODES = {"500": "InternalError", "503": "SlowDown", "403": "AccessDenied", "409": "ConditionalRequestConflict"}


def _refuse(start: Start, wrong: str) -> list[bytes]:
    """An answer such as S3 gives: a status, and a code that may be named behind it."""
    status, _, named = wrong.partition(" ")
    code = named or CODES[status]
    start(f"{status} {code}", [("Content-Type", "application/xml")])
    return [f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>of the test</Message></Error>".encode()]


@contextmanager
def serve() -> Iterator[ObjectStore]:
    """The store on a free port of 127.0.0.1 while the block runs."""
    store = ObjectStore()
    server: BaseWSGIServer = make_server("127.0.0.1", 0, _App(store), threaded=True)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
