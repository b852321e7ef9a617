"""Broken fake deployments: lists and answers that only the whole run shows to be wrong."""

from typing import Any

from flask import request

from tests.support.broken import Registry, registering
from tests.support.fake_deployment import Refusal

BROKEN: Registry = {}
broken = registering(BROKEN)


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


@broken("detail")
def late_in_a_run_the_log_is_lost(self, honest, name):
    body = honest(name)
    if len(self.requests) > 90:
        body["ticket"]["activities"] = []
    return body


@broken("selected")
def an_unknown_filter_removes_the_others(self, honest, filters):
    return honest({} if "filter[bogus]" in request.args else filters)


@broken("selected")
def filters_after_the_sort_are_lost(self, honest, filters):
    return honest({} if next(iter(request.args), "") == "sort" else filters)


@broken("selected")
def search_and_status_are_alternatives(self, honest, filters):
    if not {"search", "status"} <= set(filters):
        return honest(filters)
    one, other = ({name: filters[name]} for name in ("search", "status"))
    found = {ticket["id"] for each in (one, other) for ticket in honest(each)}
    return [ticket for ticket in self.tickets if ticket["id"] in found]


@broken("selected")
def a_hit_in_a_message_needs_no_other_filter(self, honest, filters):
    if len(filters) < 2 or "search" not in filters:
        return honest(filters)
    found = {ticket["id"] for ticket in honest(filters)}
    term = filters["search"].lower()
    return [
        ticket
        for ticket in honest({"search": term})
        if ticket["id"] in found or term not in ticket["subject"].lower()
    ]


@broken("matches")
def lists_have_two_values_at_most(self, honest, ticket, name, value):
    return honest(ticket, name, value if name == "search" else ",".join(value.split(",")[:2]))


@broken("matches")
def an_id_that_does_not_exist_empties_the_list(self, honest, ticket, name, value):
    return "987654321" not in value and honest(ticket, name, value)


@broken("find")
def letters_after_an_id_are_ignored(self, honest, name):
    digits = name.rstrip("abcdefghijklmnopqrstuvwxyz")
    return honest(digits or name)


@broken("find")
def ids_have_32_bits(self, honest, name):
    if name.isdigit() and int(name) >= 2**31:
        raise Refusal(500, {"message": "Server Error"})
    return honest(name)


@broken("listing")
def page_numbers_have_64_bits(self, honest):
    if len(request.args.get("page", "")) > 18:
        raise Refusal(500, {"message": "Server Error"})
    return honest()


@broken("selected")
def searches_find_some_others_too(self, honest, filters):
    found = honest(filters)
    if "search" not in filters or not found:
        return found
    known = {ticket["id"] for ticket in found}
    return [t for t in self.tickets if t["id"] in known or t["id"] % 7 == 5]
