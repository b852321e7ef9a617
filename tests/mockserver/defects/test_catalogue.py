"""Every defective defect shows, where and as often as it says, and no open question excuses it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import pytest
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices, questions
from mockserver.defects import CATALOGUE, Defect
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.middleware import DefectMiddleware
from mockserver.seed import load_world
from tests.support import extension_probes, more_probes, probes, rare_probes
from tests.support.harness import CLOCK
from tests.support.probes import Caller, Facts, Seen, rough
from tests.support.remembered import Remembered

Walk = list[Seen]

READING = probes.READING | more_probes.READING | rare_probes.READING | extension_probes.READING
WRITING = probes.WRITING | more_probes.WRITING | rare_probes.WRITING | extension_probes.WRITING

ROWS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "open-only": lambda row: row["status"] == "open",
    "closed-only": lambda row: row["status"] == "closed",
    "spam-only": lambda row: row["status"] == "spam",
    "assigned-only": lambda row: row["assignee"] is not None,
    "unassigned-only": lambda row: row["assignee"] is None,
    "tagged-only": lambda row: row["tags"] != [],
    "untagged-only": lambda row: row["tags"] == [],
    "without-summary-only": lambda row: row["summary"] is None,
    "long-threads-only": lambda row: len(row["messages"]) > 5,
    "long-logs-only": lambda row: len(row["activities"]) > 2,
}
SHARES = {"one-row-in-10": 10, "one-row-in-30": 30}
TURNS = {"every-7th-request": 7, "every-20th-request": 20, "every-50th-request": 50}

WRITING_CHOICES = (
    *("absent_user_id", "activity_order", "foreign_ticket"),
    *("missing_text", "unchanged_write", "update_reply"),
)
"""Open questions that a write, or reading after it, could answer; the others are of lists."""

Pair = tuple[int, Seen, Seen]


class Bench:
    """An honest app, liars round it, and honest apps that settle one open question otherwise."""

    def __init__(self, stack: ExitStack) -> None:
        self.app = stack.enter_context(_app(Choices()))
        self.remembered = Remembered(self.app)
        self.facts = Facts.of(self.remembered)
        self._stack = stack
        self._tokens = Tokens(load_world("demo"))
        self._walks: dict[Any, Walk] = {}
        self._again: dict[tuple[Any, str], Seen] = {}

    @cached_property
    def others(self) -> dict[tuple[str, str], Remembered]:
        return {
            (question.name, value): Remembered(
                self._stack.enter_context(_app(Choices(**{question.name: value})))
            )
            for question in questions()
            for value in question.values
            if value != question.default
        }

    def middleware(self, defect: Defect) -> DefectMiddleware:
        return DefectMiddleware(self.remembered, self.app.url_map, defect, self._tokens)

    def walk(self, app: Any, world: str, defect: Defect) -> Walk:
        """Return what an app answers to the probes of a defect's family."""
        jane = Caller(app, world)
        for probe in READING[defect.family]:
            probe(jane, self.facts)
        if defect.visible == "writing":
            for probe in WRITING[defect.family]:
                probe(jane, self.facts)
        return jane.seen

    def honest(self, defect: Defect) -> Walk:
        return self._kept("default", self.remembered, defect)

    def excuses(self, defect: Defect) -> Iterator[tuple[Any, Walk]]:
        for choice, app in self.others.items():
            if choice[0] in WRITING_CHOICES:
                yield choice, self._kept(choice, app, defect)

    def again(self, choice: tuple[str, str], seen: Seen) -> Seen:
        """Return what an app with another choice answers where nothing was changed."""
        key = (choice, str(seen.request))
        if key not in self._again:
            caller = Caller(self.others[choice], "excuse")
            caller.ask(**seen.request)
            self._again[key] = caller.seen[0]
        return self._again[key]

    def _kept(self, choice: Any, app: Any, defect: Defect) -> Walk:
        key = (choice, defect.family, defect.visible)
        if key not in self._walks:
            world = f"{defect.family}-{defect.visible}"
            self._walks[key] = self.walk(app, world, defect)
        return self._walks[key]


@contextmanager
def _app(choices: Choices) -> Iterator[Flask]:
    app = create_app(Config(tickets=120, clock=CLOCK, choices=choices))
    yield app
    app.extensions["store"].close()


@dataclass
class Trial:
    """A defect, and what an honest app and a middleware answered to the same requests."""

    defect: Defect
    honest: Walk
    told: Walk

    @property
    def differing(self) -> list[Pair]:
        pairs = zip(self.honest, self.told, strict=True)
        return [
            (place, honest, told)
            for place, (honest, told) in enumerate(pairs)
            if honest.answer != told.answer
        ]

    @property
    def to_excuse(self) -> Walk:
        """What differs, and then all else that the same operations answered."""
        differing = [told for *_, told in self.differing]
        operations = {told.operation for told in differing}
        return differing + [told for told in self.told if told.operation in operations]

    @property
    def first_change(self) -> int:
        """Where a write first succeeded."""
        writes = [
            place
            for place, pair in enumerate(zip(self.honest, self.told, strict=True))
            if any(_writes(seen) and 200 <= seen.status < 300 for seen in pair)
        ]
        return writes[0] if writes else len(self.honest)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(stack)


def _trials() -> Iterator[Any]:
    """Yield every defect; `slow` are all but the first that reading shows of each family."""
    families: set[str] = set()
    for name, defect in CATALOGUE.items():
        quick = defect.visible == "reading" and defect.family not in families
        yield pytest.param(defect, id=name, marks=[] if quick else [pytest.mark.slow])
        if quick:
            families.add(defect.family)


@pytest.fixture(scope="module", params=_trials())
def trial(bench: Bench, request: pytest.FixtureRequest) -> Trial:
    defect = request.param
    told = bench.walk(bench.middleware(defect), defect.name, defect)
    return Trial(defect, bench.honest(defect), told)


def test_it_is_as_described(bench: Bench, trial: Trial, subtests: pytest.Subtests) -> None:
    for holds in DESCRIBED:
        with subtests.test(holds.__name__):
            holds(bench, trial)


@pytest.mark.slow
def test_no_open_question_excuses_it(bench: Bench, trial: Trial) -> None:
    if trial.defect.visible == "writing":
        for choice, walk in bench.excuses(trial.defect):
            told = [walk[place].answer == told.answer for place, _, told in trial.differing]
            assert not all(told), f"{choice} answers the same"
        return
    for choice in bench.others:
        same = (bench.again(choice, told).answer == told.answer for told in trial.to_excuse)
        assert not all(same), f"{choice} answers the same"


def it_shows(_: Bench, trial: Trial) -> None:
    assert trial.differing


def only_its_operations_differ_until_something_is_changed(_: Bench, trial: Trial) -> None:
    for place, honest, _told in trial.differing:
        assert honest.operation in trial.defect.on or place > trial.first_change


def what_only_writing_shows_is_not_seen_by_reading(_: Bench, trial: Trial) -> None:
    reading = [not _writes(seen) for seen in trial.honest]
    before = [place for place, *_ in trial.differing if all(reading[: place + 1])]
    assert bool(before) == (trial.defect.visible == "reading")


def it_shows_only_where_its_rarity_says(_: Bench, trial: Trial) -> None:
    rarity = trial.defect.rarity.name
    for place, honest, told in trial.differing:
        if rarity == "page-2-on":
            assert int(honest.query.get("page", 1)) > 1
        if rarity == "after-a-change":
            assert place > trial.first_change
        if rarity in TURNS and trial.defect.visible == "reading":
            assert _turn(trial.honest, place) % TURNS[rarity] == TURNS[rarity] - 1
        if rarity in ROWS:
            assert all(ROWS[rarity](row) for row in _struck(honest, told))


def it_strikes_no_more_tickets_than_its_rarity_says(bench: Bench, trial: Trial) -> None:
    share = SHARES.get(trial.defect.rarity.name, 1)
    struck = {row["id"] for _, *pair in trial.differing for row in _struck(*pair)}
    assert len(struck) * share < 2 * len(bench.facts.ids)


def it_never_stumbles_over_rough_requests(bench: Bench, trial: Trial) -> None:
    caller = Caller(bench.middleware(trial.defect), f"{trial.defect.name}-rough")
    rough(caller, bench.facts)
    stumbled = [seen for seen in trial.told + caller.seen if b"cannot be applied" in seen.body]
    assert stumbled == []


def what_is_not_the_api_stays_as_it_is(bench: Bench, trial: Trial) -> None:
    middleware = bench.middleware(trial.defect)
    for path in ("/openapi.json", "/docs"):
        honest, told = Caller(bench.remembered, "pages"), Caller(middleware, "pages")
        honest.ask("", "GET", path)
        told.ask("", "GET", path)
        assert honest.seen[0].answer == told.seen[0].answer


DESCRIBED = (
    it_shows,
    only_its_operations_differ_until_something_is_changed,
    what_only_writing_shows_is_not_seen_by_reading,
    it_shows_only_where_its_rarity_says,
    it_strikes_no_more_tickets_than_its_rarity_says,
    it_never_stumbles_over_rough_requests,
    what_is_not_the_api_stays_as_it_is,
)


def _writes(seen: Seen) -> bool:
    return seen.request["method"] in ("PUT", "POST", "DELETE") and bool(seen.operation)


def _turn(walk: Walk, place: int) -> int:
    """Count the requests that a world had answered before this one."""
    return sum(seen.world == walk[place].world for seen in walk[:place])


def _struck(honest: Seen, told: Seen) -> list[dict[str, Any]]:
    """Return the honest form of the tickets that differ, where both speak of the same ones."""
    before, after = _rows(honest), _rows(told)
    if [row.get("id") for row in before] != [row.get("id") for row in after]:
        return []
    return [row for row, other in zip(before, after, strict=True) if row != other]


def _rows(seen: Seen) -> list[dict[str, Any]]:
    try:
        value = orjson.loads(seen.body)
    except orjson.JSONDecodeError:
        return []
    if not isinstance(value, dict):
        return []
    rows = value.get("data") if seen.operation == "listTickets" else [value.get("ticket")]
    return [row for row in rows or [] if isinstance(row, dict)]
