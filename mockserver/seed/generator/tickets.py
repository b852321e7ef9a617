"""Made-up tickets: a stream that holds one ticket at a time, however many there are."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random

from mockserver.seed.clock import moment
from mockserver.seed.generator.arrival_times import arrivals
from mockserver.seed.generator.conversation import Desk, Thread
from mockserver.seed.generator.people import People
from mockserver.seed.generator.placeholders import fill_slots
from mockserver.seed.generator.random import chance
from mockserver.seed.generator.stories import SCRIPTS
from mockserver.seed.generator.topics import STORIES, Topic, phrasebook
from mockserver.seed.preview import preview
from mockserver.seed.records import Channel, Contact, Tag, Ticket, User
from mockserver.seed.ulid import ulid
from mockserver.seed.world_file.id_ranges import Block

_DAY = 86_400
# An agent who has left answered only what came in before this many days ago.
_LEFT_BEFORE = 200 * _DAY
_TAG_COUNTS = (0,) * 5 + (1,) * 7 + (2,) * 5 + (3,) * 2 + (4,)

_WAYS = {
    fate: tuple(steps for often, steps in ways for _ in range(often))
    for fate, ways in SCRIPTS.items()
}


@dataclass(frozen=True, slots=True)
class GeneratedTickets:
    """Tickets of one workspace, ids and times ascending; each iteration yields the same ones."""

    seed: str
    block: Block
    now: datetime
    days: int
    people: People
    agents: Sequence[User]
    agents_and_left: Sequence[User]
    channels: Sequence[Channel]
    tags: Sequence[Tag]
    contacts: Sequence[Contact]
    spammers: Sequence[Contact]

    def __iter__(self) -> Iterator[Ticket]:
        desk = Desk(
            random=chance(self.seed),
            phrases=phrasebook(),
            message_ids=count(self.block.first_message),
            attachment_ids=count(self.block.first_attachment),
            end=int(self.now.timestamp()),
        )
        ids = self.block.tickets
        seconds = arrivals(desk.random, len(ids), now=self.now, days=self.days)
        milliseconds = 0
        for id, second in zip(ids, seconds, strict=True):
            milliseconds = _next_millisecond(desk.random, second, milliseconds)
            yield self._ticket(desk, id, second, milliseconds)

    def _ticket(self, desk: Desk, id: int, second: int, milliseconds: int) -> Ticket:
        random, pick = desk.random, desk.pick
        fate = _fate(random.random(), desk.end - second)
        topic = pick(desk.phrases.spam if fate == "spam" else desk.phrases.topics)
        contact = pick(self.spammers if fate == "spam" else self.contacts)
        slots = fill_slots(desk, topic, self.people, contact)
        thread = self._thread(desk, topic, slots, contact, second)
        thread.play(pick(_WAYS[fate]))
        summarised = len(thread.messages) > 1 and random.random() < 0.6
        return Ticket(
            id=id,
            ulid=ulid(milliseconds, random.getrandbits(80)),
            subject=pick(topic.subjects[thread.story :: STORIES]).format_map(slots),
            status=thread.status,
            channel=self.channels[int(random.random() * random.random() * len(self.channels))],
            assignee=thread.assignee,
            contact=contact,
            tags=() if fate == "spam" else self._tags(desk, topic),
            latest_message_preview=preview(thread.messages[-1].body_html),
            summary=topic.summary(thread.story).format_map(slots) if summarised else None,
            created_at=moment(second),
            updated_at=moment(thread.second),
            last_activity_at=moment(thread.last_spoken),
            messages=tuple(thread.messages),
            activities=tuple(thread.activities),
            particulars=tuple(slots.values()),
        )

    def _thread(
        self, desk: Desk, topic: Topic, slots: dict[str, str], contact: Contact, second: int
    ) -> Thread:
        old = desk.end - second > _LEFT_BEFORE
        return Thread(
            desk=desk,
            topic=topic,
            story=int(desk.random.random() * STORIES),
            slots={slot: html.escape(value, quote=False) for slot, value in slots.items()},
            contact=contact,
            agents=self.agents_and_left if old else self.agents,
            second=second,
        )

    def _tags(self, desk: Desk, topic: Topic) -> tuple[Tag, ...]:
        """Return up to four tags, most of them fitting the topic."""
        fitting = [tag for tag in self.tags if tag.name in topic.tags]
        chosen: set[Tag] = set()
        for _ in range(desk.pick(_TAG_COUNTS)):
            pool = fitting if fitting and desk.random.random() < 0.8 else self.tags
            chosen.update([desk.pick(pool)] if pool else ())
        return tuple(sorted(chosen, key=lambda tag: tag.id))


def _next_millisecond(random: Random, second: int, previous: int) -> int:
    """Return a time within the second, after the previous one, so that ULIDs sort as ids do."""
    if previous // 1000 == second:
        return min(previous + 1, second * 1000 + 999)
    return second * 1000 + int(random.random() * 900)


def _fate(chance: float, age: int) -> str:
    """Return what a ticket is meant to become: younger ones are more often open."""
    if chance < 0.1:
        return "spam"
    open_share = 0.6 if age < 2 * _DAY else 0.4 if age < 30 * _DAY else 0.24
    return "open" if chance < 0.1 + 0.9 * open_share else "closed"
