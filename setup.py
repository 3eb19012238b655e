"""What pyproject.toml cannot say: the kit of a site lies beside the package, and goes into its wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

KIT = ("overrides", "docs/_data/templates", "tools/starter", ".vscode", ".editorconfig")
"""See papernotes/kit.py."""


class BuildWithKit(build_py):
    """Python, and the kit in `papernotes/_kit`."""

    def run(self) -> None:
        """Copy it anew: a folder of an earlier build may hold what is gone."""
        super().run()
        if self.editable_mode:
            return
        kit = Path(self.build_lib, "papernotes", "_kit")
        shutil.rmtree(kit, ignore_errors=True)
        for name in KIT:
            source, target = Path(name), kit / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)


setup(cmdclass={"build_py": BuildWithKit})
