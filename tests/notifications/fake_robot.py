"""A server that answers like the messengers' robots, on this machine; it remembers what it was asked."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit


class FakeRobot(ThreadingHTTPServer):
    """`answer` is what it says; `status` its code; while `hangs`, it says nothing at all."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict] = []
        self.answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
        self.status, self.location = 200, ""
        self.hangs = False
        self.over = Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.place}"


class Handler(BaseHTTPRequestHandler):
    server: FakeRobot

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append({"path": parts.path, "query": query, "body": body})
        if self.server.hangs:
            self.server.over.wait(30)
            return
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        """Nothing: tests look at what was asked."""


@contextmanager
def fake_robot():
    server = FakeRobot()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
