import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import RequestValidator
from mockserver.journal import Exchange, Journal
from mockserver.journal import journal as journal_module
from mockserver.journal import server_sent_events as stream
from mockserver.journal.masking import mask_authorization, mask_text
from mockserver.journal.server_sent_events import READERS, EventStream
from tests.support.harness import Api

JUDGE = RequestValidator(Contract.load(), Choices())
ORIGIN = "http://localhost:5173"


def exchange(world: str = "w", query: str = "", response: bytes = b"{}") -> Exchange:
    made = Exchange(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/tickets",
            "QUERY_STRING": query,
            "HTTP_AUTHORIZATION": f"Bearer jane@{world}",
        }
    )
    made.finish("200 OK", [("Content-Type", "application/json")], response)
    return made


@pytest.fixture
def journal(seeded_app: Flask) -> Journal:
    found: Journal = seeded_app.extensions["journal"]
    return found


def last(journal: Journal, world: str) -> Exchange:
    return journal.read(world)[-1]


def test_an_exchange_is_kept_as_it_came_and_as_it_was_answered(
    ann: Api, journal: Journal, world_name: str
) -> None:
    reply = ann.put("/api/tickets/1/status", {"status": "closed"})
    kept = last(journal, world_name)
    assert (kept.method, kept.path, kept.query) == ("PUT", "/api/tickets/1/status", "")
    assert (kept.status, kept.response) == (200, reply.data)
    assert kept.body == '{"status": "closed"}'
    assert kept.media_type == "application/json"
    assert dict(kept.response_headers)["Content-Length"] == str(len(reply.data))


def test_worlds_have_journals_of_their_own(ann: Api, seeded_app: Flask, journal: Journal) -> None:
    other = Api(seeded_app, "ann@another-journal")
    ann.get("/api/tickets")
    other.get("/api/tickets/1")
    assert [each.path for each in journal.read("another-journal")] == ["/api/tickets/1"]


def test_requests_without_a_token_belong_to_the_shared_world(
    seeded_app: Flask, journal: Journal
) -> None:
    seeded_app.test_client().get("/api/tickets?page=77")
    assert (last(journal, "shared").query, last(journal, "shared").status) == ("page=77", 401)


def test_unknown_routes_are_kept_and_the_mock_s_own_pages_are_not(
    seeded_app: Flask, journal: Journal
) -> None:
    client = seeded_app.test_client()
    client.get("/api/ticket/1")
    before = journal.newest
    for page in ("/", "/docs/", "/openapi.json", "/_mock/journal", "/favicon.ico", "/robots.txt"):
        client.get(page)
    client.get("/.well-known/appspecific/com.chrome.devtools.json")
    client.get("/_mock/no-such-route")
    client.options("/api/tickets", headers={"Origin": ORIGIN})
    assert journal.newest == before
    assert (last(journal, "shared").path, last(journal, "shared").status) == ("/api/ticket/1", 404)


def test_what_was_done_on_purpose_is_noted(ann: Api, seeded_app: Flask, world_name: str) -> None:
    journal, faults = seeded_app.extensions["journal"], seeded_app.extensions["faults"]
    ann.get("/api/tickets?__code=429")
    faults.add(world_name, faults.parse("error=503"))
    ann.get("/api/tickets")
    faults.clear(world_name)
    forced, failed = journal.read(world_name)
    assert (forced.forced, forced.faults, forced.status) == ("code=429", [], 429)
    assert (failed.forced, failed.faults, failed.status) == ("", ["error=503"], 503)


def test_no_token_and_no_address_is_kept(ann: Api, journal: Journal, world_name: str) -> None:
    path = "/api/tickets?filter[search]=carl%40customer.example&api_token=s3cret"
    ann.get(path, headers={"User-Agent": "bot ann@helpdesk.example", "Cookie": "session=s3cret"})
    ann.put("/api/tickets/1/status", {"status": "carl@customer.example", "token": "s3cret"})
    kept = [
        f"{each.query} {each.path} {each.body} {each.headers} {each.authorization}"
        for each in journal.read(world_name)
    ]
    assert kept[0].startswith("filter[search]=***&api_token=*** ")
    assert f"Bearer ***@{world_name}" in kept[0]
    secrets = ("carl", "s3cret", "ann@", "helpdesk.example")
    assert not [text for text in kept for secret in secrets if secret in text]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("filter[search]=jo.do+x@a.example.com&page=1", "filter[search]=***&page=1"),
        ('{"email": "a@b.example", "status": "open"}', '{"email": "***", "status": "open"}'),
        ('{"accessToken" : "a\\"b"}', '{"accessToken" : "***"}'),
        ("page=1&access_token=abc", "page=1&access_token=***"),
        ("sort=-updated_at", "sort=-updated_at"),
        ("password reset", "password reset"),
    ],
)
def test_secrets_are_masked_and_the_rest_is_left(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    ("header", "masked"),
    [
        ("", ""),
        ("Bearer s3cret", "Bearer ***"),
        ("s3cret", "***"),
        ("Bearer jane@pr-1", "Bearer ***@pr-1"),
        ("s3cret@pr-1 x", "*** ***"),
    ],
)
def test_an_authorization_keeps_its_scheme_and_its_world(header: str, masked: str) -> None:
    world = "pr-1" if "pr-1" in header else ""
    assert mask_authorization(header, world) == masked


def test_masking_a_long_text_takes_no_longer_than_reading_it() -> None:
    for text in ("a" * 60_000, '"token' * 10_000, "a@" * 30_000, "token=" * 10_000):
        assert len(mask_text(text)) <= len(text)


def test_a_large_body_is_not_kept_and_a_large_reply_is_cut(seeded_app: Flask, ann: Api) -> None:
    journal = seeded_app.extensions["journal"]
    ann.put("/api/tickets/1/status", {"status": "x" * 70_000})
    assert last(journal, ann.token.partition("@")[2]).body is None
    long = exchange(response=b"x" * 100_000)
    assert (len(long.response), long.response_size) == (65_536, 100_000)


def test_the_number_of_exchanges_is_bounded_and_none_is_forgotten_in_the_tally() -> None:
    journal = Journal(JUDGE, most=10)
    for page in range(2500):
        journal.add(exchange(query=f"page={page}&limit=5"))
    assert [each.query for each in journal.read("w")] == [
        f"page={page}&limit=5" for page in range(2490, 2500)
    ]
    counts = journal.counts("w")
    assert counts.requests == 2500
    assert counts.parameters["listTickets", "page"] == 2500
    places = {found.finding.place: found.count for found in counts.findings()}
    assert places == {"query limit": 2500, "query page": 1}  # page=0 is below 1


def test_repeated_requests_keep_the_first_and_the_last_of_them() -> None:
    journal = Journal(JUDGE, most=2)
    made = [exchange(query="zzz=1") for _ in range(6)]
    for each in made:
        journal.add(each)
    [found] = journal.counts("w").findings()
    assert (found.first, found.last, found.count) == (made[0].number, made[-1].number, 6)
    [again] = journal.counts("w").findings()
    assert again.count == 6, "reading counted them again"
    [anywhere] = journal.counts().findings()
    assert anywhere.count == 6


def test_the_bytes_of_a_world_are_bounded() -> None:
    journal = Journal(JUDGE, largest=200_000)
    for _ in range(20):
        journal.add(exchange(response=b"x" * 50_000))
    assert 1 <= len(journal.read("w")) <= 4
    assert journal.counts("w").requests == 20


def test_the_bytes_of_all_worlds_are_bounded_at_the_cost_of_the_oldest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_module, "_MAX_TOTAL_BYTES", 200_000)
    journal = Journal(JUDGE)
    for number in range(10):
        journal.add(exchange(world=f"w{number}", query="zzz=1", response=b"x" * 50_000))
    assert journal.read("w0") == []
    assert len(journal.read("w9")) == 1
    assert journal.counts().requests == 10, "requests of worlds that went are forgotten"
    assert journal.counts().findings()[0].count == 10


def test_the_number_of_worlds_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_MAX_WORLDS", 5)
    journal = Journal(JUDGE)
    for number in range(20):
        journal.add(exchange(world=f"w{number}"))
    assert len(journal.read()) == 5
    assert journal.counts().requests == 20


def test_clearing_forgets_a_world_or_all() -> None:
    journal = Journal(JUDGE, most=1)
    for world in ("a", "a", "b"):
        journal.add(exchange(world, query="zzz=1"))
    assert journal.clear("never") == 0
    assert journal.clear("a") == 1
    assert (journal.counts("a").requests, journal.counts("b").requests) == (0, 1)
    journal.clear()
    assert (journal.counts().requests, journal.counts().findings()) == (0, [])


def run(reading: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: Playwright keeps an event loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, reading).result()


def test_a_reader_of_the_stream_receives_what_is_new_in_its_world() -> None:
    journal, new = Journal(JUDGE), exchange(query="page=2")
    journal.add(exchange(query="page=1"))

    def add() -> None:
        journal.add(exchange("elsewhere"))
        journal.add(new)

    async def read() -> tuple[bytes, bytes]:
        received = aiter(EventStream(journal, "w", journal.newest))
        first = await anext(received)
        adding = Thread(target=add)
        adding.start()
        event = b""
        while not event:  # a batch is empty if only the other world is in it
            event = await asyncio.wait_for(anext(received), 20)
        adding.join()
        await received.aclose()  # type: ignore[attr-defined]  # a generator
        return first, event

    first, event = run(read())
    assert first == b"retry: 1000\n\n"
    assert event.startswith(b"id: %d\ndata: {" % new.number)
    assert b'"query":"page=2"' in event
    assert event.count(b"data: ") == 1
    assert journal._listeners == ()


def test_one_reader_too_many_gets_what_there_is_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(JUDGE)
    journal.add(exchange())
    monkeypatch.setattr(stream, "_BEAT", 0.01)

    async def read() -> tuple[list[bytes], bytes]:
        readers = [aiter(EventStream(journal, "w", journal.newest)) for _ in range(READERS)]
        for reader in readers:
            await anext(reader)
        received = [part async for part in EventStream(journal, "w", 0)]
        for reader in readers:
            await reader.aclose()  # type: ignore[attr-defined]  # a generator
        waiting = aiter(EventStream(journal, "w", journal.newest))
        await anext(waiting)
        return received, await asyncio.wait_for(anext(waiting), 20)

    received, waited = run(read())
    assert received[0].startswith(b"retry: 1000\n\nid: ")
    assert len(received) == 1
    assert waited == b": nothing new\n\n", "the places were not given back"


def test_a_server_without_an_event_loop_sends_what_there_is_and_ends() -> None:
    journal = Journal(JUDGE)
    journal.add(exchange())
    retry, event = EventStream(journal, "w", 0)
    assert (retry, event[:4]) == (b"retry: 1000\n\n", b"id: ")


def test_a_head_request_is_kept_and_answered_without_a_body(
    ann: Api, journal: Journal, world_name: str
) -> None:
    reply: Any = ann.send("HEAD", "/api/tickets")
    assert (reply.status_code, reply.data) == (200, b"")
    assert last(journal, world_name).method == "HEAD"
