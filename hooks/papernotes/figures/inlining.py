"""A checked picture as part of a page: its ids are the page's, its size is what the style sheet may shrink."""

from __future__ import annotations

from xml.etree import ElementTree

from papernotes.figures import css_values, svg


def inline(text: str, *, prefix: str, label: str | None, scale: float = 1.2) -> str:
    """A checked picture as an HTML fragment: ids prefixed, named by `label`, described by its own <desc>.

    `prefix`: unique in the page, goes before every id. `label`: None where the words beside it say what it is; then it is
    neither named nor described. `scale`: natural size in CSS pixels per unit; the stylesheet lets the picture shrink.
    Raises: ValueError where the text would not pass `check`.
    """
    for problem in svg.check(text.encode()):
        raise ValueError(f"{problem.line}:{problem.column}: {problem.what}")
    root = ElementTree.fromstring(text)
    size = svg.read_size(root.attrib["viewBox"])
    assert size is not None  # check() has seen the viewBox
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{svg.NAMESPACE}}}")
        for name, value in element.attrib.items():
            element.set(name, _prefixed(name, value, prefix))
        if element.tag not in {"text", "tspan", "title", "desc"}:
            element.text = None if element.text is None else element.text.strip() or None
        for child in element:
            if element.tag not in {"text", "tspan"} and child.tail is not None:
                child.tail = child.tail.strip() or None
    named: dict[str, str] = {"aria-hidden": "true"}
    for name in ("title", "desc"):
        said = root.find(name)
        assert said is not None and said.text is not None  # check() has seen both
        if label is None:
            root.remove(said)
        said.text = " ".join(said.text.split())
        said.set("id", f"{prefix}-{name}")
    if label is not None:
        named = {"role": "img", "aria-label": label, "aria-describedby": f"{prefix}-desc"}
    root.attrib.update(
        {
            "class": " ".join(filter(None, ["pn-svg", root.get("class")])),
            **named,
            "width": f"{size.width * scale:g}",
            "height": f"{size.height * scale:g}",
        }
    )
    return ElementTree.tostring(root, encoding="unicode", method="html")


def _prefixed(name: str, value: str, prefix: str) -> str:
    """The value of an attribute with its ids prefixed, and what is CSS written plainly."""
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href":
        return f"#{prefix}-{value[1:]}"
    if name == "style":
        return css_values.paints_of(value) or ""
    target = css_values.local(value) if name in css_values.PAINT | svg.MARKERS | {"clip-path"} else None
    return value if target is None else f"url(#{prefix}-{target})"
