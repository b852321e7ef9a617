"""One seed and one clock give the same bytes at each start."""

from pathlib import Path

import pytest

from tests.support.harness import CLOCK, Serving, serving

PAGES = [f"/api/tickets?per_page=4&page={number}&sort=created_at" for number in range(1, 51)]
QUERIES = ["/api/tickets?filter[status]=open,closed&per_page=100", "/api/tickets/42"]


def answers(running: Serving) -> list[str]:
    """Return the first 50 pages, and a detail of each ticket of the last of them."""
    last = running.get(PAGES[-1]).json()["data"]
    assert last, "there are fewer than 50 pages"
    paths = [*PAGES, *QUERIES, *(f"/api/tickets/{ticket['id']}" for ticket in last)]
    return [running.get(path).text.replace(running.url, "") for path in paths]


@pytest.fixture(scope="module")
def first(server: Serving) -> list[str]:
    return answers(server)


@pytest.mark.slow
def test_two_starts_answer_the_same_bytes(first: list[str]) -> None:
    with serving("--clock", CLOCK) as again:
        assert answers(again) == first


@pytest.mark.slow
def test_hashes_of_another_process_order_nothing(
    first: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    with serving("--clock", CLOCK) as again:
        assert answers(again) == first


@pytest.mark.slow
@pytest.mark.parametrize("option", [("--seed", "2"), ("--clock", "2026-05-02T09:00:00Z")])
def test_another_seed_or_time_makes_other_tickets(
    first: list[str], option: tuple[str, str]
) -> None:
    with serving("--clock", CLOCK, *option) as other:
        assert answers(other)[0] != first[0]


@pytest.mark.slow
def test_a_kept_database_answers_as_the_start_that_made_it(
    first: list[str], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/kept.db"
    for _ in range(2):
        with serving("--clock", CLOCK, "--database", database) as running:
            assert answers(running) == first
