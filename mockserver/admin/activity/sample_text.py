"""Words for those who write and are not told what: the seed's phrases, chosen by chance."""

import html
import re
from collections.abc import Callable
from functools import cache
from itertools import count
from random import Random

from mockserver.seed.generator.conversation import Desk, Thread
from mockserver.seed.generator.locale_names import DEFAULT_LOCALE
from mockserver.seed.generator.people import People
from mockserver.seed.generator.placeholders import fill_slots
from mockserver.seed.generator.random import chance
from mockserver.seed.generator.topics import STORIES, Topic, phrasebook
from mockserver.seed.records import Contact, User

_SLOT = re.compile(r"\\{\w+\\}")
_PARTS: dict[str, Callable[[Thread], None]] = {
    "reply": Thread.followup,
    "answer": Thread.answer,
    "note": Thread.note,
}


def opening(random: Random, contact: Contact) -> tuple[str, str]:
    """Return the subject and the HTML of a new ticket."""
    desk = _desk(random)
    topic = desk.pick(desk.phrases.topics)
    slots = fill_slots(desk, topic, _people(), contact)
    thread = _thread(desk, topic, slots, contact, ())
    thread.play("")
    subject = desk.pick(topic.subjects[thread.story :: STORIES]).format_map(slots)
    return subject, thread.messages[0].body_html


def message(random: Random, part: str, subject: str, contact: Contact, agent: User | None) -> str:
    """Return the HTML of a `reply`, an `answer` or a `note` that fits the subject."""
    desk = _desk(random)
    topic = _topic(subject)
    slots = fill_slots(desk, topic, _people(), contact)
    thread = _thread(desk, topic, slots, contact, () if agent is None else (agent,))
    _PARTS[part](thread)
    return thread.messages[0].body_html


def stranger(random: Random) -> tuple[str | None, str]:
    """Return the name and the address of somebody new."""
    number = random.randrange(10**6, 10**7)
    contact = People(DEFAULT_LOCALE, str(number)).contacts(random, range(number, number + 1))[0]
    return contact.name, contact.email


def _desk(random: Random) -> Desk:
    return Desk(random, phrasebook(), count(1), count(1), end=0)


def _thread(
    desk: Desk, topic: Topic, slots: dict[str, str], contact: Contact, agents: tuple[User, ...]
) -> Thread:
    return Thread(
        desk=desk,
        topic=topic,
        story=int(desk.random.random() * STORIES),
        slots={slot: html.escape(value, quote=False) for slot, value in slots.items()},
        contact=contact,
        agents=agents,
        second=0,
    )


@cache
def _people() -> People:
    return People(DEFAULT_LOCALE, "levers")


def _topic(subject: str) -> Topic:
    """Return the topic whose subjects fit, or else always the same one for this subject."""
    topics = phrasebook().topics
    for topic, patterns in zip(topics, _patterns(), strict=True):
        if any(pattern.fullmatch(subject) for pattern in patterns):
            return topic
    return chance("topic", subject).choice(topics)


@cache
def _patterns() -> list[list[re.Pattern[str]]]:
    return [
        [re.compile(_SLOT.sub(".+", re.escape(subject))) for subject in topic.subjects]
        for topic in phrasebook().topics
    ]
