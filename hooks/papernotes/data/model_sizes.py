"""The table of model sizes: what the well-known models are sized, which the number rules compare pages with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.text.document import relative
from papernotes.text.frontmatter import read_mapping

FILE: Final = "_data/sizes.yml"
MAX_BYTES: Final = 64_000
_SIZE: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)([MBT])")
UNITS: Final = {"M": 1e6, "B": 1e9, "T": 1e12}

RULES = (
    Rule(
        "model-sizes",
        "模型大小表每行一个模型",
        "数字检查拿这张表核对页面上的参数量。",
        "GPT-3: 175",
        "GPT-3: [175B, 13B]",
    ),
)


def load(docs_dir: Path, root: Path) -> tuple[dict[str, tuple[float, ...]], list[Finding]]:
    """Read the table of model sizes; a docs folder may be without one.

    Shape: by name, the sizes in parameters; every finding on the way. Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    if not file.is_file():
        return {}, []
    if file.stat().st_size > MAX_BYTES:
        return {}, [Finding(path, 1, 1, "model-sizes", f"the table has more than {MAX_BYTES} bytes", "shorten it")]
    entries, _, findings = read_mapping(path, file.read_text(encoding="utf-8", errors="replace"))
    found: dict[str, tuple[float, ...]] = {}
    for name, node in entries.items():
        items = node.value if node.kind == "list" else []
        sizes = [_SIZE.fullmatch(item.value) if item.kind == "str" else None for item in items]
        if not sizes or None in sizes:
            what = f"the sizes of {quote(name)} are not a list of sizes"
            findings.append(node.finding(path, "model-sizes", what, "write [7B, 13B] or [350M]"))
        else:
            found[name] = tuple(float(size[1]) * UNITS[size[2]] for size in sizes if size)
    return found, findings
