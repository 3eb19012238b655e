"""Firefox, driven by its own protocol Marionette: what the tests need of it, in a few lines and without a package.

Source: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SETTINGS: dict[str, object] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.type": 1,
    "security.sandbox.content.level": 0,
    "toolkit.telemetry.enabled": False,
}


PATIENCE = 600
"""Seconds: a soak shares its machine."""


class Firefox:
    """A headless Firefox with a profile of its own, whose requests to other hosts all go to one port of this machine."""

    def __init__(self, profile: Path, *, proxy: int) -> None:
        found = shutil.which("firefox-esr") or shutil.which("firefox")
        assert found, "the soak needs Firefox: install it (Debian: apt install firefox-esr)"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = SETTINGS | {"marionette.port": port}
        for kind in ("http", "ssl"):
            settings |= {f"network.proxy.{kind}": "127.0.0.1", f"network.proxy.{kind}_port": proxy}
        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        self._command = [found, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        self._port, self._number = port, 0

    def __enter__(self) -> Self:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        try:
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
                    break
                except OSError:
                    assert self._process.poll() is None, "Firefox has ended"
                    assert time.monotonic() < end, "Firefox does not listen"
                    time.sleep(0.2)
            self._receive()
            self._call("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "accept"}}})
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def open(self, url: str) -> None:
        """Load a page, and wait until it is loaded."""
        self._call("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; returns what it returns."""
        return self._call("WebDriver:ExecuteScript", {"script": script, "args": [], "sandbox": None})["value"]

    def _call(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._number
        assert error is None, error
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
            assert more, "Firefox has gone"
            data += more
        return data
