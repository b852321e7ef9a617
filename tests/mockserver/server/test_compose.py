"""The deployment of several replicas: its files fit together, and its nginx does what it says."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from click.testing import CliRunner

from mockserver.server.cli import main
from tests.support.harness import CLOCK, Serving, free_port, serving
from tests.support.nginx import need_nginx, nginx
from tests.support.postgres import Postgres

FOLDER = Path(__file__).parents[3] / ".ci"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    return loaded


def test_the_files_that_the_services_name_are_there(services: dict[str, Any]) -> None:
    build = services["mock"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
    (mounted,) = services["front"]["volumes"]
    assert (FOLDER / mounted.split(":")[0]).is_file()
    for service in services.values():
        assert {*service.get("depends_on", ())} <= {*services}


def test_the_mock_takes_the_options_it_is_given(services: dict[str, Any]) -> None:
    known = CliRunner().invoke(main, ["serve", "--help"]).output
    given = [word for word in services["mock"]["command"] if word.startswith("--")]
    assert given
    assert all(f"{option} " in known for option in given)


def test_the_mock_is_told_of_the_database_as_that_is_set_up(services: dict[str, Any]) -> None:
    setup = services["database"]["environment"]
    url = f"//{setup['POSTGRES_USER']}:{setup['POSTGRES_PASSWORD']}@database/{setup['POSTGRES_DB']}"
    assert any(url in word for word in services["mock"]["command"])


@contextmanager
def front(folder: Path, servers: list[Serving]) -> Iterator[str]:
    """Run nginx with the configuration as it is, but for the addresses."""
    port = free_port()
    hosts = "".join(f"server {each.url.removeprefix('http://')};\n" for each in servers)
    text = (FOLDER / "nginx.conf").read_text()
    for old, new in {
        "server mock:4010;": hosts,
        "listen 80;": f"listen 127.0.0.1:{port};",
        "http {": f"http {{ access_log off; client_body_temp_path {folder}/body;",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with nginx(folder, text, port):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
def test_behind_nginx_replicas_are_one_mock_and_one_may_go(
    postgres: Postgres, tmp_path: Path
) -> None:
    need_nginx()
    options = ("--database", postgres.url(), "--clock", CLOCK, "--tickets", "60")
    headers = {"Authorization": "Bearer jane"}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(*options)) for _ in range(2)]
        url = stack.enter_context(front(tmp_path, servers))
        for turn in range(20):
            status = ("closed", "open")[turn % 2]
            requests.put(
                f"{url}/api/tickets/42/status", json={"status": status}, headers=headers, timeout=10
            ).raise_for_status()
            found = requests.get(f"{url}/api/tickets/42", headers=headers, timeout=10).json()
            assert found["ticket"]["status"] == status
        page = requests.get(f"{url}/api/tickets", headers=headers, timeout=10).json()
        assert page["links"]["first"].startswith(f"{url}/api/tickets?")
        journals = [
            requests.get(f"{each.url}/_mock/journal", timeout=10).json() for each in servers
        ]
        recorded = [len(journal["exchanges"]) for journal in journals]
        assert sum(recorded) == 41
        assert all(recorded), "nginx used one replica only"
        assert len({journal["process"] for journal in journals}) == 2
        servers[0].process.terminate()
        codes = [requests.get(f"{url}/api/tickets", headers=headers, timeout=10) for _ in range(20)]
        assert {reply.status_code for reply in codes} == {200}
