"""The example of a front end: its tests with Vitest and with Playwright, against the mock."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsing import chromium_path
from tests.support.console import ROOT
from tests.support.harness import free_port
from tests.support.npm import install, run

EXAMPLE = Path(__file__).with_name("javascript")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("front-end")
    install(EXAMPLE, folder, "mock.ts")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_types_fit(project: Path) -> None:
    run(project, "npx", "tsc", "-p", ".")


def test_a_wrong_field_is_an_error_of_types(project: Path) -> None:
    test = project / "inbox.test.ts"
    text = test.read_text()
    test.write_text(text.replace('kind: "rate"', 'kind: "rat"'))
    with pytest.raises(AssertionError, match="is not assignable"):
        run(project, "npx", "tsc", "-p", ".")
    test.write_text(text)


def test_vitest_starts_a_mock_and_uses_a_world_for_each_test(project: Path) -> None:
    assert "5 passed" in run(project, "npx", "vitest", "run", "inbox.test.ts")


def test_playwright_starts_its_mocks_and_a_session_runs_through(project: Path) -> None:
    environment = {
        "MOCKSERVER_PORT": str(free_port()),
        "OWN_PORT": str(free_port()),
        "CHROMIUM": chromium_path(),
    }
    own_endpoints(project)
    assert "2 passed" in run(project, "npx", "playwright", "test", **environment)


def own_endpoints(folder: Path) -> None:
    """Write the contract and the world of docs/own-endpoints.md, by its own commands."""
    page = (ROOT / "docs" / "own-endpoints.md").read_text()
    for name in ("paths.yaml", "own-world.yaml"):
        text = page.partition(f"<!-- file: {name} -->\n```yaml\n")[2].partition("```")[0]
        (folder / name).write_text(text)
    run(folder, "bash", "-c", page.partition("```sh\n")[2].partition("```")[0])
