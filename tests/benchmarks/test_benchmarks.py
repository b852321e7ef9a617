"""The benchmark measures what it says: right answers first, then the whole process tree."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from threading import Thread
from typing import ClassVar
from xml.etree import ElementTree as ET

import pytest

from benchmarks import packages, plot, report, scale
from benchmarks.__main__ import main
from benchmarks.checks import CHECKS, Caller, wrong_answers
from benchmarks.contenders import CONTENDERS, Contender, Site, Skipped
from benchmarks.contenders.ours import Ours
from benchmarks.desk import CLOCK, WORLD, Desk, Query, export
from benchmarks.dialect import Documented, JsonServer0, JsonServer1, Mockoon
from benchmarks.drive import Driver, python, wrk
from benchmarks.mix import SHARES, as_line, mix
from benchmarks.packages import InstallError, Package
from benchmarks.process import memory, processor_seconds, tree
from benchmarks.results import Entry, Outcome, Results, Round
from benchmarks.run import Plan, run
from tests.support.harness import serving

_TICKETS = 60


@pytest.fixture(scope="module")
def tickets() -> Desk:
    return export(_TICKETS)


@contextmanager
def _mock(desk: Desk, *options: str) -> Iterator[Caller]:
    world = ["--world", WORLD, "--tickets", str(len(desk)), "--clock", CLOCK]
    with serving(*world, *options) as running:
        yield Caller(running.url, Documented(), desk)


def test_the_export_has_every_ticket_with_its_thread(tickets: Desk) -> None:
    assert len(tickets) == len(tickets.by_id) == _TICKETS
    assert all(ticket["messages"] for ticket in tickets.details)
    assert all("messages" not in item for item in tickets.items)


def test_the_searched_word_tells_tickets_apart(tickets: Desk) -> None:
    assert 0 < len(tickets.found(Query(search=tickets.word))) <= 0.3 * _TICKETS


def test_our_mock_answers_all_sixteen_rightly(tickets: Desk) -> None:
    with _mock(tickets) as caller:
        assert wrong_answers(caller) == {}
    assert len(CHECKS) == 16


@pytest.mark.parametrize(
    ("defect", "checks"),
    [
        ("sort-default-ascending", {"list, newest first"}),
        ("ticket-summary-missing", {"list, newest first"}),
        ("per-page-ignored", {"second page of ten"}),
        ("page-ignored", {"second page of ten"}),
        ("total-one-over", {"total", "total of what the filter leaves"}),
        ("total-unfiltered", {"total of what the filter leaves"}),
        ("filter-status-ignored", {"filter by status", "two filters at once"}),
        ("filter-mine-ignored", {"filter by assignee"}),
        ("filters-first-only", {"two filters at once"}),
        ("search-subject-only", {"search"}),
        ("sort-ignored", {"sort"}),
        ("messages-none", {"detail with its messages"}),
        ("missing-ticket-500", {"404 for a missing ticket"}),
        ("token-not-required-to-list", {"401 without a token"}),
        ("status-unknown-accepted", {"422 for a bad status"}),
        ("crash-filter-unknown", {"400 for an unknown filter"}),
        ("status-not-stored", {"a change shows in detail and filter"}),
        ("filter-status-by-old-status", {"a change shows in detail and filter"}),
    ],
)
def test_a_wrong_answer_is_told_as_wrong(defect: str, checks: set[str], tickets: Desk) -> None:
    with _mock(tickets, "--defect", defect) as caller:
        assert checks <= set(wrong_answers(caller))


def test_a_world_that_is_not_private_is_told(tickets: Desk) -> None:
    class SharedWorld(Caller):
        def ticket(self, id: int, token: str = "jane") -> dict[str, object]:
            return super().ticket(id)

    with _mock(tickets) as caller:
        shared = SharedWorld(caller.url, Documented(), tickets)
        assert set(wrong_answers(shared)) == {"a change stays in its private world"}


@pytest.mark.parametrize("dialect", [Documented(), Mockoon(), JsonServer0(), JsonServer1()])
def test_the_mix_keeps_its_shares_in_every_dialect(dialect: Documented, tickets: Desk) -> None:
    searches = ("filter%5Bsearch%5D=", "?search=", "&search=", "?q=", "&q=", "contains=")
    details = {dialect.detail(id).path for id in tickets.by_id}
    kinds = Counter(
        "change" if call.body else "detail" if call.path in details
        else "search" if any(f"{name}" in call.path for name in searches) else "list"
        for call in mix(tickets, dialect, 4000)
    )  # fmt: skip
    assert {kind: round(number / 40) for kind, number in kinds.items()} == pytest.approx(
        SHARES, abs=3
    )


def test_hardly_a_list_is_asked_for_twice(tickets: Desk) -> None:
    paths = Counter(call.path for call in mix(tickets, Documented(), 4000))
    lists = {path: times for path, times in paths.items() if "status" in path and "?" in path}
    assert sum(lists.values()) > 1500
    assert max(lists.values()) <= 3


def test_the_words_are_rare_or_in_a_tenth_of_the_tickets(tickets: Desk) -> None:
    shares = [len(tickets.found(Query(search=word))) / len(tickets) for word in tickets.words]
    assert len(shares) == 40
    assert 0 < min(shares) < max(shares) <= 0.2  # a word may be a part of longer ones


def test_our_mock_answers_the_whole_mix_with_success(tickets: Desk) -> None:
    with _mock(tickets) as caller:
        for call in mix(tickets, Documented(), 400):
            caller.send(call)


class _Counting(BaseHTTPRequestHandler):
    """Keeps what it is sent; answers with 500 where the path ends in 'broken'."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[Counter[tuple[str, str, str, str]]] = Counter()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        token = self.headers.get("Authorization", "")
        self.seen[self.command, self.path, body, token] += 1
        self.send_response(500 if self.path.endswith("broken") else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = _answer  # noqa: N815 - the names that the base class looks for

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def counting() -> Iterator[str]:
    _Counting.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


_NO_WRK = pytest.mark.skipif(
    which("wrk") is None and os.environ.get("CI") != "true", reason="wrk is not installed"
)


@pytest.mark.parametrize("drive", [python, pytest.param(wrk, marks=_NO_WRK)])
def test_a_driver_sends_the_calls_and_counts_the_failures(
    drive: Driver, counting: str, tmp_path: Path
) -> None:
    lines = tmp_path / "mix.txt"
    lines.write_text('GET /fine?a=1\nPUT /x/status {"status": "open"}\nGET /broken\n')
    load = drive(counting, lines, 1, 2)
    sent = dict(_Counting.seen)
    assert set(sent) == {
        ("GET", "/fine?a=1", "", "Bearer jane"),
        ("PUT", "/x/status", '{"status": "open"}', "Bearer jane"),
        ("GET", "/broken", "", "Bearer jane"),
    }
    underway = 2  # that the driver no longer waited for
    assert load.requests <= sum(sent.values()) <= load.requests + underway
    broken = sent["GET", "/broken", "", "Bearer jane"]
    assert broken - underway <= load.failed <= broken
    assert 0 < load.median_ms <= load.p99_ms


def test_calls_are_written_a_line_each(tickets: Desk) -> None:
    lines = [as_line(call) for call in mix(tickets, Documented(), 2000)]
    assert {len(line.split(" ", 2)) for line in lines} == {2, 3}
    assert not any("\n" in line for line in lines)


_FAMILY = """
import subprocess, sys, time
if sys.argv[1:]:
    held = b"x" * 80_000_000
    while time.process_time() < 0.3: pass
    print("done", flush=True)
    sys.stdin.read()
else:
    subprocess.run([sys.executable, __file__, "child"], check=False)
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[int]:
    """A process that does nothing, whose child has spent 0.3 seconds and holds 80 MB."""
    script = tmp_path / "family.py"
    script.write_text(_FAMILY)
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, script], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        yield process.pid
        process.communicate()


def test_a_childs_processor_time_and_memory_count(family: int) -> None:
    assert len(tree(family)) == 2
    assert processor_seconds(family) >= 0.3
    assert memory(family) >= 80_000_000


def test_pages_that_processes_share_count_once(family: int) -> None:
    resident = [
        int(line.split()[1]) * 1024
        for pid in tree(family)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    assert memory(family) < sum(resident)


def test_a_missing_program_is_a_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Skipped, match="needs node, which is not installed"):
        CONTENDERS["prism"].install()


def test_a_broken_installation_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(folder: Path, package: str) -> None:
        (folder / "half").write_text(package)
        raise InstallError("npm install left-pad@1.0.0: no such package")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(packages, "_npm_install", broken)
    package = Package("left-pad", "1.0.0")
    with pytest.raises(InstallError, match="no such package"):
        package.install()
    assert list(package.folder.parent.iterdir()) == []


def test_packages_stay_out_of_the_repository() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = [each.package.folder for each in CONTENDERS.values() if each.package]
    assert len(folders) == 5
    assert not any(folder.is_relative_to(root) for folder in folders)


@pytest.mark.parametrize("key", [key for key, each in CONTENDERS.items() if each.package])
def test_every_peer_writes_its_data_and_has_a_command(
    key: str, tickets: Desk, tmp_path: Path
) -> None:
    contender = CONTENDERS[key]
    contender.prepare(tickets, tmp_path)
    told = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    newest = tickets.by_id[tickets.page(Query())[0]]
    assert json.dumps(newest["subject"]) in told.replace('\\"', '"')
    command = contender.command(Site(tmp_path, 4321, len(tickets)))
    assert "4321" in command


class _Broken(Ours):
    key = "broken"
    title = "Broken"

    def command(self, site: Site) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('error: out of paper')"]


def test_a_run_measures_who_runs_and_tells_who_does_not() -> None:
    contenders: list[Contender] = [Ours(), _Broken()]
    said: list[str] = []
    results = run(Plan([_TICKETS], 1, 2, 2, contenders), said.append)
    ours, broken = results.entries
    assert [each.requests > 0 for each in ours.sizes[_TICKETS].rounds] == [True, True]
    assert [each.failed for each in ours.sizes[_TICKETS].rounds] == [0, 0]
    assert all(each.processor_us > 0 for each in ours.sizes[_TICKETS].rounds)
    assert broken.skipped == {_TICKETS: "does not start: no answer; error: out of paper"}
    assert broken.sizes == {}
    assert "There There mock: 16 of 16 answers right" in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "ours,postman"], "no contender is called 'postman'; known: ours, "),
        (["--tickets", "0"], "'0' is no whole number from 1"),
        (["--rounds", "few"], "'few' is no whole number from 1"),
    ],
)
def test_a_bad_option_is_told_with_exit_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err


_ROUND = Round(1000, 200, 90, 0.5, 3, 9, 0, 2000)


@pytest.fixture
def results() -> Results:
    fast = Entry("fast", "Fast <mock>", "1.0", "documented", "as it comes")
    fast.sizes[50] = Outcome({}, 16, [_ROUND, replace(_ROUND, processor_us=300), _ROUND])
    fast.sizes[10_000] = Outcome({"total": "49 instead of 50"}, 16, [replace(_ROUND, failed=7)])
    small = Entry("small", "Small", "2.0", "own", "by hand")
    small.sizes[50] = Outcome({}, 16, [_ROUND])
    small.skipped[10_000] = "keeps no data"
    absent = Entry("absent", "Absent", "3.0", "own", "by hand")
    absent.skipped = {50: "needs java", 10_000: "needs java"}
    entries = [fast, small, absent]
    return Results("2026-05-01", 2, "wrk", 16, 2, 3, {"python": "3.11"}, [50, 10_000], entries)


def test_the_table_has_medians_and_spread_and_names_what_is_wrong(results: Results) -> None:
    rows = report.table(results).splitlines()[2:5]
    assert rows == [
        (
            "| Fast <mock> (1.0) | 16 of 16, 15 of 16 "
            "| 1,000 (1,000 to 1,000); 200 (200 to 300) µs "
            "| 1,000 (1,000 to 1,000); 200 (200 to 200) µs, **7 failed** "
            "| 3.0, 9.0; 3.0, 9.0 ms | 0.50, 0.50 s | 90, 90 MB |"
        ),
        (
            "| Small (2.0) | 16 of 16 in its own query words "
            "| 1,000 (1,000 to 1,000); 200 (200 to 200) µs | keeps no data "
            "| 3.0, 9.0 ms | 0.50 s | 90 MB |"
        ),
        "| Absent (3.0) | skipped: needs java |  |  |  |  |  |",
    ]
    assert "Wrong with 10,000 tickets: total (49 instead of 50)." in report.details(results)


def test_results_are_read_as_they_were_kept(results: Results, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results.save(path)
    assert Results.load(path) == results


def test_the_plot_is_svg_with_a_dot_for_every_figure(results: Results) -> None:
    picture = ET.fromstring(plot.svg(results))
    circles = picture.findall(".//{http://www.w3.org/2000/svg}circle")
    in_the_key = 2
    assert len(circles) == in_the_key + 3
    words = [text.text for text in picture.findall(".//{http://www.w3.org/2000/svg}text")]
    assert "Fast <mock>" in words
    assert "Absent" not in words


def test_a_dearer_request_stands_further_right(results: Results) -> None:
    results.entries[1].sizes[50] = Outcome({}, 16, [replace(_ROUND, processor_us=9000)])
    picture = ET.fromstring(plot.svg(results))
    dots = picture.findall(".//{http://www.w3.org/2000/svg}circle")[2:]
    cheap, _, dear = (float(dot.attrib["cx"]) for dot in dots)
    assert cheap < dear


def test_lists_are_measured_at_scale_and_told_as_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "scale.json"
    sizes = ["--tickets", "30", str(_TICKETS)]
    assert scale.main([*sizes, "--repeats", "1", "--output", str(output)]) == 0
    kept = scale.load(output)
    assert [size.shapes[0].total for size in kept] == [30, _TICKETS]
    assert all(size.contract.startswith("conforming, ") for size in kept)
    totals = {shape.filter: shape.total for shape in kept[1].shapes}
    assert totals["a word in no ticket"] == 0
    assert 0 < totals["a rare word"] <= totals["a common word"]
    assert capsys.readouterr().out == scale.table(kept) + "\n"
