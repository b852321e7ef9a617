"""Conservation as pure functions: totals, lost and new tickets, times that go back, threads."""

import json

import pytest

from contract_tests.laws.lists.list_detail_agreement import (
    found_again,
    in_the_whole_list,
    lost_for_now,
)
from contract_tests.laws.lists.status_totals import add_up
from contract_tests.laws.tickets.conservation import (
    never_back,
    reading_dates_nothing,
    threads_stay_whole,
)
from contract_tests.laws.updates.new_tickets import none_made
from contract_tests.observations.exchange import Exchange, get, put
from contract_tests.observations.history import History
from contract_tests.observations.walks import Walk
from tests.support.trial import contract

WALK = {"sort": "created_at", "per_page": 100}


def ticket(number, minute=0, **fields):
    """A ticket of 1 March, updated at a minute of 2 March."""
    return {
        "id": number,
        "subject": f"Subject {number}",
        "status": "open",
        "contact": {"id": number},
        "created_at": f"2026-03-01T10:{number:02}:00+00:00",
        "updated_at": f"2026-03-02T10:{minute:02}:00+00:00",
        **fields,
    }


class Observed:
    """Builds a history answer by answer."""

    def __init__(self):
        self.history = History(contract())
        self.number = 0

    def add(self, request, body, status=200, minute=0):
        """Add an answer that was given at a minute of 2 March."""
        self.number += 1
        raw = json.dumps(body).encode()
        date = (("Date", f"Mon, 02 Mar 2026 10:{minute:02}:00 GMT"),)
        self.history.add(Exchange(self.number, request, status, date, raw, float(self.number)))
        return self

    def page(self, *rows, total=None, **query):
        total = len(rows) if total is None else total
        meta = {"current_page": 1, "last_page": 1, "per_page": 25, "total": total}
        return self.add(get("/api/tickets", query), {"data": list(rows), "meta": meta})

    def filtered(self, statuses, total):
        return self.page(ticket(1), total=total, **{"filter[status]": statuses})

    def walk(self, *rows):
        self.page(*rows, **WALK)
        self.history.walks.append(Walk(self.number, self.number, whole=True))
        return self

    def detail(self, row, messages=(), entries=0, minute=0):
        thread = {"messages": [{"id": m} for m in messages], "activities": [{}] * entries}
        whole = {"ticket": {**thread, **row}}
        return self.add(get(f"/api/tickets/{row['id']}"), whole, minute=minute)

    def missing(self, number):
        return self.add(get(f"/api/tickets/{number}"), {"message": "Not found."}, 404)

    def write(self, row, status=200):
        request = put(f"/api/tickets/{row['id']}/status", {"status": "closed"})
        return self.add(request, {"ticket": row}, status)


def outcomes(law, observed):
    return [finding.outcome for finding in law(observed.history)]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"open": 5, "closed,spam": 4}, ["holds"]),
        ({"open": 5, "closed": 2, "spam": 2}, ["holds"]),
        ({"open": 5, "closed,spam": 3}, ["violated"]),
        ({"closed,open,spam": 8}, ["violated"]),
        ({"open": 5, "closed": 2}, []),
        ({"open": 5, "open,closed": 4}, []),
    ],
)
def test_totals_of_the_statuses_add_up(parts, expected):
    observed = Observed().page(ticket(1), total=9)
    for statuses, total in parts.items():
        observed.filtered(statuses, total)

    assert outcomes(add_up, observed.page(ticket(1), total=9)) == expected


@pytest.mark.parametrize(
    "end",
    [
        lambda observed: observed.page(ticket(2, 59), total=9),
        lambda observed: observed.page(ticket(1), total=8),
        lambda observed: observed.write(ticket(1)).page(ticket(1), total=9),
        lambda observed: observed,
    ],
    ids=["updated since", "deleted since", "written since", "not asked again"],
)
def test_totals_are_compared_only_while_nothing_changes(end):
    observed = Observed().page(ticket(1), total=9).filtered("open", 5).filtered("closed,spam", 3)

    assert outcomes(add_up, end(observed)) == []


def test_a_ticket_that_the_list_lost_and_that_can_be_read_is_a_violation():
    observed = Observed().walk(ticket(1), ticket(2)).walk(ticket(1))
    assert lost_for_now(observed.history) == [2]

    [finding] = found_again(observed.detail(ticket(2)).history)

    assert (finding.requirement, finding.exchanges) == ("list.paginated", (1, 2, 3))
    assert lost_for_now(observed.history) == []


def test_a_ticket_that_others_may_have_deleted_is_none():
    observed = Observed().walk(ticket(1), ticket(2)).walk(ticket(1)).missing(2)

    assert outcomes(found_again, observed) == []


def test_an_incomplete_walk_loses_nothing():
    observed = Observed().walk(ticket(1), ticket(2)).walk(ticket(1)).detail(ticket(2))
    observed.history.walks[1].whole = False

    assert outcomes(found_again, observed) == []


TWIN = ticket(90, subject="Subject 1", contact={"id": 1}, created_at=ticket(1)["created_at"])


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (TWIN, "twin of ticket 1"),
        (ticket(30, 59), "older than the run"),
        (ticket(90, 59, created_at="2026-03-02T10:59:00+00:00"), ""),
    ],
)
def test_a_ticket_that_comes_with_a_write_must_be_a_new_one(new, words):
    rows = [ticket(1, 10), ticket(2, 20)]
    observed = Observed().walk(*rows).walk(*rows).write(ticket(1, 58)).page(ticket(1, 58), new)

    said = [f.message for f in none_made(observed.history) if f.outcome == "violated"]
    assert [words in message for message in said] == [True] * bool(words)


def test_an_old_ticket_is_not_held_against_a_write_while_others_are_at_work():
    first, second = [ticket(1, 10), ticket(2, 20)], [ticket(1, 10), ticket(2, 50)]
    observed = Observed().walk(*first).walk(*second).write(ticket(1, 58)).page(ticket(30, 59))

    assert outcomes(none_made, observed) == ["not observed"]


@pytest.mark.parametrize(
    ("minutes", "expected"), [((1, 1, 2), "holds"), ((1, 3, 2), "violated"), ((1, 3, 1), "holds")]
)
def test_updated_at_does_not_go_back_but_to_what_was_seen(minutes, expected):
    """What was seen before comes from a copy that lags behind."""
    observed = Observed()
    for minute in minutes:
        observed.detail(ticket(1, minute))

    assert outcomes(never_back, observed) == [expected]


def test_a_fraction_of_a_second_that_one_answer_leaves_out_is_no_step_back():
    observed = Observed().detail(ticket(1, updated_at="2026-03-02T10:01:00.700+00:00"))

    assert outcomes(never_back, observed.page(ticket(1, 1))) == ["holds"]


@pytest.mark.parametrize(
    ("minute", "messages", "entries", "expected"),
    [
        (1, (7, 8), 2, {("detail.messages", "holds"), ("detail.activities", "holds")}),
        (1, (7, 8, 9), 3, {("detail.messages", "holds"), ("detail.activities", "holds")}),
        (1, (8,), 2, {("detail.messages", "violated"), ("detail.activities", "holds")}),
        (1, (7, 8), 1, {("detail.messages", "holds"), ("detail.activities", "violated")}),
        (2, (), 0, set()),
    ],
)
def test_a_thread_loses_nothing_while_its_ticket_rests(minute, messages, entries, expected):
    observed = Observed().detail(ticket(1, 1), (7, 8), 2)
    observed.detail(ticket(1, minute), messages, entries)

    assert {(f.requirement, f.outcome) for f in threads_stay_whole(observed.history)} == expected


LOGGED = {"activities": [{"created_at": ticket(1, 7)["updated_at"]}]}


@pytest.mark.parametrize(
    ("fields", "minutes", "expected"),
    [
        ({}, (7, 7), ["violated"]),
        ({}, (7, 8), []),
        ({"status": "closed"}, (7, 7), []),
        (LOGGED, (7, 7), []),
    ],
    ids=["only dated", "dated at another time", "changed", "logged"],
)
@pytest.mark.parametrize("shown", ["at once", "by the next list"])
def test_tickets_that_are_dated_by_being_read_are_a_violation(fields, minutes, expected, shown):
    observed = Observed().walk(ticket(1), ticket(2), ticket(3))
    for number in (1, 2):
        before, after = ticket(number), ticket(number, minutes[0], **fields)
        threads = {name: value for name, value in fields.items() if name == "activities"}
        read = after if shown == "at once" else {**before, **threads}
        observed.detail(read, minute=minutes[1]).page(after)

    assert outcomes(reading_dates_nothing, observed) == expected


def test_one_ticket_that_was_changed_while_it_was_read_is_chance():
    observed = Observed().walk(ticket(1)).detail(ticket(1, 7), minute=7)
    observed.walk(ticket(2)).write(ticket(2, 7)).detail(ticket(2, 7), minute=7)

    assert outcomes(reading_dates_nothing, observed) == []


def test_a_ticket_that_only_a_search_brings_up_is_not_of_the_list():
    def seen(*found):
        observed = Observed().walk(ticket(1, 30)).page(ticket(1, 30), *found)
        return outcomes(in_the_whole_list, observed.walk(ticket(1, 30)))

    assert seen(ticket(9)) == ["violated"]
    assert seen() == []
    assert seen({**ticket(9), "created_at": "2026-03-02T10:31:00+00:00"}) == []
