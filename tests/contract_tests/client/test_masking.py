"""What a deployment holds of people stays out of every file and line that a run leaves behind."""

import base64
import os
import subprocess
import sys

import pytest

from contract_tests.client.masking import Mask
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.fake_deployment import Serving, text_of

FORMS = ("json", "junit", "html", "markdown", "sarif", "overlay")


class Careless(Planted):
    """Repeats what it was asked, and whom it knows, in its errors."""

    def invalid(self, name, message):
        super().invalid(name, f"{message} ({self.token()}, {self.users[0]['email']})")


@pytest.fixture(scope="module", params=["quick", pytest.param("standard", marks=pytest.mark.slow)])
def left_behind(request, tmp_path_factory):
    """Everything that one run wrote and printed, with the fake deployment that it asked."""
    folder = tmp_path_factory.mktemp("run")
    fake = Careless()
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        command = [sys.executable, "-m", "contract_tests", "--base-url", url]
        command += ["--profile", request.param, "--write-tickets", "any"]
        for form in FORMS:
            command += [f"--{form}", str(folder / f"report.{form}")]
        environment = {
            **os.environ,
            "CONTRACT_TOKEN": TOKEN,
            "HOME": str(folder / "home"),
            "XDG_STATE_HOME": str(folder / "state"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1, done.stdout + done.stderr
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {f"report.{form}" for form in FORMS} | {"summary.md"} <= {p.name for p in files}
    texts = {path.name: path.read_text(errors="replace") for path in files}
    return fake, texts | {"output": done.stdout + done.stderr}


def holders(texts, secret):
    return [name for name, text in texts.items() if secret in text]


def test_no_token_is_left_behind(left_behind):
    _, texts = left_behind
    assert holders(texts, TOKEN) == []


def test_no_e_mail_address_is_left_behind(left_behind):
    fake, texts = left_behind
    people = [*fake.users, *(ticket["contact"] for ticket in fake.tickets)]
    assert {p["email"]: found for p in people if (found := holders(texts, p["email"]))} == {}


def test_no_message_body_is_left_behind(left_behind):
    fake, texts = left_behind
    bodies = [text_of(m["body_html"]) for t in fake.tickets for m in t["messages"]]
    assert len(bodies) > 200
    begin = [body[:28] for body in bodies]
    assert {body: found for body in begin if (found := holders(texts, body))} == {}


SECRET = "kJ8sQ0vXb3Lw9Zr5TnYhUcE1aMdFgPi"


@pytest.mark.parametrize(
    "spelling",
    [
        f"12|{SECRET}",
        f"12%7C{SECRET}",
        f"12%7c{SECRET}",
        f"12&#124;{SECRET}",
        f"12\\u007c{SECRET}",
        SECRET,
        base64.b64encode(f"12|{SECRET}".encode()).decode(),
        base64.b64encode(f"user:12|{SECRET}".encode()).decode(),
        base64.b64encode(f"x:{SECRET}".encode()).decode(),
    ],
)
def test_a_token_is_masked_in_every_spelling(spelling):
    mask = Mask([f"12|{SECRET}"], show_data=True)
    masked = f"{mask.text(f'a {spelling} b')} {mask.document({spelling: [spelling]})}"

    assert not any(spelling[at : at + 12] in masked for at in range(3, len(spelling) - 15))
