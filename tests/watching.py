"""A tab that notes what a hostile page achieves: what it runs, whom it calls, where it leads."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page

from papernotes.dev import browser as chromium

# Everything in the article that a reader could touch, touched. Links and forms that lead elsewhere by their plain address
# are left out: a reader who follows a link goes where it says. What lies in a link is touched, and the link not followed.
TOUCH = """() => {
  const article = document.querySelector("article") || document.body;
  const runs = (link) => /^[\\s\\0]*(?:javascript|data|vbscript|blob):/i.test(link.href?.baseVal ?? link.href ?? "");
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    if (link && !runs(link)) event.preventDefault();
  });
  for (const element of [...article.querySelectorAll("*")].slice(0, 400)) {
    for (const name of ["mouseover", "mouseenter", "focus", "focusin", "pointerdown", "keydown", "error", "load", "toggle", "animationstart"])
      element.dispatchEvent(new Event(name, {bubbles: false}));
    if (element.tagName !== "A" || /^(?:javascript|data|vbscript|blob)/i.test(element.protocol || "")) {
      try { element.click && element.click(); } catch (error) { /* an element that cannot be clicked */ }
    }
  }
}"""


class Elsewhere:
    """Every other host of the world: counts the calls for the hosts that the payloads name.

    Every name leads here; which was meant stands in the first bytes, of TLS (SNI) as of HTTP (Host). The browser's own calls to
    its maker are not the page's doing.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.named = b"evil"
        """What the names of the payloads' hosts hold."""
        self.said: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller = self._socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._hear, args=(caller,), daemon=True).start()

    def _hear(self, caller: socket.socket) -> None:
        with caller:
            caller.settimeout(2)
            try:
                said = caller.recv(4096)
            except OSError:
                said = b""
            if self.named in said or not said:
                self.calls += 1
                self.said.append(said)

    def close(self) -> None:
        self._socket.close()


@dataclass
class Watch:
    """A tab that notes what a hostile page achieves."""

    page: Page
    home: str
    elsewhere: Elsewhere
    ran: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """Pages during which another host was called, be it for a connection alone."""
    left: list[str] = field(default_factory=list)
    here: str = ""

    def visit(self, path: str) -> None:
        calls = self.elsewhere.calls
        self.here = path
        try:
            self.page.goto(f"{self.home}/{path}", wait_until="load")
            self.page.evaluate(TOUCH)
        except Error as error:  # the page led away while it was opened or touched
            assert re.search("navigat|context|interrupted|net::", str(error)), error
            self.left.append(f"{path} while it was opened")
        self.page.wait_for_timeout(20)
        if not self.page.url.startswith(f"{self.home}/{path}"):
            self.left.append(f"{path} -> {self.page.url}")
        if self.elsewhere.calls > calls:
            self.called.append(path)


@pytest.fixture
def watch(chrome: Browser) -> Iterator[Callable[[str], Watch]]:
    """A tab of a browser for which every name leads to `Elsewhere`."""
    elsewhere = Elsewhere()
    rules = f"--host-resolver-rules=MAP * 127.0.0.1:{elsewhere.port}, EXCLUDE 127.0.0.1"
    browser = chrome.browser_type.launch(executable_path=chromium.find(), args=[*chromium.ARGUMENTS, rules])
    context = browser.new_context()
    context.set_default_timeout(20_000)

    def make(home: str) -> Watch:
        result = Watch(context.new_page(), home, elsewhere)

        def dialog(opened: Dialog) -> None:
            result.ran.append(f"{result.here}: {opened.message}")
            opened.dismiss()

        result.page.on("dialog", dialog)
        context.on("page", lambda _: result.left.append(f"{result.here}: a new tab"))
        return result

    yield make
    browser.close()
    elsewhere.close()
