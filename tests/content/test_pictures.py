"""Every picture of this repository, as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from conftest import ROOT
from picturing import check_pictures, drawn

from papernotes.data import site as sites
from papernotes.figures.render import Gallery

DRAWN = drawn(Gallery(sites.load(ROOT / "docs", root=ROOT, today=date.max)[0]))


@pytest.mark.parametrize("path", DRAWN)
def test_every_picture_is_legible_in_every_look(real_server: str, visit: Callable[..., Any], path: str) -> None:
    check_pictures(visit(real_server, reduced_motion="reduce").open(path), DRAWN[path])
