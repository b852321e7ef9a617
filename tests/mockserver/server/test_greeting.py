"""What the mock prints when it serves."""

import pytest
from flask import Flask

from mockserver.config import Config
from mockserver.server.greeting import greet


def said(app: Flask, config: Config, capsys: pytest.CaptureFixture[str]) -> str:
    greet(config, 4010, app.extensions["store"])
    return capsys.readouterr().out


def test_it_names_every_address_and_the_tokens(
    seeded_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(seeded_app, Config(), capsys)
    for address in ("/api\n", "/docs\n", "/\n"):
        assert f"http://127.0.0.1:4010{address}" in text
    curl = 'curl -g "http://127.0.0.1:4010/api/tickets?filter[status]=open&per_page=10"'
    assert f'{curl} -H "Authorization: Bearer ann"\n' in text
    assert "tokens     ann, ben, rita, zoe; ann@NAME works in a private world\n" in text
    assert "note" not in text


@pytest.mark.parametrize(
    ("token", "inspector"),
    [
        (None, "inspector  disabled\n"),
        ("s", "http://127.0.0.1:4010/  (asks for the admin token)\n"),
    ],
)
def test_it_warns_where_others_reach_the_mock(
    seeded_app: Flask, capsys: pytest.CaptureFixture[str], token: str | None, inspector: str
) -> None:
    text = said(seeded_app, Config(host="0.0.0.0", admin_token=token), capsys)
    assert inspector in text
    assert "//0.0.0.0" not in text
    assert "everyone who reaches this machine can read and change the data" in text
    assert ("--admin-token TOKEN enables them" in text) is (token is None)


def test_it_names_the_public_address(seeded_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config(public_url="https://mock.example.com/desk")
    assert "public     https://mock.example.com/desk\n" in said(seeded_app, config, capsys)


def test_an_address_of_ipv6_is_in_brackets(
    seeded_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "http://[::1]:4010/docs\n" in said(seeded_app, Config(host="::1"), capsys)
