"""The server of `make serve`: files of the site as it stands now, each page with its panel; it waits for no build."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from papernotes.build.live import panel
from papernotes.build.live.panel import Problems

PATIENCE: Final = 25.0
"""Seconds after which a page that waits for a change is told to ask again."""
_OURS: Final = {panel.SCRIPT: "live.js", panel.SHEET: "live.css"}


@dataclass(frozen=True)
class Shown:
    """What is served at a moment; another takes its place whole."""

    folder: Path | None = None
    """Of the built site; None until there is one."""
    problems: Problems = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    """The path of the file behind each page, by its address: `papers/dpo.html`."""
    older: Collection[str] = ()
    """The paths of the pages that are shown as they were before."""
    moment: int = 0


class Server(ThreadingHTTPServer):
    """Serves what `show` has been given last."""

    daemon_threads = True

    def __init__(self, host: str, port: int, docs: str) -> None:
        """`docs`: the docs folder, as paths of findings begin with it. Raises: OSError, where the address is in use."""
        self.docs = docs
        self.shown = Shown()
        self._changed = threading.Condition()
        self.writing = threading.Lock()
        """Held while a page is written in the folder that is served."""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """As its parent does, but for asking the network what this machine is called."""
        TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong; that somebody no longer waits for an answer is nothing wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def start(self) -> None:
        """Serve from now on, beside whatever else this process does."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"{host}:{self.server_port}"

    def show(self, **what: Any) -> None:
        """Serve this from now on, see `Shown`, and let the pages that are open know."""
        with self._changed:
            self.shown = replace(self.shown, moment=self.shown.moment + 1, **what)
            self._changed.notify_all()

    def changed(self, since: int) -> bool:
        """Wait until something else is shown than at a moment, but not for ever. Shape: whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self.shown.moment != since, timeout=PATIENCE)


class _Handler(SimpleHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory="/dev/null")

    def do_GET(self) -> None:
        """A page with its panel; the script's question; any other file as it is."""
        address = urlsplit(self.path)
        if address.path == "/-/changed":
            since = parse_qs(address.query).get("since", [""])[0]
            is_new = self.server.changed(int(since) if since.isascii() and since.isdigit() else -1)
            self.send_response(HTTPStatus.OK if is_new else HTTPStatus.NO_CONTENT)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif address.path in _OURS:
            kind = "text/css" if address.path == panel.SHEET else "text/javascript"
            self._send(HTTPStatus.OK, Path(__file__).with_name(_OURS[address.path]).read_bytes(), kind)
        else:
            self._send_of_site(unquote(address.path))

    def _send_of_site(self, path: str) -> None:
        shown = self.server.shown
        path = f"{path}index.html" if path.endswith("/") else path
        name = path.lstrip("/")
        self.directory = str(shown.folder)
        if shown.folder is not None and not path.endswith(".html"):
            self.path = path
            super().do_GET()
            return
        status, file = HTTPStatus.OK, Path(self.translate_path(path))
        if shown.folder is None:
            words = "网站还建不起来。" if shown.problems else "网站正在建，建好了这一页会自己打开。"
            html = panel.bare(words)
        elif file.is_file():
            with self.server.writing:
                html = file.read_text(encoding="utf-8")
        elif name in shown.paths:
            html = panel.bare("这一页还没有能看的样子。")
        else:
            status, html = HTTPStatus.NOT_FOUND, (shown.folder / "404.html").read_text(encoding="utf-8")
        html = panel.put(html, shown.moment, shown.problems, shown.paths.get(name), shown.older, self.server.docs)
        self._send(status, html.encode("utf-8", "surrogatepass"), "text/html")

    def _send(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        """No browser may keep what the writer is about to change."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """The terminal is for what was built and what is wrong."""
