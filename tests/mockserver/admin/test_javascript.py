"""The client for JavaScript and TypeScript that the mock serves."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from mockserver.admin.openapi.document import load_document
from mockserver.admin.openapi.javascript import _OTHERS, client
from tests.support.harness import Serving


def operations() -> set[str]:
    items = [item for path in load_document()["paths"].values() for item in path.values()]
    return {item["operationId"] for item in items if isinstance(item, dict)}


@pytest.mark.parametrize("typed", [False, True])
def test_every_operation_is_a_method(typed: bool) -> None:
    methods = set(re.findall(r"^  (\w+)\(.*\{$", client(typed=typed), re.MULTILINE))
    assert operations() - set(_OTHERS) <= methods


def test_javascript_has_no_types_and_typescript_no_marks() -> None:
    assert "/*:" not in client(typed=False)
    assert "Promise<" not in client(typed=False)
    assert not re.search(r"/\*[^*]", client(typed=True))


def test_every_schema_is_a_type() -> None:
    declared = set(re.findall(r"^export type (\w+) = ", client(typed=True), re.MULTILINE))
    assert declared == set(load_document()["components"]["schemas"])


@pytest.mark.parametrize(("name", "media_type"), [("js", "text/javascript"), ("ts", "text/plain")])
def test_the_mock_serves_it(seeded_app: Flask, name: str, media_type: str) -> None:
    reply = seeded_app.test_client().get(f"/_mock/client.{name}")
    assert (reply.status_code, reply.mimetype) == (200, media_type)
    assert reply.text == client(typed=name == "ts")
    assert seeded_app.test_client().get("/_mock/client.py").status_code == 404


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_reads_it(tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_text(client(typed=False))
    done = subprocess.run(
        ["node", "--check", tmp_path / "client.mjs"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_world_without_requests_is_not_verified(server: Serving, tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_text(client(typed=False))
    (tmp_path / "verify.mjs").write_text(
        f"""
        import {{ Mock }} from "./client.mjs";
        const world = new Mock("{server.url}").world("verified");
        await world.verify().catch((error) => console.log(error.message));
        const headers = {{ Authorization: "Bearer ann@verified" }};
        await fetch("{server.url}/api/tickets", {{ headers }});
        await world.verify();
        """
    )
    done = subprocess.run(
        ["node", tmp_path / "verify.mjs"], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stdout.startswith("no request was recorded in the world verified; "), done.stderr
    assert (done.stdout.count("\n"), done.returncode) == (1, 0)
