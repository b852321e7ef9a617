"""Broken fake deployments: threads, people and paths."""

from datetime import datetime, timedelta

from flask import Response

from tests.support.broken import Registry, registering
from tests.support.fake_deployment import iso

BROKEN: Registry = {}
broken = registering(BROKEN)


def later(text, hours):
    return iso(datetime.fromisoformat(text) + timedelta(hours=hours))


def with_messages(body, change):
    messages = [
        {**message, **change(message, body["ticket"])} for message in body["ticket"]["messages"]
    ]
    return {"ticket": {**body["ticket"], "messages": messages}}


@broken("detail")
def answers_are_from_the_contact(self, honest, name):
    def change(message, ticket):
        person = {key: ticket["contact"][key] for key in ("id", "name", "email", "avatar_url")}
        return {"sender": {**person, "type": "contact"}}

    return with_messages(honest(name), change)


@broken("detail")
def messages_are_two_hours_late(self, honest, name):
    return with_messages(honest(name), lambda m, _: {"created_at": later(m["created_at"], 2)})


@broken("detail")
def activities_are_ten_years_old(self, honest, name):
    body = honest(name)
    old = [
        {**activity, "created_at": later(activity["created_at"], -87_600)}
        for activity in body["ticket"]["activities"]
    ]
    return {"ticket": {**body["ticket"], "activities": old}}


@broken("finds")
def search_takes_the_first_word_only(self, honest, ticket, term):
    return honest(ticket, term.split(" ")[0])


@broken("matches")
def mine_are_a_colleagues(self, honest, ticket, name, value):
    if name != "assigned_to_me" or value != "true":
        return honest(ticket, name, value)
    return ticket["assignee"] is not None and ticket["assignee"]["id"] == 6


@broken("app")
def unknown_paths_are_a_page(self, honest):
    app = honest()

    def page(error):
        return Response("<html>Help desk</html>", 200, mimetype="text/html")

    app.register_error_handler(404, page)
    return app


@broken("listing")
def emoji_become_question_marks_in_lists(self, honest):
    body = honest()
    for row in body["data"]:
        row["subject"] = "".join(c if ord(c) < 0x10000 else "?" for c in row["subject"])
    return body
