"""What a picture must look like, whichever page it is on."""

from __future__ import annotations

import math

from playwright.sync_api import Page

from papernotes.figures.figure import Figure
from papernotes.figures.render import Gallery

# Text of a picture that runs over its edge or over other text, measured as it is laid out.
CLASHES = """() => {
  const found = [];
  for (const svg of document.querySelectorAll(".pn-svg")) {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => {
      const box = text.getBoundingClientRect();
      const rise = box.height * 0.2; // the line's own room above and below its glyphs
      return {words: text.textContent, left: box.left + 1, right: box.right - 1, top: box.top + rise, bottom: box.bottom - rise};
    });
    boxes.forEach((a, index) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
        found.push(`${a.words} runs over the edge`);
      for (const b of boxes.slice(index + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          found.push(`${a.words} runs over ${b.words}`);
    });
  }
  return found;
}"""


def drawn(gallery: Gallery) -> dict[str, list[Figure]]:
    """The figures with a picture, by the address of their page."""
    found = {uri: [figure for figure in figures if figure.picture] for uri, figures in gallery.pages.items()}
    return {uri.removesuffix(".md") + ".html": figures for uri, figures in found.items() if figures}


def check_pictures(page: Page, figures: list[Figure], width: int) -> None:
    """In a window of this width no text lies over text or edge or is too small, and markers stand where their fractions say."""
    assert page.evaluate(CLASHES) == []
    sizes = page.locator(".pn-svg text").evaluate_all(
        "texts => texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
    )
    assert min(sizes) >= 10
    for figure in figures:
        check_markers(page, figure, width)


def check_markers(page: Page, figure: Figure, width: int) -> None:
    boxes = page.locator(f"#{figure.anchor}").evaluate(
        """(figure) => [figure.querySelector(".pn-svg"), ...figure.querySelectorAll(".pn-figure__mark")].map((element) => {
          const box = element.getBoundingClientRect();
          return [box.x, box.y, box.width, box.height];
        })"""
    )
    (left, top, wide, high), marks = boxes[0], boxes[1:]
    assert left >= 0 and left + wide <= width
    assert len(marks) == len(figure.markers)
    for (x, y), mark in zip(figure.markers, marks, strict=True):
        centre = (mark[0] + mark[2] / 2, mark[1] + mark[3] / 2)
        assert math.dist(centre, (left + x * wide, top + y * high)) < 1.5, figure.ident
