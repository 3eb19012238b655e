"""Firefox, driven by its own protocol Marionette: what tests and audits need of it, in a few lines and without a package.

Source: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from papernotes.dev.engines.driver import DriverError, free_port
from papernotes.dev.node import NotInstalledError

SETTINGS: Final[dict[str, object]] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.max_script_run_time": 0,  # seconds, of any machine; PATIENCE ends what hangs
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.type": 1,
    "security.sandbox.content.level": 0,
    "toolkit.telemetry.enabled": False,
}
NOWHERE: Final = 9
"""The port of the discard service, where nobody listens: a request to another host fails."""
PATIENCE: Final = 600
"""Seconds: a soak shares its machine."""

_KNOWN: Final = (
    # With the attribute, Chromium would set an accent on its letter: Temml leaves it out, and every engine infers it.
    "Inferring the accent property",
    # Said of a formula of which only a part has arrived; what has arrived whole, the HTML checker sees.
    "Invalid markup: Incorrect number of children",
    # A script was run in a page that had yet to load all of itself: what drives it did so.
    "Layout was forced before the page was fully loaded",
    # The frame of a narrow page is that of another address.
    "because it is loaded in the third-party context",
    # A page was left while its scripts ran, on a machine that is busy; none is ended for the time it takes (SETTINGS).
    "Script terminated by timeout",
)

# What pages caused; the rest is of the browser itself, which has no network here.
_MESSAGES: Final = """
  const found = Services.console.getMessageArray().flatMap((message) => {
    if (!(message instanceof Ci.nsIScriptError)) return [];
    return [[message.sourceName, `${message.sourceName}:${message.lineNumber}: ${message.errorMessage}`]];
  });
  Services.console.reset();
  return found;
"""


class Firefox:
    """A headless Firefox with a profile of its own, whose requests to other hosts all go to one port of this machine.

    Raises: NotInstalledError.
    """

    def __init__(self, profile: Path, *, proxy: int = NOWHERE) -> None:
        found = shutil.which("firefox-esr") or shutil.which("firefox")
        if not found:
            raise NotInstalledError("Firefox is not installed (Debian: apt install firefox-esr)")
        port = free_port()
        settings = SETTINGS | {"marionette.port": port}
        for kind in ("http", "ssl"):
            settings |= {f"network.proxy.{kind}": "127.0.0.1", f"network.proxy.{kind}_port": proxy}
        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        # System access is for the console, which no page can read.
        flags = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile")
        self._command = [found, *flags, str(profile)]
        self._port, self._number = port, 0

    def __enter__(self) -> Self:
        """Start it. Raises: DriverError."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        try:
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
                    break
                except OSError:
                    if self._process.poll() is not None or time.monotonic() > end:
                        raise DriverError("Firefox does not start") from None
                    time.sleep(0.2)
            self._receive()
            self._call("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "accept"}}})
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """End it."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def open(self, url: str) -> None:
        """Load a page, and wait until it is loaded."""
        self._call("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; returns what it returns."""
        return self._call("WebDriver:ExecuteScript", {"script": script, "args": [], "sandbox": None})["value"]

    def enter(self, frame: int | None) -> None:
        """Let `run` run in a frame of the page; in the page itself where None."""
        self._call("WebDriver:SwitchToFrame", {"id": frame})

    def messages(self, urls: Sequence[str]) -> list[str]:
        """What is written to the console while the pages load, and was since this was asked last."""
        for url in urls:
            self.open(url)
        self._call("Marionette:SetContext", {"value": "chrome"})
        told = self.run(_MESSAGES)
        self._call("Marionette:SetContext", {"value": "content"})
        ours = {line for source, line in told if source.startswith(("http:", "file:"))}
        return sorted(line for line in ours if not any(known in line for known in _KNOWN))

    def _call(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        if error is not None or number != self._number:
            raise DriverError(str(error and error.get("message")))
        return result

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._read(1)
        return json.loads(self._read(int(size[:-1])))

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise DriverError("Firefox has gone")
            data += more
        return data
