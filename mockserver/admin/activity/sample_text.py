"""Generated texts for tickets and messages that were given none."""

import re
from collections.abc import Callable
from functools import cache
from itertools import count
from random import Random

from mockserver.seed.generator.conversation import Context, Conversation
from mockserver.seed.generator.locale_names import DEFAULT_LOCALE
from mockserver.seed.generator.people import People
from mockserver.seed.generator.placeholders import fill_placeholders
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.generator.topics import STORIES, Topic, phrasebook
from mockserver.seed.records import Contact, User

_SLOT = re.compile(r"\\{\w+\\}")
_PARTS: dict[str, Callable[[Conversation], None]] = {
    "reply": Conversation.followup,
    "answer": Conversation.answer,
    "note": Conversation.note,
}


def opening(random: Random, contact: Contact) -> tuple[str, str]:
    """Return the subject and the HTML of a new ticket."""
    context = _context(random)
    topic = context.pick(context.phrases.topics)
    slots = fill_placeholders(context, topic, _people(), contact)
    conversation = Conversation.begin(context, topic, slots, contact, ())
    conversation.play("")
    subject = context.pick(topic.subjects[conversation.story :: STORIES]).format_map(slots)
    return subject, conversation.messages[0].body_html


def message(random: Random, part: str, subject: str, contact: Contact, agent: User | None) -> str:
    """Return the HTML of a `reply`, an `answer` or a `note` that fits the subject."""
    context = _context(random)
    topic = _topic(subject)
    slots = fill_placeholders(context, topic, _people(), contact)
    agents = () if agent is None else (agent,)
    conversation = Conversation.begin(context, topic, slots, contact, agents)
    _PARTS[part](conversation)
    return conversation.messages[0].body_html


def new_contact(random: Random) -> tuple[str | None, str]:
    """Return the name and the address of a new contact."""
    number = random.randrange(10**6, 10**7)
    contact = People(DEFAULT_LOCALE, str(number)).contacts(random, range(number, number + 1))[0]
    return contact.name, contact.email


def _context(random: Random) -> Context:
    return Context(random, phrasebook(), count(1), count(1), end=0)


@cache
def _people() -> People:
    return People(DEFAULT_LOCALE, "admin")


def _topic(subject: str) -> Topic:
    """Return the topic that a subject matches, else one chosen by its hash."""
    topics = phrasebook().topics
    for topic, patterns in zip(topics, _patterns(), strict=True):
        if any(pattern.fullmatch(subject) for pattern in patterns):
            return topic
    return seeded_random("topic", subject).choice(topics)


@cache
def _patterns() -> list[list[re.Pattern[str]]]:
    return [
        [re.compile(_SLOT.sub(".+", re.escape(subject))) for subject in topic.subjects]
        for topic in phrasebook().topics
    ]
