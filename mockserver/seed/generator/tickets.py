"""Generated tickets, as a stream with one ticket in memory at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random

from mockserver.seed.clock import moment
from mockserver.seed.generator.arrival_times import arrivals
from mockserver.seed.generator.conversation import Context, Conversation
from mockserver.seed.generator.people import People
from mockserver.seed.generator.placeholders import fill_placeholders
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.generator.scripts import SCRIPTS
from mockserver.seed.generator.topics import STORIES, Topic, phrasebook
from mockserver.seed.preview import preview
from mockserver.seed.records import Channel, Contact, Tag, Team, Ticket, User
from mockserver.seed.ulid import ulid
from mockserver.seed.world_file.id_ranges import IdRanges

_DAY = 86_400
# Agents who have left answered only tickets older than this.
_LEFT_BEFORE = 200 * _DAY
_IN_A_TEAM = 0.3
_TAG_COUNTS = (0,) * 5 + (1,) * 7 + (2,) * 5 + (3,) * 2 + (4,)

_SCRIPTS = {
    outcome: tuple(steps for weight, steps in scripts for _ in range(weight))
    for outcome, scripts in SCRIPTS.items()
}


@dataclass(frozen=True, slots=True)
class GeneratedTickets:
    """Tickets of one workspace, ids and times ascending; each iteration yields the same ones."""

    seed: str
    ids: IdRanges
    now: datetime
    days: int
    people: People
    agents: Sequence[User]
    agents_and_left: Sequence[User]
    channels: Sequence[Channel]
    tags: Sequence[Tag]
    contacts: Sequence[Contact]
    spammers: Sequence[Contact]
    teams: Sequence[Team]

    def __iter__(self) -> Iterator[Ticket]:
        context = Context(
            random=seeded_random(self.seed),
            phrases=phrasebook(),
            message_ids=count(self.ids.first_message),
            attachment_ids=count(self.ids.first_attachment),
            end=int(self.now.timestamp()),
        )
        ids = self.ids.tickets
        seconds = arrivals(context.random, len(ids), now=self.now, days=self.days)
        milliseconds = 0
        for id, second in zip(ids, seconds, strict=True):
            milliseconds = _next_millisecond(context.random, second, milliseconds)
            yield self._ticket(context, id, second, milliseconds)

    def _ticket(self, context: Context, id: int, second: int, milliseconds: int) -> Ticket:
        random, pick = context.random, context.pick
        outcome = _outcome(random.random(), context.end - second)
        topic = pick(context.phrases.spam if outcome == "spam" else context.phrases.topics)
        contact = pick(self.spammers if outcome == "spam" else self.contacts)
        slots = fill_placeholders(context, topic, self.people, contact)
        agents = self.agents if context.end - second <= _LEFT_BEFORE else self.agents_and_left
        conversation = Conversation.begin(context, topic, slots, contact, agents, second)
        conversation.play(pick(_SCRIPTS[outcome]))
        summarised = len(conversation.messages) > 1 and random.random() < 0.6
        return Ticket(
            id=id,
            ulid=ulid(milliseconds, random.getrandbits(80)),
            subject=pick(topic.subjects[conversation.story :: STORIES]).format_map(slots),
            status=conversation.status,
            channel=self.channels[int(random.random() * random.random() * len(self.channels))],
            assignee=conversation.assignee,
            contact=contact,
            tags=() if outcome == "spam" else self._tags(context, topic),
            latest_message_preview=preview(conversation.messages[-1].body_html),
            summary=topic.summary(conversation.story).format_map(slots) if summarised else None,
            created_at=moment(second),
            updated_at=moment(conversation.second),
            last_activity_at=moment(conversation.last_spoken),
            messages=tuple(conversation.messages),
            activities=tuple(conversation.activities),
            team=self._team(id),
        )

    def _team(self, id: int) -> Team | None:
        """Return the team of a ticket, from random numbers of its own."""
        random = seeded_random(self.seed, "team", id) if self.teams else None
        return random.choice(self.teams) if random and random.random() < _IN_A_TEAM else None

    def _tags(self, context: Context, topic: Topic) -> tuple[Tag, ...]:
        """Return up to four tags, most of them from the topic."""
        fitting = [tag for tag in self.tags if tag.name in topic.tags]
        chosen: set[Tag] = set()
        for _ in range(context.pick(_TAG_COUNTS)):
            pool = fitting if fitting and context.random.random() < 0.8 else self.tags
            chosen.update([context.pick(pool)] if pool else ())
        return tuple(sorted(chosen, key=lambda tag: tag.id))


def _next_millisecond(random: Random, second: int, previous: int) -> int:
    """Return a time within the second, after the previous one, so that ULIDs sort as ids do."""
    if previous // 1000 == second:
        return min(previous + 1, second * 1000 + 999)
    return second * 1000 + int(random.random() * 900)


def _outcome(chance: float, age: int) -> str:
    """Return what a ticket is meant to become: younger ones are more often open."""
    if chance < 0.1:
        return "spam"
    open_share = 0.6 if age < 2 * _DAY else 0.4 if age < 30 * _DAY else 0.24
    return "open" if chance < 0.1 + 0.9 * open_share else "closed"
