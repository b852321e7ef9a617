"""The command as a process: its ready line, its refusals, and its end."""

import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import requests
from harness import CLOCK, Serving, refused, serving


def test_the_ready_line_tells_a_url_that_answers(server: Serving) -> None:
    assert re.fullmatch(r"There There mock on http://127\.0\.0\.1:\d+ .*\n", server.greeting)
    assert server.get("/api/tickets").status_code == 200


def test_the_curl_line_of_the_greeting_works_as_it_is_pasted(tmp_path: Path) -> None:
    with serving("--world", "small") as running:
        line = running.process.stdout.readline()  # type: ignore[union-attr]  # it is a pipe
    found = re.search(r'curl -g "(\S+)" -H "(\S+): (.+?)"', line)
    assert found is not None, line
    assert found[1] == f"{running.url}/api/tickets?filter[status]=open&per_page=10"
    assert (found[2], found[3]) == ("Authorization", "Bearer jane")


def test_brackets_may_come_bare_or_encoded(server: Serving) -> None:
    host = server.url.removeprefix("http://")
    lines = []
    for query in ("filter[status]=open&per_page=10", "filter%5Bstatus%5D=open&per_page=10"):
        with socket.create_connection(tuple(host.split(":"))) as connection:  # type: ignore[arg-type]  # host and port
            request = f"GET /api/tickets?{query} HTTP/1.1\r\nHost: {host}\r\n"
            connection.sendall(
                f"{request}Authorization: Bearer jane\r\nConnection: close\r\n\r\n".encode()
            )
            head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(
                b"\r\n\r\n"
            )
        assert head.startswith(b"HTTP/1.1 200")
        lines.append(body)
    assert lines[0] == lines[1]


def test_the_documented_request_answers_the_documented_shape(server: Serving) -> None:
    page = server.get("/api/tickets?filter[status]=open&sort=-updated_at&per_page=10").json()
    assert len(page["data"]) == 10
    assert {ticket["status"] for ticket in page["data"]} == {"open"}
    assert page["meta"]["per_page"] == 10


def test_the_reference_needs_nothing_from_elsewhere(server: Serving) -> None:
    page = requests.get(f"{server.url}/docs/", timeout=30)
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        assert not address.startswith(("http", "//")), address
        asset = requests.get(requests.compat.urljoin(page.url, address), timeout=30)
        assert asset.status_code == 200, address


def test_the_document_is_served_with_this_server_first(server: Serving) -> None:
    document = requests.get(f"{server.url}/openapi.json", timeout=30).json()
    assert document["servers"][0]["url"] == server.url
    assert document["servers"][1]["url"] == "https://app.therethere.com"
    yaml = requests.get(f"{server.url}/openapi.yaml", timeout=30)
    assert yaml.text.startswith("openapi: 3.1.0")


def test_a_port_that_is_taken_is_told_in_one_line(server: Serving) -> None:
    port = server.url.rpartition(":")[2]
    said = refused("--port", port)
    assert said == (
        f"mockserver: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "choose with --host and --port"
    )


def test_a_bad_world_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("workspaces: 5\n")
    said = refused("--port", "0", "--world", "broken.yaml", folder=tmp_path)
    assert said.startswith("mockserver: broken.yaml: workspaces")
    assert "\n" not in said


def test_a_host_that_is_not_here_is_told_in_one_line() -> None:
    said = refused("--host", "192.0.2.1", "--port", "0")
    assert said.startswith("mockserver: cannot listen on 192.0.2.1:0: ")
    assert "\n" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_takes_the_temporary_database_along(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving("--world", "small") as running:
        assert running.get("/api/tickets", "jane@here").status_code == 200
        assert len(list(tmp_path.iterdir())) == 1
        running.process.send_signal(number)
        _, errors = running.process.communicate(timeout=30)

    assert (running.process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(requests.ConnectionError):
        running.get("/api/tickets")


def test_the_same_port_can_be_used_again_at_once() -> None:
    with serving("--world", "empty") as first:
        port = first.url.rpartition(":")[2]
        assert first.get("/api/tickets").status_code in (200, 401)
    # The later of two equal options counts.
    with serving("--world", "empty", "--port", port) as second:
        assert second.url == first.url


def test_a_shipped_world_starts_from_any_folder(tmp_path: Path) -> None:
    with serving("--world", "small", "--clock", CLOCK, folder=tmp_path) as running:
        assert running.get("/api/tickets").json()["meta"]["total"] > 0


def test_an_ipv6_address_is_written_in_brackets() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with serving("--world", "small", "--host", "::1") as running:
        assert running.url.startswith("http://[::1]:")
        assert running.get("/api/tickets").status_code == 200


def test_a_request_that_is_no_http_does_not_stop_the_server(server: Serving) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    for line in (b"\x00\xff\xfe\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET"):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(line)
    assert server.get("/api/tickets").status_code == 200
    assert isinstance(server.process, subprocess.Popen)
    assert server.process.poll() is None
