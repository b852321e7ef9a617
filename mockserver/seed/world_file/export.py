"""Export of records as a world file, from which the same records can be seeded."""

from collections.abc import Iterable
from typing import Any

import yaml

from mockserver.seed.records import Activity, Message, Ticket, Token, User, Workspace

Written = dict[str, Any]


def world_to_yaml(name: str, workspaces: Iterable[Workspace]) -> str:
    """Return a world file with every field of every record written out, as YAML."""
    return to_yaml({"name": name, "workspaces": [_workspace(each) for each in workspaces]})


def to_yaml(written: Written) -> str:
    return yaml.dump(
        written,
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
    )


def _workspace(workspace: Workspace) -> Written:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "users": [_user(user, workspace.tokens) for user in workspace.users],
        "teams": [write_fields(team) for team in workspace.teams],
        "channels": [write_fields(channel) for channel in workspace.channels],
        "tags": [write_fields(tag) for tag in workspace.tags],
        "contacts": [write_fields(contact) for contact in workspace.contacts],
        "tickets": [write_ticket(ticket) for ticket in workspace.tickets],
    }


def write_fields(record: Any) -> Written:
    return {name: getattr(record, name) for name in record.__slots__}


def _user(user: User, tokens: Iterable[Token]) -> Written:
    own = [token for token in tokens if token.user_id == user.id]
    listed = [
        {"token": token.token, "state": token.state, "readonly": token.readonly} for token in own
    ]
    return write_fields(user) | {"tokens": listed}


def write_ticket(ticket: Ticket) -> Written:
    written = write_fields(ticket) | {
        "channel": ticket.channel.id,
        "assignee": ticket.assignee.id if ticket.assignee else None,
        "contact": ticket.contact.id,
        "team": ticket.team.id if ticket.team else None,
        "tags": [tag.id for tag in ticket.tags],
        "created_at": ticket.created_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "last_activity_at": ticket.last_activity_at.isoformat(),
        "messages": [_message(message) for message in ticket.messages],
        "activities": [_activity(activity) for activity in ticket.activities],
    }
    return written | ({"clock_set_back": True} if _runs_backwards(ticket) else {})


def _runs_backwards(ticket: Ticket) -> bool:
    moments = [ticket.updated_at, ticket.last_activity_at]
    moments += [message.created_at for message in ticket.messages]
    moments += [activity.created_at for activity in ticket.activities]
    return min(moments) < ticket.created_at


def _message(message: Message) -> Written:
    sender = "user" if isinstance(message.sender, User) else "contact"
    return {
        "id": message.id,
        "ulid": message.ulid,
        "type": message.type,
        sender: message.sender.id,
        "created_at": message.created_at.isoformat(),
        "is_forward": message.is_forward,
        "attachments": [write_fields(attachment) for attachment in message.attachments],
        "body_html": message.body_html,
    }


def _activity(activity: Activity) -> Written:
    return {
        "type": activity.type,
        "user": activity.user.id if activity.user else None,
        "created_at": activity.created_at.isoformat(),
    }
