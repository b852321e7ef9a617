"""The credentials of a request: what is sent, in words, and as a shell sends it."""

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from contract_tests.observations.exchange import Who

if TYPE_CHECKING:
    from contract_tests.client.target import Tokens

WRONG_TOKEN = "0|contract-tests-wrong-token"  # noqa: S105 - opens nothing, on purpose


class Credentials(NamedTuple):
    """`of` returns them for the tokens of a run, None for a wrong token; no `scheme` sends none."""

    words: str
    shell: str = WRONG_TOKEN
    of: Callable[["Tokens"], str | None] = lambda _: None
    scheme: str | None = "Bearer "


def _in_other_case(tokens: "Tokens") -> str | None:
    near = tokens.main.swapcase()
    return None if near == tokens.main else near


def _as_user(tokens: "Tokens") -> str:
    return b64encode(f"{tokens.main}:".encode()).decode()


_MAIN = "$CONTRACT_TOKEN"
CREDENTIALS: dict[Who, Credentials] = {
    "main": Credentials("the one given", _MAIN, lambda t: t.main),
    "other": Credentials("of another workspace", "$CONTRACT_OTHER_TOKEN", lambda t: t.other),
    "readonly": Credentials(
        "one that may not write", "$CONTRACT_READONLY_TOKEN", lambda t: t.readonly
    ),
    "withdrawn": Credentials(
        "one that was withdrawn", "$CONTRACT_WITHDRAWN_TOKEN", lambda t: t.withdrawn
    ),
    "none": Credentials("none", scheme=None),
    "wrong": Credentials("one that opens nothing"),
    "near": Credentials(
        "the one given, in other case",
        f'$(printf %s "{_MAIN}" | tr a-zA-Z A-Za-z)',
        _in_other_case,
    ),
    "cut": Credentials(
        "the one given, without its last letter",
        "${CONTRACT_TOKEN%?}",
        lambda t: t.main[:-1] or None,
    ),
    "longer": Credentials(
        "the one given, with one letter more", "${CONTRACT_TOKEN}x", lambda t: f"{t.main}x"
    ),
    "empty": Credentials("none after the word Bearer", "", lambda _: ""),
    "scheme": Credentials("one that opens nothing, by another scheme than Bearer", scheme="Basic "),
    "bare": Credentials("the one given, without the word Bearer", _MAIN, lambda t: t.main, ""),
    "basic": Credentials(
        "the one given, by another scheme than Bearer", _MAIN, lambda t: t.main, "Basic "
    ),
    "basic_user": Credentials(
        "the one given, as the user of Basic authentication",
        f'$(printf %s: "{_MAIN}" | base64 -w0)',
        _as_user,
        "Basic ",
    ),
    "cookie": Credentials("none, but the cookies that the deployment has set", scheme=None),
}
