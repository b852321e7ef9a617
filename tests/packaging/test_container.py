"""The container recipe, as far as it can be checked without a container engine."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.harness import free_port, serving

ROOT = Path(__file__).parents[2]
LOCK = ROOT / ".ci" / "lock.txt"
RECIPE = (ROOT / ".ci" / "Containerfile").read_text().replace("\\\n", " ")


def instruction(name: str) -> str:
    found = re.search(rf"^{name} (.+)$", RECIPE, re.MULTILINE)
    assert found is not None, name
    return found[1]


def test_what_is_copied_exists() -> None:
    for words in re.findall(r"^COPY (.+) \S+$", RECIPE, re.MULTILINE):
        for name in words.split():
            assert (ROOT / name).exists(), name


def normalized(names: str) -> str:
    return names.lower().replace("_", "-")


def test_the_image_has_the_versions_of_the_lock_file() -> None:
    assert " -c lock.txt " in instruction("RUN")
    locked = {line.partition("==")[0] for line in normalized(LOCK.read_text()).splitlines()}
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for requirement in (*needed["dependencies"], *needed["optional-dependencies"]["postgres"]):
        assert re.split(r"[^\w-]", normalized(requirement))[0] in locked


def healthy(port: int) -> bool:
    """Run the command of the health check, and return whether it succeeds."""
    command = instruction("HEALTHCHECK").partition("CMD ")[2]
    command = command.replace("python -c", f"{sys.executable} -c")
    done = subprocess.run(
        ["sh", "-c", command],
        env={"MOCKSERVER_PORT": str(port)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode == 0


def test_the_health_check_tells_whether_a_mock_serves() -> None:
    with serving("--world", "empty") as running:
        assert healthy(int(running.url.rpartition(":")[2]))
    assert not healthy(free_port())


def test_the_entry_point_serves_on_every_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = instruction("ENV").split("=")
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOCKSERVER_WORLD", "empty")
    assert json.loads(instruction("ENTRYPOINT")) == ["mockserver"]
    with serving() as running:
        assert running.get("/_mock/health").status_code == 200
        assert running.get("/_mock/worlds").status_code == 403
