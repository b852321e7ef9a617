"""The wheel, installed alone and used from another folder."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

from mockserver.contract import resources
from mockserver.contract.operations import Contract
from tests.support.harness import CLOCK, serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    subprocess.run([*command, ROOT], check=True, capture_output=True)
    return next(folder.glob("there_there_mock-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and sees our libraries.

    A folder named in a .pth file is searched, but its own .pth files are not read: the checkout,
    which is installed that way, stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps"]
    options = ["--quiet", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*install, *options, wheel], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


def test_it_carries_the_contract_the_schemas_and_the_fixtures_that_are_read(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if "/_data/" in name}
    read = [resources.contract(), *ROOT.glob("schemas/**/*.yaml")]
    read += [*resources.examples().glob("*"), *resources.worlds().glob("*")]
    assert len(read) > 20
    assert inside == {f"mockserver/_data/{path.relative_to(ROOT)}" for path in read}


def test_it_carries_every_module_and_no_test(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    modules = [*ROOT.glob("mockserver/**/*.py"), *ROOT.glob("contract_tests/**/*.py")]
    assert {str(path.relative_to(ROOT)) for path in modules} <= inside
    assert {name.split("/")[0] for name in inside if "dist-info" not in name} == {
        *("mockserver", "contract_tests")
    }


def test_its_commands_stand_in_the_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
    lines = archive.read(name).decode().splitlines()
    assert "mockserver = mockserver.__main__:main" in lines
    assert "contract-tests = contract_tests.__main__:main" in lines


@pytest.mark.slow
def test_it_prints_its_own_contract_from_another_folder(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    where = [installed, "-c", "import mockserver; print(mockserver.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(installed.parent.parent))
    command = installed.parent / "mockserver"
    spec = subprocess.run([command, "spec"], cwd=tmp_path, capture_output=True, check=True)
    assert yaml.safe_load(spec.stdout) == Contract.load().document


@pytest.mark.slow
def test_it_serves_from_another_folder(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with serving("--clock", CLOCK, folder=tmp_path, python=str(installed)) as running:
        assert running.get("/api/tickets/42").json()["ticket"]["id"] == 42
        assert running.get("/docs/").status_code == 200
    assert list(tmp_path.iterdir()) == []
