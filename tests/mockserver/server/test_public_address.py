"""Behind a proxy, links, the inspector and the API references have the proxy's address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
import trustme

from mockserver.config import Config
from mockserver.contract.errors import ConfigError
from mockserver.server.public_address import PublicAddress
from tests.support.browsing import chromium, expect, tab
from tests.support.harness import CLOCK, Serving, free_port, serving
from tests.support.nginx import need_nginx, nginx

JANE = {"Authorization": "Bearer jane"}
FORWARDED = """\
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-Proto https;
proxy_set_header X-Forwarded-Host $http_host;
proxy_set_header X-Forwarded-Prefix /mock;
"""


@contextmanager
def behind_nginx(folder: Path, upstream: Serving, port: int, location: str) -> Iterator[str]:
    """Run nginx with TLS before a mock; return the public URL of its prefix /mock."""
    trustme.CA().issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        folder / "server.pem"
    )
    configuration = f"""
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem;
    {location.replace("UPSTREAM", upstream.url)}
  }}
}}"""
    with nginx(folder, configuration, port):
        yield f"https://127.0.0.1:{port}/mock"


def read(url: str, **options: Any) -> requests.Response:
    reply = requests.get(url, verify=False, timeout=30, **options)
    reply.raise_for_status()
    return reply


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("way", ["forwarded headers", "public URL", "public URL, prefix kept"])
def test_behind_a_prefix_and_tls_every_address_is_public(tmp_path: Path, way: str) -> None:
    need_nginx()
    port = free_port()
    public = ("--public-url", f"https://127.0.0.1:{port}/mock")
    options = ("--trust-proxy",) if way == "forwarded headers" else public
    location = {
        "forwarded headers": f"location /mock/ {{ {FORWARDED} proxy_pass UPSTREAM/; }}",
        "public URL": "location /mock/ { proxy_pass UPSTREAM/; }",
        "public URL, prefix kept": "location /mock/ { proxy_pass UPSTREAM; }",
    }[way]
    with (
        serving("--clock", CLOCK, *options) as mock,
        behind_nginx(tmp_path, mock, port, location) as url,
    ):
        page = read(f"{url}/api/tickets?per_page=5", headers=JANE).json()
        following = read(page["links"]["next"], headers=JANE).json()
        assert following["meta"]["current_page"] == 2
        assert page["links"]["next"].startswith(f"{url}/api/tickets?")
        assert url in read(f"{url}/openapi.json").json()["servers"][0]["url"]
        for reference in (f"{url}/docs/", f"{url}/_mock/docs/"):
            text = read(reference).text
            for address in re.findall(r'(?:src|href)="([^"]+)"', text):
                read(urljoin(reference, address))
        _walk_through_the_inspector(url)


def _walk_through_the_inspector(url: str) -> None:
    with chromium() as browser, tab(browser, ignore_https_errors=True) as page:
        page.goto(f"{url}/")
        expect(page.locator("#live")).to_have_text("live")
        page.click(".pages a:has-text('Next')")
        expect(page.locator(".pages")).to_contain_text("Page 2")
        page.click("#fault-500")
        expect(page.locator("#faults")).to_contain_text("error=500")
        assert page.url.startswith(f"{url}/?")


def environ(path: str, **headers: str) -> dict[str, Any]:
    return {"PATH_INFO": path, "wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1", **headers}


def test_forwarded_headers_are_ignored_by_default() -> None:
    given = environ("/api/tickets", HTTP_X_FORWARDED_HOST="evil.example")
    PublicAddress(Config()).apply(given)
    assert given["HTTP_HOST"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "inner"), [("/mock/docs", "/docs"), ("/mock", "/"), ("/mo", "/mo")]
)
def test_a_prefix_is_removed_once(path: str, inner: str) -> None:
    given = environ(path)
    PublicAddress(Config(public_url="https://example.com/mock/")).apply(given)
    assert (given["PATH_INFO"], given["SCRIPT_NAME"]) == (inner, "/mock")
    assert (given["wsgi.url_scheme"], given["HTTP_HOST"]) == ("https", "example.com")


@pytest.mark.parametrize(
    "url", ["example.com/mock", "ftp://example.com", "https://", "https://a?b=c"]
)
def test_a_public_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"--public-url .*: write it as https://"):
        Config(public_url=url)
