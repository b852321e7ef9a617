"""Every contender is installed outside the repository, and starts with the dataset."""

import json
from pathlib import Path

import pytest

from benchmarks.contenders import CONTENDERS, Site, Skipped, packages
from benchmarks.contenders.packages import InstallError, Package
from benchmarks.dataset.dataset import Dataset, Query


def test_a_missing_program_is_a_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Skipped, match="needs node, which is not installed"):
        CONTENDERS["prism"].install()


def test_a_broken_installation_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(folder: Path, package: str) -> None:
        (folder / "half").write_text(package)
        raise InstallError("npm install left-pad@1.0.0: no such package")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(packages, "_npm_install", broken)
    package = Package("left-pad", "1.0.0")
    with pytest.raises(InstallError, match="no such package"):
        package.install()
    assert list(package.folder.parent.iterdir()) == []


def test_packages_stay_out_of_the_repository() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = [each.package.folder for each in CONTENDERS.values() if each.package]
    assert len(folders) == 5
    assert not any(folder.is_relative_to(root) for folder in folders)


@pytest.mark.parametrize("key", [key for key, each in CONTENDERS.items() if each.package])
def test_every_peer_writes_its_data_and_has_a_command(
    key: str, tickets: Dataset, tmp_path: Path
) -> None:
    contender = CONTENDERS[key]
    contender.prepare(tickets, tmp_path)
    written = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    newest = tickets.by_id[tickets.page(Query())[0]]
    assert json.dumps(newest["subject"]) in written.replace('\\"', '"')
    command = contender.command(Site(tmp_path, 4321, len(tickets)))
    assert "4321" in command
