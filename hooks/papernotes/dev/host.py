"""A static host on this machine, as the public ones serve: compressed, cacheable, one connection kept, its own 404 page."""

from __future__ import annotations

import gzip
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

LEVEL: Final = 6
"""Of gzip, as servers set it."""
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "application/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gz": "application/gzip",
    ".zip": "application/zip",
}
PACKED: Final = frozenset({".woff2", ".png", ".webp", ".gz", ".zip"})
"""Endings whose files are compressed as they are."""
PIECE: Final = 1000
"""Bytes that a slow network brings at once, compressed: of a page, some 4,000."""


@dataclass(frozen=True)
class Sent:
    """One answer."""

    path: str
    status: int
    size: int
    """Bytes of the body over the wire."""
    asked: float = 0.0
    """When the request was there, in seconds since 1970."""


@dataclass
class Host:
    """A running host."""

    address: str
    """Without a final slash."""
    sent: list[Sent] = field(default_factory=list)
    """Every answer, in order."""


@lru_cache(maxsize=512)
def compressed(path: Path, _changed: int) -> bytes:
    """A file's bytes as they travel; `_changed` is its time of change, so that a new file is read anew."""
    content = path.read_bytes()
    return content if path.suffix in PACKED else gzip.compress(content, LEVEL, mtime=0)


@contextmanager
def serving(folder: Path, *, port: int = 0, pause: float = 0, compress: bool = True) -> Iterator[Host]:
    """Serve a folder.

    `port`: 0 takes a free one. `pause`: seconds after each piece of a page, which then comes bit by bit. `compress`: whether
    bodies travel compressed to those who take them so.
    """
    root = folder.resolve()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionError):  # a page that was left takes nothing more
                super().handle()

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            asked = time.time()
            path = unquote(urlsplit(self.path).path)
            file = (root / path.lstrip("/").replace("\0", "")).resolve()
            if file.is_dir():
                file /= "index.html"
            status = 200
            if not file.is_relative_to(root) or not file.is_file():
                status, file = 404, root / "404.html"
            if not file.is_file():
                self.send_error(404)
                return
            packed = compress and file.suffix not in PACKED and "gzip" in self.headers.get("Accept-Encoding", "")
            content = compressed(file, file.stat().st_mtime_ns) if packed else file.read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "max-age=600")
            self.send_header("Vary", "Accept-Encoding")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            if body:
                if pause and file.suffix == ".html":
                    self._send_slowly(content)
                else:
                    self.wfile.write(content)
            host.sent.append(Sent(path, status, len(content) if body else 0, asked))

        def _send_slowly(self, content: bytes) -> None:
            for start in range(0, len(content), PIECE):
                self.wfile.write(content[start : start + PIECE])
                time.sleep(pause)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    host = Host(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
