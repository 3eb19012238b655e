"""Find the Chromium that the tests drive; on Debian, as root, install it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from papernotes.base.finding import StopError

SHELL: Final = "chromium-headless-shell"
"""Without windows and their furniture: a new tab costs it a third of what it costs the whole browser."""
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # The whole browser loads two pages of its own beside each of ours, for an address bar that nobody sees: a third of what a tab
    # costs it. The last list of such names counts alone, so those of Playwright's that matter here are in it.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,"
    "PreconnectToSearch,ThirdPartyStoragePartitioning",
)
"""What it is started with, for the tests."""
NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_FONT_FOLDERS: Final = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype/wqy")


class NoBrowser(StopError):  # noqa: N818 - says what to install
    """There is no Chromium, and it cannot be installed here."""


def find(*, install: bool = False, whole: bool = False) -> str:
    """The path of Chrome or Chromium.

    `PAPERNOTES_CHROMIUM` names one; else the usual names are looked for. `install`: on Debian as root, get it by apt,
    with Chinese fonts. `whole`: with what a page is kept in when its reader goes on, which the shell has not. Raises: NoBrowser, which says what to install.
    """
    named = os.environ.get("PAPERNOTES_CHROMIUM")
    if named:
        if Path(named).is_file():
            return named
        raise NoBrowser(f"PAPERNOTES_CHROMIUM names {named!r}, which does not exist")
    names = NAMES if whole else (SHELL, *NAMES)
    found = next((path for name in names if (path := shutil.which(name))), None) or next(
        (place for place in _PLACES if Path(place).is_file()), None
    )
    debian = shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0
    if install and debian and (not found or not any(Path(folder).is_dir() for folder in _FONT_FOLDERS)):
        print("papernotes: installing Chromium and Chinese fonts by apt-get", flush=True)
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", SHELL, NAMES[0], "fonts-noto-cjk"],
        ):
            done = subprocess.run(
                command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False
            )
            if done.returncode:
                print(f"papernotes: {' '.join(command)} failed", file=sys.stderr)
        found = shutil.which(SHELL) or shutil.which(NAMES[0]) or found
    if not found:
        raise NoBrowser(
            "the tests need Chrome or Chromium: install one (Debian: apt install chromium fonts-noto-cjk) or set PAPERNOTES_CHROMIUM"
        )
    return found
