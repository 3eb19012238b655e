"""Random edits of a project's pages and data, as writers make them, right and wrong: what is kept must notice each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_SENTENCES = (
    "这一句是后来加的。",
    "这里又提到 [@2305.18290]。",
    "说明在[那一节](ppo.md#说明)里。",
    "这一节在[别处](ppo.md#讲解)。",
    "错的标点,在这里。",
    "这里指着[没有的页面](gone.md)。",
    "这里用<b>标签</b>。",
    "GPT-3 在这里得 43.7%。【来源：未核对位置】",
)


@dataclass
class Editor:
    """Edits one project, one thing at a time; the same seed makes the same edits."""

    project: Path
    source: random.Random
    days: int = 0
    """How many days have gone by."""
    _away: dict[Path, str] = field(default_factory=dict)

    def edit(self) -> str:
        """Make one edit. Shape: what was done, for the message of a test that fails."""
        kind = self.source.choice(_KINDS)
        return f"{kind.__name__}: {kind(self)}"

    @property
    def docs(self) -> Path:
        """Its docs folder."""
        return self.project / "docs"

    def _page(self) -> Path:
        return self.source.choice(sorted(set((self.docs / "papers").glob("*.md")) - {self.docs / "papers/index.md"}))

    def _replace(self, file: Path, pattern: str, new: str | Callable[[re.Match[str]], str]) -> str:
        if not file.is_file():
            return f"{file.name} is away"
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(pattern, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")
        return f"{file.name}: {pattern} -> {new}"

    def sentence(self) -> str:
        """A sentence more, at the end of a page."""
        page, sentence = self._page(), self.source.choice(_SENTENCES)
        page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n{sentence}\n", encoding="utf-8")
        return f"{page.name}: {sentence}"

    def undone(self) -> str:
        """The last paragraph goes."""
        page = self._page()
        page.write_text(page.read_text(encoding="utf-8").rstrip().rpartition("\n\n")[0] + "\n", encoding="utf-8")
        return page.name

    def title(self) -> str:
        """A title that other pages show."""
        return self._replace(self._page(), r"^title: .*$", f"title: 换过的标题 {self.source.randrange(90)}")

    def heading(self) -> str:
        """A heading that others link to gets another name, or its own again."""
        return self._replace(
            self.docs / "papers/ppo.md",
            "^## (说明|讲解)$",
            lambda match: "## 讲解" if match[1] == "说明" else "## 说明",
        )

    def term(self) -> str:
        """A definition that pages show in cards."""
        number = self.source.randrange(90)
        return self._replace(self.docs / "_data/terms.yml", "^  definition: 在.*$", f"  definition: 在第 {number} 处。")

    def count(self) -> str:
        """A citation count."""
        return self._replace(
            self.docs / "_data/papers.json", r'"count": \d+', f'"count": {self.source.randrange(30000, 32000)}'
        )

    def caption(self) -> str:
        """The caption of a figure that other pages may preview."""
        return self._replace(
            self.docs / "papers/segment-anything.md",
            "^    caption: .*$",
            f"    caption: 三个部件 {self.source.randrange(90)}",
        )

    def picture(self) -> str:
        """A drawing."""
        file = self.docs / "papers/segment-anything/parts.svg"
        return self._replace(file, "</svg>", f"<!-- {self.source.randrange(90)} --></svg>")

    def page(self) -> str:
        """A page goes, or comes back as it was."""
        page = self.docs / "papers/ppo.md"
        if page in self._away:
            page.write_text(self._away.pop(page), encoding="utf-8")
        elif page.is_file():
            self._away[page] = page.read_text(encoding="utf-8")
            page.unlink()
        return page.name

    def template(self) -> str:
        """A template."""
        file = self.project / "overrides/partials/pn-neighbours.html"
        if file.is_file():
            file.write_text(f"{file.read_text(encoding='utf-8')}<p>{self.source.randrange(90)}</p>\n", encoding="utf-8")
        return file.name

    def day(self) -> str:
        """The next day."""
        self.days += 1
        return str(self.days)


_KINDS = (
    Editor.sentence, Editor.sentence, Editor.undone, Editor.undone, Editor.title, Editor.heading, Editor.term, Editor.count,
    Editor.caption, Editor.picture, Editor.page, Editor.template, Editor.day,
)  # fmt: skip
