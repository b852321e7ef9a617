"""The example of a ticket screen: types, build, and its tests with Playwright.

SCREENSHOTS=1 keeps its picture in docs/screenshots.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsing import chromium_path
from tests.support.console import ROOT
from tests.support.harness import free_port
from tests.support.npm import install, run

EXAMPLE = Path(__file__).with_name("ticket_screen")
PICTURE = "ticket-screen.png"

pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("ticket-screen")
    install(EXAMPLE, folder, "tests/mock.ts")
    run(folder, "npm", "run", "generate")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_types_fit_the_contract(project: Path) -> None:
    run(project, "npm", "run", "types")


def test_the_screen_is_built_and_works(project: Path) -> None:
    run(project, "npm", "run", "build")
    environment = {
        "MOCK_URL": f"http://127.0.0.1:{free_port()}",
        "APP_PORT": str(free_port()),
        "CHROMIUM": chromium_path(),
    }
    if os.environ.get("SCREENSHOTS"):
        environment["PICTURES"] = str(project / "pictures")
    printed = run(project, "npm", "test", **environment)
    passed = re.search(r"(\d+) passed", printed)
    declared = sum(
        len(re.findall(r"^test\(", path.read_text(), re.MULTILINE))
        for path in (EXAMPLE / "tests").glob("*.spec.ts")
        if "PICTURES" in environment or path.name != "pictures.spec.ts"
    )
    assert passed is not None, printed
    assert int(passed[1]) == declared
    if "PICTURES" in environment:
        shutil.copy(project / "pictures" / PICTURE, ROOT / "docs" / "screenshots" / PICTURE)
