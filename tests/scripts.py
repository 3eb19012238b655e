"""The site's modules in an engine without a browser: what needs no page is tested here, by the same join as the site's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import quickjs

from papernotes import words
from papernotes.build.finish import assets, modules

SOURCES = Path(__file__).resolve().parent.parent / "overrides" / assets.SCRIPTS

WORDS, _ = words.read([SOURCES.parent.parent], SOURCES)
# What a browser has and this engine has not; nothing here waits, so a timer ends at once where it is of no length and never
# otherwise, and only GB/T 2312 is decoded.
GB2312 = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
BROWSER = f"""const performance = {{ now: () => 0 }};
const setTimeout = (call, after) => {{ if (after === 0) Promise.resolve().then(call); return 1; }};
class TextDecoder {{ decode(bytes) {{
  if (bytes.join() !== {json.dumps(",".join(map(str, GB2312)))}) throw new Error("bytes");
  return {json.dumps(GB2312.decode("gb2312", "replace"))};
}} }}"""


class Scripts:
    """A module and what it imports, ready to be called.

    `instead`: text of an object, by the path of the module in whose place it stands; that module is not run.
    """

    def __init__(self, entry: str, instead: Mapping[str, str] | None = None) -> None:
        self._context = quickjs.Context()
        self._context.eval(BROWSER)
        given = dict(instead or {})
        self._context.eval(f"globalThis.pnModules = {{{','.join(f'{json.dumps(p)}: {t}' for p, t in given.items())}}};")
        *later, own = modules.build(SOURCES, entry, given.keys(), WORDS)
        for script in (own, *later):  # what is loaded later finds what ran before
            self._context.eval(script.content)

    def call(self, expression: str, *arguments: Any) -> Any:
        """The value of a function's call, or of what its promise comes to, as JSON carries it.

        Raises: quickjs.JSException where it throws or is rejected.
        """
        given = ", ".join(map(json.dumps, arguments))
        self._context.eval(
            f"var out = {{}}; (async () => ({expression})({given}))().then("
            "(value) => { out.value = JSON.stringify(value); }, (error) => { out.error = String(error); })"
        )
        while self._context.execute_pending_job():
            pass
        if self._context.eval("'error' in out"):
            raise quickjs.JSException(self._context.eval("out.error"))
        if not self._context.eval("'value' in out"):
            raise AssertionError("the promise came to no end")
        value = self._context.eval("out.value")
        return None if value is None else json.loads(value)


def module(path: str, name: str) -> str:
    """The expression for what a module exports."""
    return f'pnModules["{path}"].{name}'
