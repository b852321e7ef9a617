"""Records as rows of the tables, without their layer."""

from collections.abc import Iterator
from typing import Any

from mockserver.seed.records import Activity, Message, Ticket, User, Workspace
from mockserver.store.database.schema import UNASSIGNED
from mockserver.store.render import Renderer

Row = dict[str, Any]


class RenderedRows:
    """Rows that hold their record as JSON."""

    def __init__(self, renderer: Renderer) -> None:
        self._render = renderer

    def user(self, workspace: int, user: User) -> Row:
        return {
            "id": user.id,
            "workspace": workspace,
            "name": user.name,
            "email": user.email,
            "avatar_url": user.avatar_url,
            "timezone": user.timezone,
            "has_left": int(user.left),
            "role": user.role,
            "assignee": self._render.assignee(user),
            "actor": self._render.actor(user),
        }

    def item(self, ticket: Ticket) -> Row:
        item, rest = self._render.item(ticket), self._render.rest_of_item(ticket)
        return {"id": ticket.id, "item": item, "rest": rest}

    def message(self, ticket: int, message: Message) -> Row:
        by_user = isinstance(message.sender, User)
        return {
            "id": message.id,
            "ticket": ticket,
            "created": int(message.created_at.timestamp()),
            "ulid": message.ulid,
            "type": message.type,
            "user_id": message.sender.id if by_user else None,
            "contact": None if by_user else message.sender.id,
            "forward": int(message.is_forward),
            "body": self._render.message(message),
            "rest": self._render.rest_of_message(message),
        }

    def activity(self, ticket: int, activity: Activity) -> Row:
        return {
            "ticket": ticket,
            "created": int(activity.created_at.timestamp()),
            "type": activity.type,
            "user_id": activity.user.id if activity.user else None,
            "body": self._render.activity(activity),
        }


def ticket_row(workspace: int, ticket: Ticket, text: int) -> Row:
    return {
        "id": ticket.id,
        "workspace": workspace,
        "ulid": ticket.ulid.upper(),
        "status": ticket.status,
        "channel": ticket.channel.id,
        "assignee": ticket.assignee.id if ticket.assignee else UNASSIGNED,
        "contact": ticket.contact.id,
        "team": ticket.team and ticket.team.id,
        "created": int(ticket.created_at.timestamp()),
        "updated": int(ticket.updated_at.timestamp()),
        "active": int(ticket.last_activity_at.timestamp()),
        "text": text,
    }


def tag_rows(ticket: Ticket) -> Iterator[Row]:
    for position, tag in enumerate(ticket.tags):
        yield {"ticket": ticket.id, "tag": tag.id, "position": position}


def token_rows(workspace: Workspace, position: int) -> Iterator[Row]:
    for number, token in enumerate(workspace.tokens, position):
        yield {
            "token": token.token,
            "position": number,
            "user_id": token.user_id,
            "state": token.state,
            "readonly": int(token.readonly),
        }


def attachment_rows(message: Message) -> Iterator[Row]:
    for position, attachment in enumerate(message.attachments):
        fields = {name: getattr(attachment, name) for name in attachment.__slots__}
        yield {"message": message.id, "position": position, **fields}
