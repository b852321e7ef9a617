"""The commands of the workflows in docs/ci.md run, with the mock in place of a service."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.console import ROOT
from tests.support.harness import CLOCK, serving

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "ci.md"
APP = "curl -fgs http://127.0.0.1:4010/api/tickets -H 'Authorization: Bearer jane' -o /dev/null"
NOT_HERE = ("pip install", "git clone")
"""What needs a package index or a network."""


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow of the page by the name of its file."""
    match = re.search(
        rf"<!-- file: {re.escape(name)} -->\n```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    assert match, name
    return yaml.safe_load(match[1])


def github(name: str) -> list[str]:
    steps = [step for job in workflow(name)["jobs"].values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


def gitlab() -> list[str]:
    job = workflow(".gitlab-ci.yml")["contract"]
    return [*job["script"], *job["after_script"]]


def run(commands: list[str], folder: Path, url: str) -> dict[str, int]:
    """Run commands in a shell each; return the exit status of each."""
    port = url.rpartition(":")[2]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CONTRACT_TOKEN": "jane",
        "XDG_STATE_HOME": str(folder / "state"),
    }
    environment.pop("GITHUB_ACTIONS", None)
    found = {}
    for command in commands:
        if command.startswith(NOT_HERE):
            continue
        here = re.sub(r"https://(app|staging)\.[\w.]+", url, command).replace(":4010", f":{port}")
        here = here.replace("npm ci && npm test", APP.replace(":4010", f":{port}"))
        if here.startswith("mockserver --clock"):
            continue  # it is the one that answers
        if here.startswith("mockserver verify"):
            here += f" --url {url}"
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", here],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found[command] = done.returncode
        assert done.returncode == 0, f"{here}\n{done.stdout[-2000:]}{done.stderr}"
    return found


@pytest.fixture(scope="module")
def mock():
    with serving("--clock", CLOCK) as server:
        yield server


def test_an_app_is_checked(mock, tmp_path):
    assert len(run(github(".github/workflows/app.yml"), tmp_path, mock.url)) == 3


def test_a_pull_request_is_checked(mock, tmp_path):
    run(github(".github/workflows/contract.yml"), tmp_path, mock.url)

    assert {path.name for path in tmp_path.glob("contract.*")} == {
        "contract.html", "contract.xml", "contract.sarif",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("commands", "report"),
    [(github(".github/workflows/nightly.yml"), "contract.sarif"), (gitlab(), "contract.xml")],
    ids=["github", "gitlab"],
)
def test_two_nights_are_checked_and_compared(commands, report, mock, tmp_path):
    quick = [
        command.replace("--rate 30/minute", "--rate off --profile quick") for command in commands
    ]
    (tmp_path / "accepted.yaml").touch()
    for _ in range(2):
        run(quick, tmp_path, mock.url)

    for name in ("run.json", "contract.html", "history.html", "badge.json", report):
        assert (tmp_path / name).stat().st_size > 50, name
    assert len((tmp_path / "history" / "runs.jsonl").read_text().splitlines()) == 2
    badge = json.loads((tmp_path / "badge.json").read_text())
    assert (badge["message"], badge["color"]) == ("conforming", "brightgreen")
