"""HAR files of browsers, proxies and test tools are read; an odd entry is left out and counted."""

import json
import zipfile
from collections import Counter

import pytest

from contract_tests.cli.command_group import main
from contract_tests.recordings import har
from contract_tests.recordings.har import HarError
from contract_tests.run.recorded_traffic import judged
from mockserver.contract.operations import Contract
from tests.contract_tests.recordings.dialects import HOST, WRITERS, Sent, changed, odd_entries
from tests.support.fake_deployment import FakeDeployment, FakeOptions

REASONS = odd_entries(WRITERS["Chrome"](Sent(1, "GET", "/api/tickets", 200, "{}"))[0])


@pytest.fixture(scope="module")
def traffic():
    """Return what an app does: it lists, reads, writes, and reads again."""
    client = FakeDeployment(FakeOptions(tickets=8)).app().test_client()
    steps = [
        ("GET", "/api/tickets?sort=created_at&per_page=100", None),
        ("GET", "/api/tickets/3", None),
        ("PUT", "/api/tickets/3/status", '{"status": "spam"}'),
        ("GET", "/api/tickets/3", None),
        ("PUT", "/api/tickets/3/status", '{"status": "bogus"}'),
        ("GET", "/api/tickets?filter[status]=spam", None),
        ("GET", "/api/tickets/999999", None),
    ]
    sent = []
    for second, (method, target, posted) in enumerate(steps):
        headers = {"Authorization": "Bearer jane"}
        response = client.open(
            target, base_url=HOST, method=method, data=posted, headers=headers,
            content_type="application/json",
        )  # fmt: skip
        sent.append(Sent(second, method, target, response.status_code, response.text, posted))
    return sent


def written(name, traffic):
    """Return the HAR document of a recorder, and the files beside it."""
    pairs = [WRITERS[name](sent) for sent in traffic]
    files = {file: body for _, more in pairs for file, body in more.items()}
    return {"log": {"version": "1.2", "entries": [entry for entry, _ in pairs]}}, files


@pytest.mark.parametrize("name", WRITERS)
def test_what_each_recorder_writes_is_read_whole(name, traffic):
    document, files = written(name, traffic)

    found = har.read(document, attachment=files.get)

    assert found.base_url == HOST
    assert found.notes == ()
    read = [
        (e.request.method, e.request.target, e.status, e.body.decode()) for e in found.exchanges
    ]
    assert read == [(s.method, s.target, s.status, s.body) for s in traffic]
    bodies = [e.request.body.decode() if e.request.body else None for e in found.exchanges]
    assert bodies == [s.posted for s in traffic]
    assert {e.request.who for e in found.exchanges} == {"main"}
    assert [round(e.started - found.exchanges[0].started) for e in found.exchanges] == [*range(7)]


@pytest.mark.parametrize("name", REASONS)
@pytest.mark.parametrize("recorder", ["Chrome", "Playwright", "Charles"])
def test_an_odd_entry_is_left_out_and_counted(recorder, name, traffic):
    document, files = written(recorder, traffic)
    entries = document["log"]["entries"]
    odd, reason = odd_entries(entries[1])[name]
    entries.insert(2, odd)

    found = har.read(document, attachment=files.get)

    assert found.left_out == Counter({reason: 1})
    assert len(found.exchanges) == len(traffic)
    assert found.notes == (f"1 of {len(traffic) + 1} entries left out: 1 {reason}",)


@pytest.mark.parametrize("recorder", ["Chrome", "Firefox"])
def test_a_file_without_authorization_headers_accuses_nobody_of_a_failed_login(recorder, traffic):
    refused = Sent(7, "GET", "/api/tickets", 401, '{"message": "Unauthenticated."}')
    document, files = written(recorder, [*traffic, refused])
    for entry in document["log"]["entries"]:
        headers = entry["request"]["headers"]
        entry["request"]["headers"] = [h for h in headers if h["name"].lower() != "authorization"]

    found = har.read(document, attachment=files.get)
    outcome = judged(found.exchanges, Contract.load().page)

    assert len(found.exchanges) == len(traffic)
    assert found.notes == (
        "1 of 8 entries left out: 1 answered with 401, with a token that is not in the file",
        "no entry has an Authorization header; all count as one user's",
    )
    assert [finding for finding in outcome.findings if finding.outcome == "violated"] == []
    assert "list.data" in {f.requirement for f in outcome.findings if f.outcome == "holds"}


@pytest.mark.parametrize("spelling", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_in_any_case(spelling, traffic):
    entries = []
    for sent in traffic:
        entry, _ = WRITERS["Chrome"](sent)
        entry["request"]["headers"][0]["value"] = f"{spelling} jane"
        entries.append(entry)
    entries[0]["request"]["headers"][0]["value"] = "Bearer jane"

    found = har.read({"log": {"entries": entries}})

    assert {exchange.request.who for exchange in found.exchanges} == {"main"}
    assert found.secrets == ["jane"]


def test_what_is_missing_but_not_needed_leaves_no_entry_out(traffic):
    document, _ = written("Firefox", traffic)
    for entry in document["log"]["entries"][1:]:
        del entry["startedDateTime"], entry["time"], entry["request"]["cookies"]
        entry["response"]["headers"].append({"name": "X-No-Value"})
    document["log"]["entries"][3]["startedDateTime"] = "yesterday"

    found = har.read(document)

    assert found.notes == ()
    assert [e.request.target for e in found.exchanges] == [s.target for s in traffic]


def test_a_file_of_odd_entries_alone_says_why_nothing_is_judged(traffic):
    entry, _ = WRITERS["Chrome"](traffic[0])
    entries = [changed(entry, "response", status=0), changed(entry, "response", status=304)]

    with pytest.raises(
        HarError, match="2 of 2 entries left out: 1 cancelled or failed, 1 answered"
    ):
        har.read({"log": {"entries": entries}})


def judge(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["judge", *map(str, arguments)], prog_name="contract-tests")
    return end.value.code, capsys.readouterr()


def test_a_zip_with_attached_files_is_judged(traffic, tmp_path, capsys):
    document, files = written("Playwright", traffic)
    with zipfile.ZipFile(tmp_path / "trace.zip", "w") as archive:
        archive.writestr("har.har", json.dumps(document))
        for name, body in files.items():
            archive.writestr(name, body)

    status, said = judge(capsys, tmp_path / "trace.zip")

    assert status == 0, said.out
    assert "left out" not in said.out


def test_attached_files_are_read_from_the_folder_of_the_har_file_only(traffic, tmp_path):
    document, files = written("Playwright", traffic[:1])
    (tmp_path / "har").mkdir()
    (name, body), *_ = files.items()
    (tmp_path / name).write_bytes(body)
    document["log"]["entries"][0]["response"]["content"]["_file"] = f"../{name}"
    path = tmp_path / "har" / "traffic.har"
    path.write_text(json.dumps(document))

    opened, attachment = har.open_har(path)
    with pytest.raises(HarError, match="without a body"):
        har.read(opened, attachment=attachment)


def test_odd_entries_neither_accuse_nor_refuse_the_file(traffic, tmp_path, capsys):
    document, _ = written("Chrome", traffic)
    odd = odd_entries(document["log"]["entries"][1])
    document["log"]["entries"] += [entry for entry, _ in odd.values()]
    path = tmp_path / "traffic.har"
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")

    status, said = judge(capsys, path)

    assert status == 0, said.out
    total = len(traffic) + len(odd)
    assert said.out.count("left out") == 1
    assert f"{len(odd)} of {total} entries left out: " in said.out
    assert "VIOLATED" not in said.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe{\x00}\x00", "not a text file in UTF-8"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not a HAR file"),
        (b'{"log": {"entries": {}}}', "not a HAR file"),
        (b"PK\x05\x06" + b"\0" * 18, "contains no .har file"),
    ],
)
def test_what_is_not_a_har_file_is_refused_in_one_line(content, words, tmp_path, capsys):
    path = tmp_path / "traffic.har"
    path.write_bytes(content)

    status, said = judge(capsys, path)

    assert status == 2
    assert words in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


def test_the_archive_of_a_mock_tells_users_apart_and_leaves_out_what_is_made_up(seeded_app):
    def ask(token, **headers):
        headers["Authorization"] = f"Bearer {token}@archived"
        return seeded_app.test_client().get("/api/tickets", headers=headers)

    faults = seeded_app.extensions["faults"]
    for token in ("ann", "old", "ann"):
        ask(token)
    ask("ann", Prefer="code=401")
    faults.add("archived", faults.parse("error=500 times=1"))
    assert ask("ann").status_code == 500
    document = seeded_app.test_client().get("/_mock/journal.har?world=archived").json

    found = har.read(document)

    assert [each.request.who for each in found.exchanges] == ["main", "wrong", "main"]
    assert found.left_out.total() == 2
