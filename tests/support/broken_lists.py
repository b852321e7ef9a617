"""Broken stand-ins: lists and answers that only a look at the whole run shows to be wrong."""

from typing import Any

from flask import request

from tests.support.broken import broken
from tests.support.standin import Refusal


def filters() -> dict[str, str]:
    return {name[7:-1]: value for name, value in request.args.items() if name.startswith("filter[")}


@broken("listing")
def nothing_found_is_not_found(self, honest):
    body = honest()
    if not body["meta"]["total"]:
        raise Refusal(404, {"message": "No tickets."})
    return body


@broken("listing")
def nothing_found_is_no_content(self, honest):
    body = honest()
    if not body["meta"]["total"]:
        raise Refusal(204, {})
    return body


@broken("listing")
def two_filters_are_refused(self, honest):
    if len(filters()) == 2:
        raise Refusal(400, {"message": "Too many filters."})
    return honest()


@broken("listing")
def tag_filter_is_refused(self, honest):
    if "tag_ids" in filters():
        raise Refusal(400, {"message": "Requested filter(s) are not allowed."})
    return honest()


@broken("item")
def updated_ten_years_from_now(self, honest, ticket):
    row = honest(ticket)
    return {**row, "updated_at": row["updated_at"].replace("2026", "2036")}


@broken("listing")
def next_leads_to_another_host(self, honest):
    body = honest()
    if body["links"]["next"]:
        body["links"]["next"] = body["links"]["next"].replace("127.0.0.1", "10.0.0.3")
    return body


@broken("listing")
def page_beyond_has_a_next_one(self, honest):
    body = honest()
    if body["meta"]["current_page"] > body["meta"]["last_page"]:
        body["links"]["next"] = self.link(body["meta"]["current_page"] + 1)
    return body


@broken("json")
def long_threads_are_cut(self, honest, body, status, headers: Any = None):
    response = honest(body, status, headers)
    ticket = body.get("ticket") if isinstance(body, dict) else None
    if ticket and len(ticket["messages"]) > 4:
        whole = response.get_data()
        response.set_data(whole[:-7])
        response.headers["Content-Length"] = str(len(whole))
    return response
