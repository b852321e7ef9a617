"""Records of a world file's tickets, with defaults."""

import html
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.contract.errors import FixtureError
from mockserver.seed.generator.files import attachment_url, mime_type
from mockserver.seed.preview import preview
from mockserver.seed.records import (
    Activity,
    Attachment,
    Contact,
    Message,
    MessageType,
    Records,
    Ticket,
    User,
)
from mockserver.seed.ulid import derived_ulid
from mockserver.seed.world_file.times import read_moment

Written = dict[str, Any]

_SECOND, _HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Reads the times of a ticket, which must not be before its creation."""

    file: str
    now: datetime
    created_at: datetime | None = None
    backwards: bool = False

    def read(
        self, place: str, record: Written, default: datetime, field: str = "created_at"
    ) -> datetime:
        """Return the record's time or the default; raises FixtureError for an impossible one."""
        if field not in record:
            return default
        try:
            moment = read_moment(record[field], now=self.now, created_at=self.created_at)
        except ValueError as error:
            raise FixtureError(f"{self.file}: {place}.{field}: {error}") from None
        if self.created_at is not None and moment < self.created_at and not self.backwards:
            raise FixtureError(
                f"{self.file}: {place}.{field}: {moment.isoformat()} is before the ticket's"
                f" creation, {self.created_at.isoformat()}; change one of them, or add"
                " clock_set_back: true to the ticket"
            )
        return moment


@dataclass(frozen=True, slots=True)
class TicketReader:
    """Reads the tickets of one workspace; `file` and `place` are for error messages."""

    file: str
    place: str
    records: Records
    now: datetime

    def tickets(self, written: list[Written]) -> list[Ticket]:
        """Return the tickets, ids ascending; those without a time are an hour apart."""
        tickets = []
        for index, ticket in enumerate(written):
            place = f"{self.place}.tickets[{index}]"
            default = self.now - (len(written) - index) * _HOUR
            tickets.append(self._ticket(place, ticket, default))
        return sorted(tickets, key=lambda ticket: ticket.id)

    def _ticket(self, place: str, ticket: Written, default: datetime) -> Ticket:
        created_at = Timeline(self.file, self.now).read(place, ticket, default)
        backwards = ticket.get("clock_set_back", False)
        timeline = Timeline(self.file, self.now, created_at, backwards)
        messages = self._messages(place, ticket, timeline, created_at)
        activities = self._activities(place, ticket, timeline, created_at)
        spoken = messages[-1].created_at if messages else created_at
        done = max([created_at, spoken, *(activity.created_at for activity in activities)])
        last_words = preview(messages[-1].body_html) if messages else None
        assignee, channel = ticket.get("assignee"), ticket.get("channel")
        return Ticket(
            id=ticket["id"],
            ulid=ticket.get("ulid") or derived_ulid("ticket", ticket["id"], created_at),
            subject=ticket["subject"],
            status=ticket.get("status", "open"),
            channel=self.records.channels[channel or next(iter(self.records.channels))],
            assignee=None if assignee is None else self.records.users[assignee],
            contact=self.records.contacts[ticket["contact"]],
            team=self.records.teams[ticket["team"]] if ticket.get("team") else None,
            tags=tuple(self.records.tags[id] for id in ticket.get("tags", ())),
            latest_message_preview=ticket.get("latest_message_preview", last_words),
            summary=ticket.get("summary"),
            created_at=created_at,
            updated_at=timeline.read(place, ticket, done, "updated_at"),
            last_activity_at=timeline.read(place, ticket, spoken, "last_activity_at"),
            messages=messages,
            activities=activities,
        )

    def _messages(
        self, place: str, ticket: Written, timeline: Timeline, created_at: datetime
    ) -> tuple[Message, ...]:
        """Return the thread, oldest first; messages without a time follow the one before."""
        messages: list[Message] = []
        written = ticket.get("messages", ())
        moment = created_at
        for index, message in enumerate(written):
            default = self._after(moment, len(written) - index) if index else created_at
            moment = timeline.read(f"{place}.messages[{index}]", message, default)
            messages.append(self._message(message, ticket, moment))
        return tuple(sorted(messages, key=lambda message: (message.created_at, message.id)))

    def _after(self, moment: datetime, left: int) -> datetime:
        """Return a later time, at most an hour, that leaves room for all that follow till now."""
        room = (self.now - moment) // (left + 1)
        return moment + max(min(room, _HOUR) // _SECOND * _SECOND, _SECOND)

    def _message(self, message: Written, ticket: Written, moment: datetime) -> Message:
        sender = self._sender(message, ticket)
        default: MessageType = "outbound" if isinstance(sender, User) else "inbound"
        body_html = message.get("body_html")
        return Message(
            id=message["id"],
            ulid=message.get("ulid") or derived_ulid("message", message["id"], moment),
            type=message.get("type", default),
            body_html=paragraphs(message["text"]) if body_html is None else body_html,
            sender=sender,
            created_at=moment,
            attachments=tuple(_attachment(one) for one in message.get("attachments", ())),
            is_forward=message.get("is_forward", False),
        )

    def _sender(self, message: Written, ticket: Written) -> User | Contact:
        if "user" in message:
            return self.records.users[message["user"]]
        if "contact" in message or message.get("type", "inbound") == "inbound":
            return self.records.contacts[message.get("contact") or ticket["contact"]]
        return self.records.users[ticket["assignee"]]

    def _activities(
        self, place: str, ticket: Written, timeline: Timeline, created_at: datetime
    ) -> tuple[Activity, ...]:
        """Return the log, oldest first; entries without a time share that of the one before."""
        activities = []
        moment = created_at
        for index, activity in enumerate(ticket.get("activities", ())):
            moment = timeline.read(f"{place}.activities[{index}]", activity, moment)
            id: int | None = activity.get("user")
            user = None if id is None else self.records.users[id]
            activities.append(Activity(activity["type"], user, moment))
        return tuple(sorted(activities, key=lambda activity: activity.created_at))


def _attachment(attachment: Written) -> Attachment:
    id, name = attachment["id"], attachment["name"]
    size = attachment.get("size", 1024 * (7 + id % 900))
    default = {"url": attachment_url(id, name, size), "size": size, "mime_type": mime_type(name)}
    return Attachment(**{**default, **attachment})


def paragraphs(text: str) -> str:
    """Return plain text as HTML: blank lines part paragraphs, other line ends break the line."""
    parts = [html.escape(part.strip("\n"), quote=False) for part in text.split("\n\n")]
    return "".join("<p>{}</p>".format(part.replace("\n", "<br>")) for part in parts)
