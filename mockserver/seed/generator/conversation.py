"""The conversation of one ticket: a script of steps that add messages and activities."""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from mockserver.seed.clock import moment
from mockserver.seed.generator.files import attachment_url, mime_type
from mockserver.seed.generator.scripts import time_of
from mockserver.seed.generator.topics import STORIES, Phrasebook, Topic
from mockserver.seed.records import Activity, Attachment, Contact, Message, MessageType, User
from mockserver.seed.ulid import ulid

Picked = TypeVar("Picked")


@dataclass(frozen=True, slots=True)
class Context:
    """What every thread of a workspace shares: chance, phrases, people, the next free ids."""

    random: Random
    phrases: Phrasebook
    message_ids: Iterator[int]
    attachment_ids: Iterator[int]
    end: int

    def pick(self, choices: Sequence[Picked]) -> Picked:
        return choices[int(self.random.random() * len(choices))]


@dataclass(slots=True)
class Conversation:
    """A ticket while it is generated; times are Unix seconds."""

    context: Context
    topic: Topic
    story: int
    slots: dict[str, str]
    contact: Contact
    agents: Sequence[User]
    second: int
    status: str = "open"
    assignee: User | None = None
    last_spoken: int = 0
    messages: list[Message] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        context: Context,
        topic: Topic,
        slots: dict[str, str],
        contact: Contact,
        agents: Sequence[User],
        second: int = 0,
    ) -> "Conversation":
        """Return a conversation on one story of the topic, in which nothing has been said."""
        story = int(context.random.random() * STORIES)
        escaped = {slot: html.escape(value, quote=False) for slot, value in slots.items()}
        return cls(context, topic, story, escaped, contact, agents, second)

    def play(self, script: str) -> None:
        """Open the ticket and let the steps happen, as far as now allows."""
        self._inbound("opening")
        for step in script.split():
            if not self._wait(step):
                return
            if step in _STATUSES:
                self._set_status(step)
            else:
                _STEPS[step](self)

    def _wait(self, step: str) -> bool:
        later = time_of(step, self.second, self.context.random.random())
        if later > self.context.end:
            return False
        self.second = later
        return True

    def _agent(self) -> User:
        return self.assignee or self.context.pick(self.agents)

    def assign(self) -> None:
        agent = self.context.pick(self.agents)
        self.assignee = agent
        by_hand = self.context.random.random() < 0.8
        self._log("assignee_changed", agent if by_hand else None)

    def reassign(self) -> None:
        before = self._agent()
        others = [agent for agent in self.agents if agent is not before]
        if others:
            self.assignee = self.context.pick(others)
            self._log("assignee_changed", before)

    def unassign(self) -> None:
        before = self._agent()
        self.assignee = None
        self._log("assignee_changed", before)

    def answer(self) -> None:
        self._outbound("answer")

    def followup(self) -> None:
        self._inbound("followup")

    def solution(self) -> None:
        self._outbound("solution")

    def thanks(self) -> None:
        words = self.context.pick(self.context.phrases.thanks)
        self._say("inbound", words + self._signature(), self.contact)

    def note(self) -> None:
        body = self._filled("note")
        self._say("note", body, self.context.pick(self.agents))

    def forward(self) -> None:
        body = self._filled("forward") or "<p>Could you have a look at this, please?</p>"
        quoted = f"<blockquote>{self.messages[0].body_html}</blockquote>"
        self._say("outbound", body + quoted, self._agent(), is_forward=True)

    def _set_status(self, step: str) -> None:
        self.status = _STATUSES[step]
        self._log("status_changed", self._agent() if step in _BY_AN_AGENT else None)

    def _log(self, what: str, user: User | None) -> None:
        self.activities.append(Activity(what, user, moment(self.second)))

    def _inbound(self, part: str) -> None:
        pick, phrases = self.context.pick, self.context.phrases
        greeting = f"<p>{pick(phrases.greetings)}</p>" if part == "opening" else ""
        body = greeting + self._filled(part) + self._signature()
        likely = 0.3 if self.topic.files else 0.0
        self._say("inbound", body, self.contact, self._attached(likely))

    def _signature(self) -> str:
        farewell = self.context.pick(self.context.phrases.farewells)
        name = f"<br>{self.slots['contact']}" if self.contact.name else ""
        return f"<p>{farewell}{name}</p>"

    def _outbound(self, part: str) -> None:
        agent = self._agent()
        pick, phrases = self.context.pick, self.context.phrases
        greeting = pick(phrases.replies).format_map(self.slots)
        signature = f"<p>{pick(phrases.closings)}<br>{html.escape(agent.name, quote=False)}</p>"
        body = f"<p>{greeting}</p>{self._filled(part)}{signature}"
        self._say("outbound", body, agent)

    def _filled(self, part: str) -> str:
        return self.topic.body(part, self.story).format_map(self.slots)

    def _say(
        self,
        kind: MessageType,
        body_html: str,
        sender: User | Contact,
        attachments: tuple[Attachment, ...] = (),
        *,
        is_forward: bool = False,
    ) -> None:
        random = self.context.random
        milliseconds = self.second * 1000 + int(random.random() * 1000)
        self.messages.append(
            Message(
                next(self.context.message_ids),
                ulid(milliseconds, random.getrandbits(80)),
                kind,
                body_html,
                sender,
                moment(self.second),
                attachments,
                is_forward,
            )
        )
        self.last_spoken = self.second

    def _attached(self, likely: float) -> tuple[Attachment, ...]:
        random = self.context.random
        if random.random() >= likely:
            return ()
        id, name = next(self.context.attachment_ids), self.context.pick(self.topic.files)
        size = int(4_000 + random.random() * random.random() * 3_000_000)
        return (Attachment(id, name, attachment_url(id, name, size), size, mime_type(name)),)


_STEPS: dict[str, Callable[[Conversation], None]] = {
    "assign": Conversation.assign,
    "reassign": Conversation.reassign,
    "unassign": Conversation.unassign,
    "answer": Conversation.answer,
    "followup": Conversation.followup,
    "solution": Conversation.solution,
    "thanks": Conversation.thanks,
    "note": Conversation.note,
    "forward": Conversation.forward,
}
_STATUSES = {
    "close": "closed",
    "autoclose": "closed",
    "reopen": "open",
    "spam": "spam",
    "autospam": "spam",
}
_BY_AN_AGENT = ("close", "spam")
