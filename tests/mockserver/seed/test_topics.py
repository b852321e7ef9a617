"""The phrases: enough of them, complete, and fillable."""

from string import Formatter

import pytest

from mockserver.seed.generator.placeholders import FILLERS
from mockserver.seed.generator.topics import PARTS, STORIES, TOPICS_FILE, Topic, as_html, phrasebook
from mockserver.seed.world_file.yaml import read_yaml

BOOK = phrasebook()
OF_A_TOPIC = pytest.mark.parametrize("topic", BOOK.topics, ids=lambda topic: topic.name)


def slots_of(text: str) -> set[str]:
    return {slot for _, slot, _, _ in Formatter().parse(text) if slot}


def test_there_are_many_topics_and_some_spam() -> None:
    assert len(BOOK.topics) >= 25
    assert len(BOOK.spam) >= 5


@OF_A_TOPIC
def test_a_topic_tells_both_stories_to_their_end(topic: Topic) -> None:
    for part in ("opening", "answer", "followup", "solution"):
        assert len(topic.bodies[part]) == STORIES, part
    assert len(topic.bodies["note"]) in {1, STORIES}
    assert len(topic.subjects) == 2 * STORIES
    assert topic.summaries
    assert topic.tags


@pytest.mark.parametrize("topic", BOOK.topics + BOOK.spam, ids=lambda topic: topic.name)
def test_every_slot_can_be_filled(topic: Topic) -> None:
    assert set(topic.slots) <= set(BOOK.slots) | set(FILLERS)


@OF_A_TOPIC
def test_a_topic_uses_no_key_that_nobody_reads(topic: Topic) -> None:
    written = read_yaml(TOPICS_FILE)["topics"][topic.name]

    assert set(written) <= {"tags", "files", "subjects", "summaries", *PARTS}


def test_slots_without_values_are_all_used() -> None:
    used = {slot for topic in BOOK.topics + BOOK.spam for slot in topic.slots}

    assert set(BOOK.slots) <= used
    assert set(FILLERS) <= used


def test_replies_address_the_contact() -> None:
    assert all(slots_of(reply) == {"first"} for reply in BOOK.replies)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nStill one.\n\nTwo.", "<p>One. Still one.</p><p>Two.</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("Do:\n\n1. a\n2. b", "<p>Do:</p><ol><li>a</li><li>b</li></ol>"),
        ("5 < {order} & more", "<p>5 &lt; {order} &amp; more</p>"),
    ],
)
def test_phrases_become_html(text: str, expected: str) -> None:
    assert as_html(text) == expected
