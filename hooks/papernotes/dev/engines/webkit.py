"""WebKitGTK, driven by WebDriver: near to the engine of an iPhone, and not it.

Source: https://www.w3.org/TR/webdriver2/
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from papernotes.dev.engines.driver import DriverError, free_port
from papernotes.dev.node import NotInstalledError

_BROWSERS: Final = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
_PATIENCE: Final = 300
"""Seconds, for a page more than enough."""

# Apple's WebKit knows this directive; this one is built without what it is for.
_KNOWN: Final = re.compile("Unrecognized Content-Security-Policy directive 'manifest-src'")

# Loads pages one after the other, each until it is still; a driven WebKitGTK is private and keeps its console to itself.
_READER: Final = """<!doctype html><iframe style="width: 1000px; height: 800px"></iframe><script>
  const urls = %s, frame = document.querySelector("iframe");
  frame.onload = () => setTimeout(next, 500);
  function next() { console.log("pn-at", urls[0] ?? ""); if (urls.length) frame.src = urls.shift(); }
  next();
</script>"""


class WebKit:
    """A MiniBrowser on a display of its own. `folder`: for a file that it reads. Raises: NotInstalledError."""

    def __init__(self, folder: Path) -> None:
        self._browser = max(Path("/").glob(_BROWSERS), default=None)
        if not shutil.which("WebKitWebDriver") or not shutil.which("Xvfb") or self._browser is None:
            raise NotInstalledError("WebKitGTK is not installed (Debian: apt install webkit2gtk-driver xvfb)")
        self._reader = folder / "reader.html"
        self._home = f"http://127.0.0.1:{free_port()}"

    def __enter__(self) -> Self:
        """Start it. Raises: DriverError."""
        with contextlib.ExitStack() as stack:
            told, tells = os.pipe()
            display = ["Xvfb", "-displayfd", str(tells), "-nolisten", "tcp", "-screen", "0", "1400x1000x24"]
            self._start(stack, display, pass_fds=(tells,))
            os.close(tells)
            with os.fdopen(told) as number:
                self._screen = os.environ | {"DISPLAY": f":{number.readline().strip()}"}
            self._start(stack, ["WebKitWebDriver", f"--port={self._home.rpartition(':')[2]}"], env=self._screen)
            options = {"binary": str(self._browser), "args": ["--automation"]}
            self._session = ""
            end = time.monotonic() + _PATIENCE
            while not self._session:
                try:
                    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
                    self._session = f"/session/{self._send('/session', wanted)['sessionId']}"
                except urllib.error.URLError:
                    if time.monotonic() > end:
                        raise DriverError("WebKitWebDriver does not start") from None
                    time.sleep(0.2)
            stack.callback(self._send, self._session, None, "DELETE")
            self._send(f"{self._session}/window/rect", {"width": 1280, "height": 900})
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        """End it."""
        with contextlib.suppress(OSError, DriverError):
            self._stack.close()

    def open(self, url: str) -> None:
        """Load a page, and wait until it is loaded."""
        self._send(f"{self._session}/url", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; returns what it returns."""
        return self._send(f"{self._session}/execute/sync", {"script": script, "args": []})

    def enter(self, frame: int | None) -> None:
        """Let `run` run in a frame of the page; in the page itself where None."""
        self._send(f"{self._session}/frame", {"id": frame})

    def messages(self, urls: Sequence[str]) -> list[str]:
        """What is written to the console while the pages load, in a second browser that is not driven."""
        self._reader.write_text(_READER % json.dumps(urls), encoding="utf-8")
        limit = ["timeout", str(_PATIENCE * len(urls))]
        program = [*limit, str(self._browser), "--enable-write-console-messages-to-stdout=true", self._reader.as_uri()]
        page, found = "", list[str]()
        with contextlib.ExitStack() as stack:
            process = self._start(stack, program, env=self._screen, told=subprocess.PIPE)
            for line in (each.decode(errors="replace").strip() for each in process.stdout or ()):
                _, starts, url = line.partition("CONSOLE LOG pn-at")
                if starts and not url.strip():
                    return found
                if starts:
                    page = url.strip()
                elif "CONSOLE " in line and not _KNOWN.search(line):
                    found.append(f"{page}: {line}")
        raise DriverError("WebKitGTK has gone")

    def _start(
        self,
        stack: contextlib.ExitStack,
        command: list[str],
        *,
        told: int = subprocess.DEVNULL,
        env: dict[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, stdout=told, stderr=subprocess.STDOUT, env=env, pass_fds=pass_fds, start_new_session=True
        )
        stack.callback(process.wait)
        stack.callback(os.killpg, process.pid, signal.SIGKILL)
        return process

    def _send(self, path: str, body: dict[str, Any] | None, method: str = "POST") -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._home}{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise DriverError(json.load(error)["value"]["message"]) from None
