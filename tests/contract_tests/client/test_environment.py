"""Proxies and authorities come from the environment; cookies and netrc files are not used."""

import pytest

from contract_tests.client.errors import CannotRun
from contract_tests.client.http.environment import CA_VARIABLES, certificate_authorities, proxies
from contract_tests.client.target import Target, Tokens
from contract_tests.observations.exchange import get
from contract_tests.recordings import proxy as watching
from tests.contract_tests.conftest import TOKEN
from tests.support.fake_deployment import FakeDeployment, Serving

PROXY = "http://proxy.invalid:3128"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in (*CA_VARIABLES, "http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("no_proxy", "proxied"),
    [
        ("", True),
        ("other.example.com", True),
        ("localhost, example.com", False),
        ("*", False),
    ],
)
def test_no_proxy_names_hosts_that_are_not_proxied(monkeypatch, no_proxy, proxied):
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)

    assert (proxies("https://api.example.com").get("https") == PROXY) is proxied


@pytest.mark.parametrize(("no_proxy", "proxied"), [("", True), ("api.example.com", False)])
def test_the_recording_proxy_reaches_its_upstream_as_the_suite_does(monkeypatch, no_proxy, proxied):
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)

    with watching.session("https://api.example.com") as session:
        assert session.trust_env is False
        assert (session.proxies.get("https") == PROXY) is proxied


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "a.localhost"])
def test_loopback_is_never_proxied(monkeypatch, host):
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    monkeypatch.setenv("ALL_PROXY", PROXY)

    assert proxies(f"http://{host}:4010") == {}


@pytest.mark.parametrize("name", CA_VARIABLES)
def test_a_variable_names_the_certificate_authorities(monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, str(tmp_path))

    assert certificate_authorities() == str(tmp_path)


def test_the_option_wins_over_the_variables(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))
    given = tmp_path / "ca.pem"
    given.touch()

    assert certificate_authorities(given) == str(given)


def test_certificate_authorities_that_do_not_exist_are_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))

    with pytest.raises(CannotRun, match=r"SSL_CERT_FILE: .* does not exist"):
        certificate_authorities()


def test_neither_a_netrc_file_nor_a_proxy_changes_a_request(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login anna password made-up\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    fake = FakeDeployment()
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        target = Target(url, Tokens(TOKEN))
        exchange = target.ask(get("/api/tickets"))
        sent = target.session.get(
            f"{url}/api/tickets", headers={"Authorization": f"Bearer {TOKEN}"}
        )

    assert exchange.status == 200
    assert sent.request.headers["Authorization"] == f"Bearer {TOKEN}"
