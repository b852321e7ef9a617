"""Made-up tickets read like a help desk's: causes before effects, in lifelike shares."""

import gc
import html
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.seed import build_workspaces, load_world, preview
from mockserver.seed.generator.topics import STORIES, phrasebook
from mockserver.seed.records import Contact, Ticket, User, Workspace

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
FIRST_GENERATED = 1001
RESERVED = re.compile(r"@([a-z0-9.-]+\.)?(example|example\.(com|net|org))$")


def seeded(seed: int = 1, tickets: int = 200, locale: str | None = None) -> list[Workspace]:
    return build_workspaces(load_world("demo"), seed=seed, tickets=tickets, locale=locale, now=NOW)


def generated(workspace: Workspace) -> list[Ticket]:
    return [ticket for ticket in workspace.tickets if ticket.id >= FIRST_GENERATED]


@cache
def sample() -> list[Ticket]:
    return generated(seeded(seed=3, tickets=3_000)[0])


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 250))
def test_causes_come_before_effects(seed: int, tickets: int) -> None:
    for ticket in (one for workspace in seeded(seed, tickets) for one in workspace.tickets):
        spoken = [message.created_at for message in ticket.messages]
        done = [activity.created_at for activity in ticket.activities]
        assert spoken == sorted(spoken), ticket.id
        assert done == sorted(done), ticket.id
        assert min([*spoken, *done]) >= ticket.created_at, ticket.id
        assert ticket.last_activity_at == max(spoken), ticket.id
        assert ticket.updated_at == max([*spoken, *done]) <= NOW, ticket.id


def test_a_ticket_is_born_with_its_first_message_from_its_contact() -> None:
    for ticket in sample():
        opening = ticket.messages[0]
        assert (opening.created_at, opening.type) == (ticket.created_at, "inbound")
        assert opening.sender == ticket.contact


def test_the_log_leads_to_the_present_state() -> None:
    for ticket in sample():
        types = Counter(activity.type for activity in ticket.activities)
        assert set(types) <= {"status_changed", "assignee_changed"}
        assert (types["status_changed"] > 0) or ticket.status == "open", ticket.id
        assert types["status_changed"] != 1 or ticket.status != "open", ticket.id
        assert (types["assignee_changed"] > 0) or ticket.assignee is None, ticket.id
        assert types["assignee_changed"] != 1 or ticket.assignee is not None, ticket.id


def test_senders_fit_the_type_of_their_message() -> None:
    for message in (message for ticket in sample() for message in ticket.messages):
        assert isinstance(message.sender, Contact if message.type == "inbound" else User)


def test_agents_sign_with_their_own_name_and_customers_with_theirs() -> None:
    for ticket in sample():
        for message in ticket.messages:
            if message.type != "note" and not message.is_forward and message.sender.name:
                signature = html.escape(message.sender.name, quote=False)
                assert f"<br>{signature}</p>" in message.body_html, ticket.id


def test_previews_are_cut_from_the_latest_message_notes_included() -> None:
    for ticket in sample():
        assert ticket.latest_message_preview == preview(ticket.messages[-1].body_html)
    assert any(ticket.messages[-1].type == "note" for ticket in sample())


def test_no_slot_is_left_open() -> None:
    for ticket in sample():
        texts = [ticket.subject, ticket.summary or "", *(m.body_html for m in ticket.messages)]
        assert not any(re.search(r"[{}]", text) for text in texts), ticket.id


def test_a_thread_speaks_of_one_order() -> None:
    several = 0
    for ticket in sample():
        said = [message.body_html for message in ticket.messages if message.type != "note"]
        orders = [re.findall(r"\border (\d{5})\b", text) for text in (ticket.subject, *said)]
        several += sum(map(bool, orders)) > 1
        assert len({order for found in orders for order in found}) <= 1, ticket.id
    assert several > 50


def told(text: str, phrasings: Sequence[str]) -> set[int]:
    """Return which of the phrasings, slots filled, the text contains."""
    patterns = [re.sub(r"\\{\w+\\}", ".+", re.escape(phrasing)) for phrasing in phrasings]
    return {index for index, pattern in enumerate(patterns) if re.search(pattern, text)}


def test_a_thread_tells_one_story_from_the_subject_on() -> None:
    by_opening = {body: topic for topic in phrasebook().topics for body in topic.bodies["opening"]}
    stories = set()
    for ticket in [ticket for ticket in sample() if ticket.status != "spam"][:300]:
        opening = ticket.messages[0].body_html
        topic = by_opening[next(body for body in by_opening if told(opening, [body]))]
        story = told(opening, topic.bodies["opening"])
        stories |= story
        assert {index % STORIES for index in told(ticket.subject, topic.subjects)} & story
        for part in ("answer", "followup", "solution"):
            said = [told(message.body_html, topic.bodies[part]) for message in ticket.messages]
            assert set().union(*said) <= story, (ticket.id, part)
    assert stories == {0, 1}


def test_ids_times_and_ulids_ascend_together() -> None:
    for before, after in pairwise(sample()):
        assert after.id == before.id + 1
        assert before.created_at <= after.created_at
        assert before.ulid < after.ulid


def test_ids_and_ulids_are_used_once_in_the_whole_world() -> None:
    tickets = [ticket for workspace in seeded() for ticket in workspace.tickets]
    messages = [message for ticket in tickets for message in ticket.messages]
    attachments = [attachment for message in messages for attachment in message.attachments]
    contacts = [contact for workspace in seeded() for contact in workspace.contacts]
    for records in (tickets, messages, attachments, contacts):
        assert max(Counter(record.id for record in records).values()) == 1
    with_ulid: list[Any] = [*tickets, *messages, *contacts]
    ulids = [record.ulid for record in with_ulid]
    assert max(Counter(ulids).values()) == 1


def test_ulids_carry_the_second_of_creation() -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for ticket in sample()[:300]:
        records: list[Any] = [ticket, *ticket.messages]
        for record in records:
            milliseconds = 0
            for character in record.ulid[:10]:
                milliseconds = milliseconds * 32 + alphabet.index(character)
            assert milliseconds // 1000 == int(record.created_at.timestamp())


def share(tickets: list[Ticket], **fields: object) -> float:
    wanted = fields.items()
    hits = [t for t in tickets if all(getattr(t, name) == value for name, value in wanted)]
    return len(hits) / len(tickets)


def test_statuses_and_assignees_come_in_lifelike_shares() -> None:
    for seed in range(4):
        tickets = generated(seeded(seed, 1_000)[0])
        still_open = [ticket for ticket in tickets if ticket.status == "open"]
        assert 0.45 < share(tickets, status="closed") < 0.65
        assert 0.25 < share(tickets, status="open") < 0.45
        assert 0.05 < share(tickets, status="spam") < 0.15
        assert 0.15 < share(still_open, assignee=None) < 0.37


def test_tags_number_up_to_four_and_suit_the_topic() -> None:
    counts = Counter(len(ticket.tags) for ticket in sample() if ticket.status != "spam")
    assert set(counts) == {0, 1, 2, 3, 4}
    refunds = [ticket for ticket in sample() if ticket.subject.startswith("Refund for order")]
    tagged = [ticket for ticket in refunds if ticket.tags]
    fitting = [t for t in tagged if {tag.name for tag in t.tags} & {"refund", "billing"}]
    assert len(fitting) > 0.6 * len(tagged)


def test_spam_is_neither_answered_nor_tagged_nor_summarised() -> None:
    spam = [ticket for ticket in sample() if ticket.status == "spam"]
    for ticket in spam:
        assert len(ticket.messages) == 1
        assert (ticket.tags, ticket.summary) == ((), None)
    spammers = {ticket.contact for ticket in spam}
    customers = {ticket.contact for ticket in sample() if ticket.status == "closed"}
    assert not spammers & customers


def test_some_tickets_share_their_second() -> None:
    for tickets in (sample(), generated(seeded()[0])):
        for field in ("created_at", "updated_at"):
            seconds = Counter(getattr(ticket, field) for ticket in tickets)
            assert sum(n for n in seconds.values() if n > 1) > 0.03 * len(tickets), field


def test_many_came_lately_and_some_long_ago() -> None:
    ages = [NOW - ticket.created_at for ticket in generated(seeded()[0])]
    assert ages[-1] < timedelta(hours=6)
    assert sum(age < timedelta(days=1) for age in ages) >= 8
    assert sum(age > timedelta(days=180) for age in ages) >= 40
    assert ages[0] > timedelta(days=450)


def test_customers_write_in_office_hours_mostly() -> None:
    at_work = [t for t in sample() if 8 <= t.created_at.hour < 18 and t.created_at.weekday() < 5]
    assert 0.6 < len(at_work) / len(sample()) < 0.95


def test_everything_that_may_happen_does() -> None:
    messages = [message for ticket in sample() for message in ticket.messages]
    assert {message.type for message in messages} == {"inbound", "outbound", "note"}
    assert any(message.is_forward and "<blockquote>" in message.body_html for message in messages)
    assert any(message.attachments for message in messages)
    assert any(ticket.contact.name is None for ticket in sample())
    assert any(ticket.contact.avatar_url for ticket in sample())
    assert any(a.user is None for ticket in sample() for a in ticket.activities)
    assert any(ticket.assignee and ticket.assignee.left for ticket in sample())
    assert 0.2 < sum(ticket.summary is not None for ticket in sample()) / len(sample()) < 0.8


def test_those_who_left_or_only_read_get_no_new_tickets() -> None:
    recent = [ticket for ticket in sample() if NOW - ticket.created_at < timedelta(days=90)]
    names = {t.assignee.name for t in recent if t.assignee} | {
        a.user.name for t in recent for a in t.activities if a.user
    }
    assert names
    assert not names & {"Nora Lindqvist", "Priya Raman"}


def test_mail_and_pictures_live_on_reserved_hosts() -> None:
    for workspace in seeded():
        people: list[Any] = [*workspace.users, *workspace.contacts]
        for person in people:
            assert RESERVED.search(person.email) or person.email == "john@customer.com"
            url = person.avatar_url
            assert url is None or url.startswith("mock:/files/avatars/")
        emails = Counter(person.email for person in people)
        assert max(emails.values()) == 1


def tickets_alive() -> int:
    gc.collect()
    return sum(type(thing) is Ticket for thing in gc.get_objects())


@pytest.mark.slow
def test_a_stream_holds_no_more_than_the_ticket_at_hand() -> None:
    workspace = seeded(tickets=100_000)[0]
    before = tickets_alive()
    stream = islice(workspace.tickets, 5_000)
    assert sum(1 for _ in stream) == 5_000

    assert tickets_alive() - before <= 2


def test_first_answers_take_hours_rather_than_days() -> None:
    waits = sorted(
        next(m.created_at for m in ticket.messages if m.type == "outbound") - ticket.created_at
        for ticket in sample()
        if any(message.type == "outbound" for message in ticket.messages)
    )
    assert timedelta(minutes=30) < waits[len(waits) // 2] < timedelta(hours=12)
    assert waits[-1] < timedelta(days=7)
