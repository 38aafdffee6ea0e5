"""Serve the built book as a web host would: compressed, with times to keep what does not change."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".csv"}
_YEAR = 31_536_000


@cache
def compress(file: Path) -> bytes:
    """Return what a host sends of *file*."""
    content = file.read_bytes()
    return gzip.compress(content, 9) if file.suffix in _COMPRESSED else content


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        found = file.is_file()
        file = file if found else Path(self.directory) / "404.html"
        body = compress(file)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if file.suffix in _COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", f"max-age={600 if file.suffix == '.html' else _YEAR}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 64


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve *folder* on this machine alone; yield its address, which ends in a slash."""
    server = _Server(("127.0.0.1", 0), lambda *a, **k: _Handler(*a, directory=str(folder), **k))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
