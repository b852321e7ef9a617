"""Nothing that a deployment says of people stays in what a run writes or prints."""

import json
import os
import re
import subprocess
import sys

import pytest

from contract_tests.report.masking.data_mask import PLACEHOLDER, data_mask
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving

FORMS = ("json", "junit", "html", "markdown", "sarif", "overlay")
MARK = re.compile("zqx", re.IGNORECASE)
HEADER = "Zqxheader-7f3a9c"


class Marked(Planted):
    """Has a marked word in every text: of people, tickets, unknown fields, errors and headers."""

    def __post_init__(self):
        super().__post_init__()
        for number, ticket in enumerate(self.tickets):
            ticket["subject"] += f" Zqxsubject{number}"
            ticket["summary"] = f"Zqxsummary{number} wants it back."
            ticket["contact"] |= {
                "name": f"Zqxname{number} Zqxfamily",
                "email": f"zqxmail{number}@customer.example",
                "avatar_url": f"https://cdn.example/zqxavatar/{number}.png?who=zqxquery{number}",
            }
            for message in ticket["messages"]:
                message["body_html"] += f"<p>Zqxbody{number} it was said</p>"
        for number, user in enumerate(self.users):
            user |= {"name": f"Zqxagent{number}", "timezone": "Europe/Zqxtown"}
        for thing in (*self.channels, *self.tags):
            thing["name"] = f"zqx{thing['id']}"

    def item(self, ticket):
        row = super().item(ticket)
        unknown = {
            "author": "Zqxauthor Zqxfamily",
            "zqx@key.example": ["Zqxlist", {"a": "Zqxdeep"}],
        }
        return {**row, "internal_notes": unknown, "phone": "+32 470 99 88 77"}

    def invalid(self, name, message):
        words = f"{message} Zqxperson said so, and 'Zqxquoted words' ({self.token()})"
        super().invalid(name, words)

    def json(self, body, status, headers=None):
        more = {
            "X-User": "Zqxheadername",
            "Set-Cookie": "session=Zqxcookie",
            "Link": "</api/tickets?who=Zqxlink>; rel=next",
        }
        return super().json(body, status, {**(headers or {}), **more})


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory):
    """Return all that one default run wrote and printed."""
    folder = tmp_path_factory.mktemp("run")
    fake = Marked()
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        command = [sys.executable, "-m", "contract_tests", "--base-url", url]
        command += ["--write-tickets", "any"]
        command += ["--header", f"X-Workspace: {HEADER}", "--strict"]
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
    return texts | {"output": done.stdout + done.stderr}


@pytest.mark.slow
def test_no_marked_text_is_left_behind(left_behind):
    found = {
        name: sorted({text[max(0, at.start() - 40) : at.end() + 40] for at in MARK.finditer(text)})
        for name, text in left_behind.items()
    }
    assert {name: places[:5] for name, places in found.items() if places} == {}


@pytest.mark.slow
@pytest.mark.parametrize("secret", [TOKEN, HEADER, "470 99 88 77"])
def test_no_token_header_or_number_is_left_behind(secret, left_behind):
    assert [name for name, text in left_behind.items() if secret in text] == []


@pytest.mark.slow
def test_a_report_stays_readable(left_behind):
    record = json.loads(left_behind["report.json"])

    messages = [violation["message"] for violation in record["violations"]]
    assert messages
    assert not any(PLACEHOLDER.search(message) for message in messages)
    assert "page line" in left_behind["output"]


def test_what_our_own_sentences_say_is_not_masked(planted, healthy):
    """Every sentence of a run against fakes whose texts are no part of it."""
    for record in (planted, healthy):
        sentences = [
            *(violation["message"] for violation in record["violations"]),
            *(statement["reason"] for statement in record["requirements"]),
            *(exchange["purpose"] for exchange in record["exchanges"]),
            *record["run"]["notes"],
        ]
        assert [sentence for sentence in sentences if PLACEHOLDER.search(sentence)] == []


@pytest.fixture
def mask():
    return data_mask(["12|secret-token-of-the-run"])


@pytest.mark.parametrize(
    "value",
    ["", "open", "42", "-1.5", "01HX9F3K2M4Q8V7T5R9W2X6Y3Z", "#3b82f6", "true",
     "2026-03-02T09:00:00+00:00", "2026-03-02 09:00:00", "application/json", "image/png"],
)  # fmt: skip
def test_ids_times_and_values_of_the_contract_stay(value, mask):
    assert mask.value(value) == value


@pytest.mark.parametrize(
    "value", ["Jane", "jane@example.com", "0470998877", "invoice", "a b", "Größe", "x" * 500, " "]
)
def test_every_other_text_is_replaced_by_one_of_the_same_length_word(value, mask):
    shown = mask.value(value)

    assert PLACEHOLDER.fullmatch(shown)
    assert shown.endswith(f"-{len(value)}")
    assert mask.value(value) == shown
    assert data_mask(["12|secret-token-of-the-run"]).value(value) == shown
    assert data_mask(["another token"]).value(value) != shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("The status field is required.", "The status field is required."),
        ("Requested filter(s) `assignee` are not allowed.", None),
        ("Jane Doe may not", "masked-.* masked-.* may not"),
        ("Unauthenticated.", "Unauthenticated."),
        ("No query results for model [App\\Models\\Ticket] 42", None),
    ],
)
def test_words_of_a_framework_stay_in_the_sentences_of_a_deployment(sentence, shown, mask):
    said = mask.server_words(sentence)
    assert said == sentence if shown is None else re.fullmatch(shown, said)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("/status: 'archived' is not one of 'open', 'closed' or 'spam'", None),
        ("/subject: 'Lost invoice' is too long", "/subject: 'masked-.*-12' is too long"),
        ("the deployment's answer shows ticket 42's date", None),
        ("filter[status]=open is ignored", None),
        ("/status: 'Closed' is not one of 'open', 'closed'", None),
        ("/status: ' OPEN. ' is not one of 'open', 'closed'", None),
        ("/status: 'Open Door' is not one of 'open'", "/status: 'masked-.*-9' \\(of the .*"),
        ("/status: 'open      ' is not one of 'open'", "/status: 'masked-.*-10' .*"),
        (
            "/color: '0d94B8' does not match ^#[0-9]+$",
            ".*'masked-.*-6' \\(of the shape 9a99A9\\) .*",
        ),
        ("/name: 'Ann (née Ü)' does not match x", ".* \\(of the shape Aaa \\?aaa A\\?\\) does .*"),
        ("the answer shows the key 'exception'", None),
        ("the answer shows 'SQLSTATE['", None),
        ("the answer shows 'App\\\\Exceptions\\\\QueryException'", None),
    ],
)
def test_what_stands_in_quotes_in_our_sentences_is_data(sentence, shown, mask):
    said = mask.text(sentence)
    assert said == sentence if shown is None else re.fullmatch(shown, said)


def test_a_value_that_was_met_in_a_response_has_its_shape_too(mask):
    mask.value("0d9488")
    assert "(of the shape 9a9999) does not match" in mask.text("'0d9488' does not match ^#")


def test_a_text_that_was_met_is_masked_in_sentences_too(mask):
    shown = mask.value("Acme invoice")

    assert mask.text("after Acme invoice, ticket 42 changed") == f"after {shown}, ticket 42 changed"
    assert mask.text("after Acme invoices, it changed") == "after Acme invoices, it changed"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/api/tickets?filter[status]=open,bogus&sort=-created_at&page=2", None),
        ("/api/tickets?filter[channel_ids]=1,2&filter[unassigned]=true", None),
        ("/api/tickets/42/status", None),
        (
            "/api/tickets?filter[search]=lost%20invoice",
            r"/api/tickets\?filter\[search\]=masked-.*-12",
        ),
        ("/api/tickets?email=jane", r"/api/tickets\?email=masked-.*-4"),
    ],
)
def test_search_words_and_unknown_parameters_are_masked_in_addresses(target, shown, mask):
    said = mask.target(target)
    assert said == target if shown is None else re.fullmatch(shown, said)


def test_the_text_of_a_person_is_masked_in_an_address_of_a_response(mask):
    said = mask.url("https://cdn.example/avatars/jane-doe.png?size=40")
    assert re.fullmatch(r"https://cdn\.example/masked-.*/masked-.*-12\?size=40", said)


def test_with_show_data_only_tokens_are_masked():
    mask = data_mask(["12|secret-token-of-the-run"], show_data=True)
    texts = {"name": "Jane", "echo": "12|secret-token-of-the-run"}

    assert mask.document(texts) == {"name": "Jane", "echo": "(token masked)"}


def test_a_run_that_reads_no_text_masks_none():
    """Statuses, ids and times are enough to judge most of a ticket."""
    with Serving(FakeDeployment(FakeOptions(tickets=1))) as url:
        assert data_mask().url(f"{url}/api/tickets/1") == f"{url}/api/tickets/1"
