"""Drive Chromium over a pipe, with nothing watched but what is asked for, so that what is timed is what a reader waits for.

The tests use Playwright, which listens to every request of a page: on a CPU slowed four times that alone costs the page two
to three milliseconds a request. Here no domain of the protocol is enabled.

Source: https://chromedevtools.github.io/devtools-protocol/; on POSIX only, since a pipe is inherited there as a descriptor.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
)
_START: Final = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
"""For Python: Chromium reads orders from descriptor 3 and writes answers to 4."""
PATIENCE: Final = 60.0
"""Seconds after which an answer is given up."""


class DevtoolsError(Exception):
    """Chromium refused an order, did not answer in time, or a script threw."""


class Page:
    """A tab with a cache of its own."""

    def __init__(self, chromium: Chromium, session: str) -> None:
        self._chromium = chromium
        self._session = session

    def order(self, method: str, patience: float = PATIENCE, **parameters: Any) -> dict[str, Any]:
        """One order of the protocol. Raises: DevtoolsError."""
        return self._chromium.order(method, parameters, session=self._session, patience=patience)

    def evaluate(self, script: str, *arguments: Any, patience: float = PATIENCE) -> Any:
        """The value of an expression; of a function called with `arguments` where there are some. Promises are waited for.

        Raises: DevtoolsError where the script throws.
        """
        if arguments:
            script = f"({script})({', '.join(map(json.dumps, arguments))})"
        answer = self.order(
            "Runtime.evaluate", patience, expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise DevtoolsError(thrown.get("exception", {}).get("description", thrown["text"]))
        return answer["result"].get("value")

    def open(self, address: str) -> None:
        """Go to an address and wait until the page has loaded. Raises: DevtoolsError."""
        answer = self.order("Page.navigate", url=address)
        if "errorText" in answer:
            raise DevtoolsError(f"{address}: {answer['errorText']}")
        end = time.monotonic() + PATIENCE
        while not self.evaluate("document.readyState === 'complete' && location.href !== 'about:blank'"):
            if time.monotonic() > end:
                raise DevtoolsError(f"{address}: not loaded in {PATIENCE:.0f} s")
            time.sleep(0.02)

    def wait(self, condition: str, *arguments: Any, limit: float) -> bool:
        """Whether a function became true within `limit` seconds; it is asked every 20 ms."""
        script = (
            "(condition, limit, ...rest) => new Promise((done) => { const end = performance.now() + limit;"
            " const ask = () => { if (condition(...rest)) done(true); else if (performance.now() > end) done(false);"
            " else setTimeout(ask, 20); }; ask(); })"
        )
        call = ", ".join([condition, json.dumps(limit * 1000), *map(json.dumps, arguments)])
        return bool(self.evaluate(f"({script})({call})", patience=limit + PATIENCE))

    def slow(self, rate: float) -> None:
        """Make the page's CPU `rate` times slower."""
        self.order("Emulation.setCPUThrottlingRate", rate=rate)

    def insert(self, text: str) -> None:
        """Put text where the caret is, as an input method does."""
        self.order("Input.insertText", text=text)

    def press_shift(self) -> None:
        """A key that types nothing, for scripts that listen to keys alone."""
        for kind in ("rawKeyDown", "keyUp"):
            self.order("Input.dispatchKeyEvent", type=kind, key="Shift", code="ShiftLeft", windowsVirtualKeyCode=16)


class Chromium:
    """A running browser."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._number = 0
        self._read = b""

    @contextmanager
    def page(self) -> Iterator[Page]:
        """A new tab; gone with its cache at the end."""
        context = self.order("Target.createBrowserContext")["browserContextId"]
        target = self.order("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        session = self.order("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        try:
            yield Page(self, session)
        finally:
            self.order("Target.disposeBrowserContext", {"browserContextId": context})

    def order(
        self,
        method: str,
        parameters: dict[str, Any] | None = None,
        *,
        session: str | None = None,
        patience: float = PATIENCE,
    ) -> dict[str, Any]:
        """Send one order and wait for its answer. Raises: DevtoolsError."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        try:
            os.write(self._orders, json.dumps(message).encode() + b"\0")
        except BrokenPipeError:
            raise DevtoolsError(f"{method}: Chromium has ended") from None
        end = time.monotonic() + patience
        while True:
            answer = self._next(method, end)
            if answer.get("id") == self._number:  # the rest are events that Chromium tells unasked
                if "error" in answer:
                    raise DevtoolsError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, method: str, end: float) -> dict[str, Any]:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise DevtoolsError(f"{method}: no answer in time")
            part = os.read(self._answers, 1 << 16)
            if not part:
                raise DevtoolsError(f"{method}: Chromium has ended")
            self._read += part
        message, _, self._read = self._read.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


@contextmanager
def running(program: str) -> Iterator[Chromium]:
    """Start Chromium with a profile of its own, and end it."""
    theirs_read, orders = os.pipe()
    answers, theirs_write = os.pipe()
    ours = [sys.executable, "-I", "-c", _START, str(theirs_read), str(theirs_write)]
    with tempfile.TemporaryDirectory(prefix="papernotes-chromium-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [*ours, program, *_ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs_read, theirs_write),
            start_new_session=True,
        )
        for descriptor in (theirs_read, theirs_write):
            os.close(descriptor)
        try:
            yield Chromium(orders, answers)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # its helpers too
            process.wait()
            os.close(orders)
            os.close(answers)
