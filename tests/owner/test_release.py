"""A release is of a commit whose changes are told; its source archive is the same whoever makes it, whenever."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from papernotes import __version__
from papernotes.owner import release


def archive(names: list[str], *, mtime: int, mode: int, owner: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode, member.uname, member.uid = len(name), mtime, mode, owner, mtime % 7
            tar.addfile(member, io.BytesIO(name.encode()))
    return packed.getvalue()


def test_the_source_archive_is_of_its_files_alone() -> None:
    one = release.settled(archive(["a/x", "a/b"], mtime=5, mode=0o600, owner="root"), 1_700_000_000)
    other = release.settled(archive(["a/b", "a/x"], mtime=9, mode=0o664, owner="me"), 1_700_000_000)
    assert one == other
    with tarfile.open(fileobj=io.BytesIO(one)) as tar:
        members = [(each.name, each.mtime, each.mode, each.uname) for each in tar.getmembers()]
        content = tar.extractfile("a/x")
        assert content is not None and content.read() == b"a/x"
    assert members == [("a/b", 1_700_000_000, 0o644, ""), ("a/x", 1_700_000_000, 0o644, "")]
    assert gzip.decompress(one)


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    for name in ("b.whl", "a.zip"):
        (tmp_path / name).write_text(name)
    (tmp_path / release.SUMS).write_text(release.sums(sorted(tmp_path.iterdir())))
    done = subprocess.run(
        ["sha256sum", "--check", release.SUMS], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "a.zip: OK\nb.whl: OK\n"


def test_what_is_not_ready_is_refused(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    def why() -> str:
        with pytest.raises(release.CannotReleaseError) as error:
            release.make(tmp_path, tmp_path / "dist", print)
        return str(error.value)

    assert why().startswith("a release is made of a commit, and git cannot tell (not a git repository")
    git("init", "-q")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.9.0\n")
    assert why() == "git does not hold 'CHANGELOG.md' as it is; a release is made of a commit"
    git("add", ".")
    git("commit", "-qm", "all")
    assert why() == f"CHANGELOG.md has no section '## {__version__}'; write it, or correct papernotes.__version__"
    assert not (tmp_path / "dist").exists()
