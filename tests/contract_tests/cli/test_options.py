"""Values of options as people write them: read, or refused with the option and a remedy."""

import codecs

import click
import pytest

from contract_tests.cli import options

VARIABLES = (
    "CONTRACT_TOKEN",
    "CONTRACT_OTHER_TOKEN",
    "CONTRACT_READONLY_TOKEN",
    "CONTRACT_WITHDRAWN_TOKEN",
)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


SLIPS = [
    "https://api.example.com ",
    " https://api.example.com",
    "https://api.example.com:99999",
    "https://api.example.com:0",
    "https://api.example.com:port",
    "http://[::1",
    "http://",
    "https://",
    "api.example.com",
    "ftp://api.example.com",
    "https://exa mple.com",
    "https://api.example.com\n",
    "https://api.example.com?page=1",
    "https://jane:secret@api.example.com",
    "",
]


@pytest.mark.parametrize("url", SLIPS)
def test_a_slip_in_a_url_is_refused_with_an_example(url):
    with pytest.raises(click.BadParameter, match=r"use for example|must contain") as refused:
        options.base_url(url)

    assert "secret" not in refused.value.message


@pytest.mark.parametrize("url", ["https://api.example.com", "https://api.example.com/api/"])
def test_a_url_is_taken_with_or_without_the_path_of_the_api(url):
    assert options.base_url(url) == "https://api.example.com"


READ = {
    "plain": b"CONTRACT_TOKEN=jane\n",
    "a byte order mark and CRLF": codecs.BOM_UTF8 + b"CONTRACT_TOKEN=jane\r\n",
    "export and quotes": b'export CONTRACT_TOKEN="jane"\n',
    "blanks": b"  CONTRACT_TOKEN = 'jane'  \n",
    "comments": b"# staging\n\n  # indented\nCONTRACT_TOKEN=jane # ours\n",
    "a whole .env file": b"APP_ENV=local\nDB_PASSWORD='x y'\nCONTRACT_TOKEN=jane\nEMPTY=\n",
    "the token alone": b"jane\n",
    "the token alone, with Bearer": b"CONTRACT_TOKEN=Bearer jane\n",
}


@pytest.mark.parametrize("name", READ)
def test_a_token_file_is_read_as_editors_and_shells_write_it(name, tmp_path):
    file = tmp_path / "tokens.env"
    file.write_bytes(READ[name])

    found = options.tokens({}, file)

    assert found is not None
    assert (found.main, found.other) == ("jane", None)


REFUSED = {
    "a colon": (b"A=1\nCONTRACT_TOKEN: jane\n", "line 2: expected NAME=VALUE"),
    "an open quote": (b"CONTRACT_TOKEN='jane\n", "line 1: expected NAME=VALUE"),
    "UTF-16": ("CONTRACT_TOKEN=jane\n".encode("utf-16"), "it is not text in UTF-8"),
    "no token of ours": (b"TOKEN=jane\n", "it sets none of CONTRACT_TOKEN, "),
    "nothing": (b"", "it sets none of CONTRACT_TOKEN, "),
    "a blank in a token": (b"CONTRACT_TOKEN=ja ne\n", "CONTRACT_TOKEN contains spaces"),
    "a quote in a token": (b'CONTRACT_TOKEN=ja"ne\n', "CONTRACT_TOKEN contains spaces, quotes"),
    "a letter beyond ASCII": ("CONTRACT_TOKEN=jäne\n".encode(), "CONTRACT_TOKEN contains"),
}


def test_one_token_is_not_given_as_two():
    given = {"CONTRACT_TOKEN": "jane", "CONTRACT_OTHER_TOKEN": "jane"}

    with pytest.raises(click.UsageError, match="CONTRACT_TOKEN and CONTRACT_OTHER_TOKEN are the"):
        options.tokens(given, None)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_token_is_refused_with_the_place(name, tmp_path):
    content, words = REFUSED[name]
    file = tmp_path / "tokens.env"
    file.write_bytes(content)

    with pytest.raises(click.UsageError) as refused:
        options.tokens({}, file)

    assert words in refused.value.message
    assert "jane" not in refused.value.message
    assert "\n" not in refused.value.message
