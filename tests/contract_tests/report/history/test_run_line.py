"""Each run adds one line to its history, which holds nothing of a person."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from contract_tests.report.history.run_line import FILE, MOCK, HistoryError, append, line_of, read
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.fake_deployment import Serving


def test_a_line_is_read_back_as_it_was_written(planted, tmp_path):
    append(tmp_path / "new", line_of(planted))

    [line], unreadable = read(tmp_path / "new")
    assert (line, unreadable) == (line_of(planted), 0)
    assert line.verdict == "violated"
    assert "list.filter.unassigned" in line.violated
    assert line.latency["listTickets"]["p95"] >= line.latency["listTickets"]["p50"] > 0
    assert len((tmp_path / "new" / FILE).read_text()) < 6000


def test_a_line_that_is_cut_or_of_another_program_is_left_out(planted, tmp_path):
    append(tmp_path, line_of(planted))
    good = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(f'{good[:100]}\n{{"a": 1}}\n[1]\n\n{good}')

    lines, unreadable = read(tmp_path)
    assert lines == [line_of(planted)]
    assert unreadable == 4


@pytest.mark.parametrize("content", [None, "", "hello\n"])
def test_a_folder_without_runs_is_refused_in_one_line(content, tmp_path):
    if content is not None:
        (tmp_path / FILE).write_text(content)
    with pytest.raises(HistoryError, match=r"no history|no readable line"):
        read(tmp_path)


def test_runs_that_end_at_the_same_time_do_not_mix_their_lines(planted, tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: append(tmp_path, line_of(planted)), range(80)))
    lines, unreadable = read(tmp_path)
    assert (len(lines), unreadable) == (80, 0)


def test_a_check_adds_its_line_and_says_since_when(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    fake, folder = Planted(), tmp_path / "history"
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        command = ["--base-url", url, "--token", TOKEN, "--profile", "quick"]
        with pytest.raises(SystemExit):
            main([*command, "--history", str(folder)])

    said = capsys.readouterr().out
    assert "History: list.filter.unassigned is violated since " in said
    assert len(read(folder)[0]) == 1
    assert TOKEN not in (folder / FILE).read_text()
    with pytest.raises(SystemExit) as ended:
        main(["history", str(folder), "--html", str(tmp_path / "page.html")])
    assert ended.value.code == 0
    assert "<h2>Latency</h2>" in (tmp_path / "page.html").read_text()


def test_a_badge_is_of_one_deployment(planted, tmp_path):
    folder, badge = tmp_path / "history", tmp_path / "badge.json"
    append(folder, line_of(planted))
    append(folder, replace(line_of(planted, own_mock=True), verdict="conforming"))
    command = ["history", str(folder), "--badge", str(badge)]
    both = CliRunner().invoke(main, command)
    one = CliRunner().invoke(main, [*command, "--base-url", planted["run"]["base_url"]])
    none = CliRunner().invoke(main, [*command, "--base-url", "https://other.example"])

    assert (both.exit_code, one.exit_code, none.exit_code) == (2, 0, 2)
    assert f"{planted['run']['base_url']}, {MOCK}" in both.output
    assert json.loads(badge.read_text())["message"] == "violated"
    assert "has no run against https://other.example" in none.output
