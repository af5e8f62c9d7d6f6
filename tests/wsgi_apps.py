"""Apps that listen by HTTP on this computer: any WSGI application, and one that keeps what is posted to it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from offices import PATIENCE_SECONDS


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128  # with the usual 5, a burst of posts on a busy machine meets a closed door


@contextmanager
def serving() -> Iterator[Callable[[Callable], str]]:
    """A function that serves a WSGI app on a free port of this computer and returns its address."""
    servers = []

    def start(application: Callable) -> str:
        server = make_server("127.0.0.1", 0, application, server_class=Threaded, handler_class=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/slack/events"

    try:
        yield start
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@dataclass
class Listener:
    """An app by hand: it keeps what is posted, and answers what the test says."""

    posts: Queue = field(default_factory=Queue)
    status: str = "200 OK"
    kind: str = "application/json"
    body: bytes = b""
    extra: list = field(default_factory=list)

    def __call__(self, environ, respond):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
        if b"url_verification" in body:
            respond("200 OK", [("Content-Type", "text/plain")])
            return [json.loads(body)["challenge"].encode()]
        self.posts.put((body, headers, environ["CONTENT_TYPE"]))
        respond(self.status, [("Content-Type", self.kind), *self.extra])
        return [self.body]

    def next(self):
        return self.posts.get(timeout=PATIENCE_SECONDS)
