"""The test files of a paper: made from its source by the programs that arXiv uses, and framed as arXiv frames its pages.

LaTeXML and pdfTeX are Debian's `latexml`, `texlive-latex-recommended` and `texlive-fonts-recommended`.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from conftest import ROOT

PAPER = ROOT / "tests" / "cases" / "reading"
ID, VERSION = "2402.99999", 2
"""An id that no paper has."""
STAMP = f"arXiv:{ID}v{VERSION} [cs.CV] 9 Feb 2024"


def html(folder: Path, *, ids: bool) -> bytes:
    """The paper as HTML. `ids`: with one on every paragraph and cell, as arXiv's pages have them."""
    preload = ["--preload=[ids]latexml.sty"] if ids else []
    _run(folder, "latexmlc", *preload, "--pmml", "--mathtex", "--nodefaultresources", "--nocomments", "--destination=paper.html", str(PAPER / "paper.tex"))  # fmt: skip
    return (folder / "paper.html").read_bytes()


def pdf(folder: Path, **options: str) -> bytes:
    """The paper as a PDF, stamped as arXiv's are. `options`: the class and the margin that its source names otherwise."""
    source = (PAPER / "paper.tex").read_text(encoding="utf-8")
    source = source.replace(r"\documentclass{", rf"\documentclass[{options.get('style', '')}]{{")
    source = source.replace("margin=1.25in", f"margin={options.get('margin', '1.25in')}")
    (folder / "paper.tex").write_text(f"\\def\\stamp{{{STAMP}}}\n{source}", encoding="utf-8")
    for _ in range(2):  # the second time with the numbers of tables
        _run(folder, "pdflatex", "-interaction=nonstopmode", "paper.tex")
    return (folder / "paper.pdf").read_bytes()


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=300, check=False
    )
    assert not done.returncode, (done.stdout + done.stderr)[-2_000:]


def framed(page: bytes, year: int, *, version: int = VERSION, id_: str = ID) -> bytes:
    """A page of LaTeXML in the frame that arXiv puts around it, as it was in a year: 2024 or 2026."""
    text = page.decode()
    article = text[text.index("<article") : text.index("</article>") + len("</article>")]
    address = f"https://arxiv.org/html/{id_}v{version}"
    article = article.replace('href="#', f'href="{address}#')
    stamp = f"arXiv:{id_}v{version} [cs.CV] 9 Feb 2024"
    if year == 2024:  # attributes in another order, a button after each block, two annotations
        article = re.sub(r'<(\w+) id="([^"]+)" class="([^"]+)"', r'<\1 class="\3" id="\2"', article)
        button = '<button class="sr-only button" style="display: none;">Report issue for preceding element</button>'
        article = re.sub(r"(</(?:p|h[1-6]|figure|table)>)", rf"\1{button}", article)
        article = article.replace("</math>", "</math>").replace(
            '<annotation encoding="application/x-tex">',
            '<annotation-xml encoding="MathML-Content"><cn>77</cn></annotation-xml><annotation encoding="application/x-llamapun">seventy 77</annotation><annotation encoding="application/x-tex">',
        )
        box = f'<div class="section" id="target-section"><div id="license-tr">License: CC BY 4.0</div><div id="watermark-tr">{stamp}</div></div>'
        body = f'<nav class="ltx_page_navbar"><nav class="ltx_TOC"><ol><li><a class="ltx_ref" href="{address}#S1"><span class="ltx_tag ltx_tag_ref">1 </span>Table 9: 88%</a></li></ol></nav></nav><div class="ltx_page_main"><div class="ltx_page_content">{box}{article}</div><footer class="ltx_page_footer">99.9% of pages</footer></div>'
    else:
        box = f'<div id="infobox" class="infobox"><a id="license-tr" href="https://info.arxiv.org/help/license/">License: CC BY 4.0</a><div id="watermark-tr">\n{stamp}</div></div>'
        body = f'<dialog id="modal-form"><form><h5>Report GitHub Issue</h5><p>500 characters maximum</p></form></dialog><div class="package-alerts ltx_document" role="status"><p>HTML conversions sometimes display errors: 3%.</p></div><header class="arxiv-html-header"><a href="{address}#">Report 1 Issue</a></header><nav class="ltx_page_navbar"><nav class="ltx_TOC"><ol><li>Table 9: 88%</li></ol></nav></nav><div class="ltx_page_main">{box}<div class="ltx_page_content">{article}</div></div>'
    return f'<!DOCTYPE html><html lang="en"><head><title>Paper</title><script>let a = "99%";</script></head><body>{body}</body></html>\n'.encode()


if __name__ == "__main__":
    for name, make in (("paper.html", lambda folder: html(folder, ids=True)), ("paper.pdf", pdf)):
        with tempfile.TemporaryDirectory() as folder:
            (PAPER / name).write_bytes(make(Path(folder)))
