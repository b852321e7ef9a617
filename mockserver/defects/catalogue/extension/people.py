"""Defects of the user of the token, the members, the channels and the tags."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.frequency import ONE_ROW_IN_10
from mockserver.defects.changes.responses import (
    amended,
    change_json,
    each_row,
    of_rows,
    without_field,
)
from mockserver.defects.defect import Family

ME, MEMBERS = frozenset({"getMe"}), frozenset({"listMembers"})
CHANNELS, TAGS = frozenset({"listChannels"}), frozenset({"listTags"})

me = Family("me", on=ME)
members = Family("members", on=MEMBERS)
channels = Family("channels", on=CHANNELS)
tags = Family("tags", on=TAGS)


def _another_user(exchange: Exchange) -> Reply:
    def amend(user: Row) -> Row:
        others = exchange.get("/api/members").json["data"]
        return next((other for other in others if other["id"] != user["id"]), user)

    return amended(exchange.send(), amend)


def _of_every_workspace(exchange: Exchange) -> Reply:
    """Add the rows that another workspace has."""

    def amend(body: Any) -> Any:
        token = exchange.tokens.of_other_workspace(exchange.request.token) or ""
        elsewhere = exchange.get(exchange.request.path, token=token)
        return {"data": [*body["data"], *elsewhere.json["data"]]} if elsewhere.good else body

    return amended(exchange.send(), amend)


def _for_strangers(exchange: Exchange) -> Reply:
    """Answer without a token as if one had been sent."""
    reply = exchange.send()
    if reply.status != 401:
        return reply
    return exchange.send(exchange.request.with_token(exchange.tokens.first() or ""))


DEFECTS = (
    me("me-another-user", "extension.me.user", _another_user),
    me("me-id-as-text", "extension.me", change_json(lambda user: user | {"id": str(user["id"])})),
    me("me-without-email", "extension.me", change_json(without_field("email"))),
    me("me-in-data", "extension.me", change_json(lambda user: {"data": user})),
    members("members-bare-list", "extension.members", change_json(lambda body: body["data"])),
    members("members-without-timezone", "extension.members", each_row(without_field("timezone"))),
    members(
        "members-by-id",
        "extension.members.order",
        of_rows(lambda rows: sorted(rows, key=lambda row: row["id"], reverse=True)),
    ),
    members("members-twice", "extension.members.order", of_rows(lambda rows: [*rows, rows[0]])),
    members(
        "members-other-names",
        "extension.members.agree",
        each_row(lambda row: row | {"name": row["name"].upper()}),
    ),
    members("members-without-me", "extension.members.me", of_rows(lambda rows: rows[:1])),
    members("members-of-every-workspace", "extension.access.workspace", _of_every_workspace),
    members("members-for-strangers", "extension.access.required", _for_strangers),
    channels(
        "channels-color-names",
        "extension.channels",
        each_row(lambda row: row | {"color": "blue"}),
    ),
    channels(
        "channels-other-ids",
        "extension.channels.agree",
        each_row(lambda row: row | {"id": row["id"] + 1}),
    ),
    channels("channels-twice", "extension.channels.agree", of_rows(lambda rows: rows + rows)),
    channels("channels-of-every-workspace", "extension.access.workspace", _of_every_workspace),
    tags("tags-without-color", "extension.tags", each_row(without_field("color"))),
    tags("tags-null-ulid", "extension.tags", each_row(lambda row: row | {"ulid": None})),
    tags("tags-only-ten", "extension.tags.complete", of_rows(lambda rows: rows[:10])),
    tags(
        "tags-some-missing",
        "extension.tags.complete",
        of_rows(lambda rows: [row for row in rows if row["id"] % 5]),
    ),
    tags(
        "tags-by-id",
        "extension.tags.order",
        of_rows(lambda rows: sorted(rows, key=lambda row: row["id"])),
    ),
    tags(
        "tags-other-color",
        "extension.tags.agree",
        each_row(lambda row: row | {"color": "red" if row["color"] != "red" else "blue"}),
        ONE_ROW_IN_10,
    ),
    tags("tags-of-every-workspace", "extension.access.workspace", _of_every_workspace),
    tags("tags-for-strangers", "extension.access.required", _for_strangers),
)
