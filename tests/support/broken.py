"""Broken fake deployments: what a vendor could get wrong, each as a patch of one method."""

from collections.abc import Callable
from typing import Any

from flask import request

from tests.support.fake_deployment import FakeDeployment, Json, Refusal, text_of

Registry = dict[str, type[FakeDeployment]]
"""Name → a fake deployment that breaks the contract in that way."""
Register = Callable[[Callable[..., Any]], Callable[..., Any]]


def registering(registry: Registry) -> Callable[[str], Register]:
    """Return a decorator factory for the patches of one module.

    Each module has a registry of its own: what a test runs does not depend on other imports.
    """

    def broken(method: str) -> Register:
        """Register a function (self, the honest method, *arguments) as a patch of `method`."""

        def register(patch: Callable[..., Any]) -> Callable[..., Any]:
            def patched(self: FakeDeployment, *args: Any, **more: Any) -> Any:
                honest = getattr(super(kind, self), method)
                return patch(self, honest, *args, **more)

            kind: type[FakeDeployment] = type(patch.__name__, (FakeDeployment,), {method: patched})
            registry[patch.__name__] = kind
            return patch

        return register

    return broken


BROKEN: Registry = {}
broken = registering(BROKEN)


def page() -> int:
    return int(request.args.get("page", "1") or 1) if request.args.get("page", "1").isdigit() else 1


# -- lists ---------------------------------------------------------------------------------


@broken("matches")
def status_filter_ignored(self, honest, ticket, name, value):
    return True if name == "status" else honest(ticket, name, value)


@broken("matches")
def status_filter_lost_on_page_two(self, honest, ticket, name, value):
    return True if name == "status" and page() > 1 else honest(ticket, name, value)


@broken("matches")
def status_takes_first_value_only(self, honest, ticket, name, value):
    return honest(ticket, name, value.split(",")[0] if name == "status" else value)


@broken("matches")
def tags_take_first_value_only(self, honest, ticket, name, value):
    return honest(ticket, name, value.split(",")[0] if name == "tag_ids" else value)


@broken("matches")
def tag_ids_match_digits(self, honest, ticket, name, value):
    if name != "tag_ids":
        return honest(ticket, name, value)
    return any(part in str(tag["id"]) for part in value.split(",") for tag in ticket["tags"])


@broken("matches")
def channel_ids_match_digits(self, honest, ticket, name, value):
    if name != "channel_ids":
        return honest(ticket, name, value)
    return any(part in str(ticket["channel"]["id"]) for part in value.split(","))


@broken("matches")
def channel_filter_inverted(self, honest, ticket, name, value):
    return honest(ticket, name, value) != (name == "channel_ids")


@broken("matches")
def false_means_true(self, honest, ticket, name, value):
    return honest(ticket, name, "true" if value == "false" else value)


@broken("matches")
def unassigned_ignored(self, honest, ticket, name, value):
    return True if name == "unassigned" else honest(ticket, name, value)


@broken("matches")
def mine_is_anybodys(self, honest, ticket, name, value):
    return (
        ticket["assignee"] is not None if name == "assigned_to_me" else honest(ticket, name, value)
    )


@broken("matches")
def mine_forgets_closed(self, honest, ticket, name, value):
    return honest(ticket, name, value) and not (
        name == "assigned_to_me" and ticket["status"] == "closed"
    )


@broken("selected")
def filters_combine_with_or(self, honest, filters):
    if len(filters) < 2:
        return honest(filters)
    return [t for t in self.tickets if any(self.matches(t, k, v) for k, v in filters.items())]


@broken("selected")
def one_ticket_in_thirty_missing(self, honest, filters):
    return [t for t in honest(filters) if t["id"] % 30 or not filters]


@broken("finds")
def search_in_subject_only(self, honest, ticket, term):
    return term.lower() in ticket["subject"].lower()


@broken("finds")
def search_in_latest_message_only(self, honest, ticket, term):
    text = text_of(ticket["messages"][-1]["body_html"])
    return term.lower() in f"{ticket['subject']} {text}".lower()


@broken("haystack")
def search_forgets_notes(self, honest, ticket):
    kept = [m for m in ticket["messages"] if m["type"] != "note"]
    return honest({**ticket, "messages": kept})


@broken("finds")
def search_minds_case(self, honest, ticket, term):
    texts = [ticket["subject"], *(text_of(m["body_html"]) for m in ticket["messages"])]
    return any(term in text for text in texts)


@broken("finds")
def search_takes_wildcards(self, honest, ticket, term):
    import re

    pattern = re.escape(term).replace("%", ".*").replace("_", ".")
    return re.search(pattern, self.haystack(ticket), re.IGNORECASE | re.DOTALL) is not None


@broken("finds")
def search_ignored(self, honest, ticket, term):
    return True


@broken("ordered")
def sort_ignored(self, honest, tickets, sorts):
    return honest(tickets, ["-updated_at"])


@broken("ordered")
def descending_ignored(self, honest, tickets, sorts):
    return honest(tickets, [s.lstrip("-") for s in sorts])


@broken("key")
def activity_sorts_by_update(self, honest, ticket, name):
    return honest(ticket, "updated_at" if name == "last_activity_at" else name)


@broken("key")
def created_sorts_by_update(self, honest, ticket, name):
    return honest(ticket, "updated_at" if name == "created_at" else name)


@broken("ordered")
def default_sort_is_creation(self, honest, tickets, sorts):
    return honest(tickets, sorts if "sort" in request.args else ["-created_at"])


@broken("page")
def paging_ignored(self, honest):
    return 1


@broken("size")
def default_size_is_fifteen(self, honest):
    return honest() if "per_page" in request.args else 15


@broken("size")
def size_not_limited(self, honest):
    raw = request.args.get("per_page", "25")
    return int(raw) if raw.isdigit() and int(raw) > 0 else 25


def meta(field: str) -> Callable[[Callable[[Json], int]], Any]:
    """Register a wrong number in meta."""

    def register(wrong: Callable[[Json], int]) -> Any:
        def patch(self, honest):
            body = honest()
            body["meta"][field] = wrong(body)
            return body

        patch.__name__ = wrong.__name__
        return broken("listing")(patch)

    return register


@meta("total")
def total_of_the_page(body):
    return len(body["data"])


@meta("last_page")
def last_page_rounded_down(body):
    return max(1, body["meta"]["total"] // body["meta"]["per_page"])


@meta("current_page")
def current_page_from_zero(body):
    return body["meta"]["current_page"] - 1


@broken("listing")
def total_ignores_filters(self, honest):
    body = honest()
    size = body["meta"]["per_page"]
    body["meta"].update(total=len(self.tickets), last_page=max(1, -(-len(self.tickets) // size)))
    return body


@broken("listing")
def pages_overlap(self, honest):
    body = honest()
    if page() > 1 and body["data"]:
        rows = self.ordered(self.selected({}), self.sorts())
        size = body["meta"]["per_page"]
        start = (page() - 1) * size - 1
        if "filter[status]" not in request.full_path and not any(
            "filter" in k for k in request.args
        ):
            body["data"] = [self.item(t) for t in rows[start : start + len(body["data"])]]
    return body


@broken("listing")
def next_link_stays(self, honest):
    body = honest()
    body["links"]["next"] = body["links"]["next"] and self.link(page())
    return body


@broken("link")
def links_lose_the_filter(self, honest, number):
    return honest(number).replace("filter%5B", "x%5B")


@broken("link")
def links_lead_elsewhere(self, honest, number):
    return honest(number).replace("/api/tickets", "/tickets")


@broken("selected")
def lists_forget_a_ticket(self, honest, filters):
    return [ticket for ticket in honest(filters) if ticket["id"] != 40]


@broken("listing")
def later_pages_are_one_short(self, honest):
    body = honest()
    if page() > 1:
        body["data"] = body["data"][:-1]
    return body


@broken("selected")
def tickets_come_once_for_each_tag(self, honest, filters):
    wanted = filters.get("tag_ids", "").split(",")
    rows = honest(filters)
    if wanted == [""]:
        return rows
    return [t for t in rows for tag in t["tags"] if str(tag["id"]) in wanted]


@broken("selected")
def tags_are_forgotten_beside_a_channel(self, honest, filters):
    kept = {k: v for k, v in filters.items() if k != "tag_ids" or "channel_ids" not in filters}
    return honest(kept)


@broken("selected")
def unassigned_is_forgotten_beside_a_status(self, honest, filters):
    kept = {k: v for k, v in filters.items() if k != "unassigned" or "status" not in filters}
    return honest(kept)


@broken("finds")
def search_for_zero_is_none(self, honest, ticket, term):
    return term == "0" or honest(ticket, term)


@broken("finds")
def search_needs_four_letters(self, honest, ticket, term):
    return len(term) > 3 and honest(ticket, term)


# -- fields --------------------------------------------------------------------------------


def row(when: Callable[[Json], bool] = lambda _: True) -> Callable[[Callable[[Json], None]], Any]:
    """Register a change of list rows and details, of those tickets that `when` picks."""

    def register(change: Callable[[Json], None]) -> Any:
        def patch(self, honest, ticket):
            item = honest(ticket)
            if when(ticket):
                change(item)
            return item

        patch.__name__ = change.__name__
        return broken("item")(patch)

    return register


@row()
def id_is_text(item):
    item["id"] = str(item["id"])


@row(lambda ticket: ticket["status"] == "closed")
def closed_is_resolved(item):
    item["status"] = "resolved"


@row(lambda ticket: ticket["id"] % 30 == 11)
def tags_are_null_in_one_of_thirty(item):
    item["tags"] = None


@row(lambda ticket: ticket["assignee"] is None)
def nobody_is_left_out(item):
    del item["assignee"]


@row()
def date_without_offset(item):
    item["updated_at"] = item["updated_at"][:19]


@row()
def contact_without_ulid(item):
    item["contact"] = {k: v for k, v in item["contact"].items() if k != "ulid"}


@row(lambda ticket: ticket["id"] % 30 == 4)
def date_with_blank_in_one_of_thirty(item):
    item["created_at"] = item["created_at"].replace("T", " ")


# -- details -------------------------------------------------------------------------------


@broken("detail")
def detail_is_stale(self, honest, name):
    body = honest(name)
    body["ticket"]["status"] = "open"
    return body


@broken("detail")
def detail_shows_foreign_messages(self, honest, name):
    body = honest(name)
    body["ticket"]["messages"] = [*body["ticket"]["messages"], self.tickets[0]["messages"][0]]
    return body


@broken("detail")
def messages_newest_first(self, honest, name):
    body = honest(name)
    body["ticket"]["messages"] = body["ticket"]["messages"][::-1]
    return body


@broken("find")
def missing_ticket_is_200(self, honest, name):
    try:
        return honest(name)
    except Refusal:
        return self.tickets[0]


@broken("detail")
def closed_details_without_activities(self, honest, name):
    body = honest(name)
    if body["ticket"]["status"] == "closed":
        del body["ticket"]["activities"]
    return body


# -- updates -------------------------------------------------------------------------------


@broken("store")
def update_not_stored(self, honest, ticket, what, value, user=0):
    pass


@broken("update")
def update_not_stored_but_answered(self, honest, name, what):
    before = dict(self.find(name))
    body = honest(name, what)
    self.find(name).update(before)
    return body


@broken("answer")
def answer_is_stale(self, honest, ticket):
    body = honest(ticket)
    body["ticket"]["status"] = "spam"
    return body


@broken("store")
def update_hits_the_neighbour_too(self, honest, ticket, what, value, user=0):
    honest(ticket, what, value, user)
    near = self.tickets[(self.tickets.index(ticket) + 1) % len(self.tickets)]
    near[what] = value


@broken("store")
def closing_unassigns(self, honest, ticket, what, value, user=0):
    honest(ticket, what, value, user)
    if value in ("closed", "spam"):
        ticket["assignee"] = None


@broken("store")
def every_second_write_is_lost(self, honest, ticket, what, value, user=0):
    self.count = getattr(self, "count", 0) + 1
    if self.count % 2:
        honest(ticket, what, value, user)


@broken("store")
def assigning_forgets_the_status(self, honest, ticket, what, value, user=0):
    if what == "assignee":
        ticket["status"] = getattr(self, "first", {}).get(ticket["id"], ticket["status"])
    else:
        self.first = {ticket["id"]: ticket["status"], **getattr(self, "first", {})}
    honest(ticket, what, value, user)


@broken("store")
def no_activity(self, honest, ticket, what, value, user=0):
    before = list(ticket["activities"])
    honest(ticket, what, value, user)
    ticket["activities"] = before


@broken("store")
def updated_at_stands_still(self, honest, ticket, what, value, user=0):
    before = ticket["updated_at"]
    honest(ticket, what, value, user)
    ticket["updated_at"] = before


@broken("update")
def present_value_is_refused(self, honest, name, what):
    body = request.get_json(silent=True, force=True)
    if isinstance(body, dict) and body.get("status") == self.find(name)["status"]:
        self.invalid("status", "The status is the same.")
    return honest(name, what)


@broken("invalid")
def invalid_status_is_taken(self, honest, name, message):
    if name != "status":
        honest(name, message)


@broken("person")
def unknown_user_unassigns(self, honest, body):
    try:
        return honest(body)
    except Refusal:
        return None


@broken("matches")
def filter_sees_the_old_status(self, honest, ticket, name, value):
    if name == "status" and ticket["activities"] and ticket["activities"][-1]["user"]["id"] == 5:
        return ticket.get("was", "open") in value.split(",") and ticket["updated_at"] < "2026-04-11"
    return honest(ticket, name, value)


# -- access and robustness -----------------------------------------------------------------


@broken("authenticate")
def no_token_needed(self, honest):
    pass


@broken("authenticate")
def any_token_opens(self, honest):
    if not self.token():
        honest()


@broken("authenticate")
def any_scheme_opens(self, honest):
    if not request.headers.get("Authorization"):
        honest()


@broken("elsewhere")
def other_workspace_reads_details(self, honest):
    name = request.path.rpartition("/")[2]
    return honest() if name == "tickets" else self.detail(name)


@broken("token")
def tokens_have_no_case(self, honest):
    return honest().lower()


@broken("token")
def any_word_before_the_token(self, honest):
    return request.headers.get("Authorization", "").rpartition(" ")[2]


@broken("find")
def closed_tickets_are_not_found(self, honest, name):
    ticket = honest(name)
    if ticket["status"] == "closed" and request.method == "GET":
        raise Refusal(404, {"message": "Not found."})
    return ticket


@broken("json")
def details_begin_with_a_mark(self, honest, body, status, headers=None):
    response = honest(body, status, headers)
    if "ticket" in body:
        response.data = b"\xef\xbb\xbf" + response.data
    return response


@broken("listing")
def a_parameter_twice_breaks(self, honest):
    if any(len(values) > 1 for _, values in request.args.lists()):
        raise Refusal(500, {"message": "Server Error"})
    return honest()


@broken("update")
def writing_needs_no_rights(self, honest, name, what):
    ticket = self.find(name)
    body = request.get_json(silent=True, force=True)
    if self.token() == "reader" and isinstance(body, dict) and body.get("status"):
        self.store(ticket, "status", body["status"])
        return self.answer(ticket)
    return honest(name, what)


@broken("finds")
def quote_breaks_the_search(self, honest, ticket, term):
    if "'" in term:
        raise Refusal(500, {"message": "Server Error"})
    return honest(ticket, term)


@broken("page")
def negative_page_breaks(self, honest):
    if request.args.get("page", "").startswith("-"):
        raise Refusal(500, {"message": "Server Error"})
    return honest()


@broken("respond")
def every_fiftieth_request_breaks(self, honest, act):
    self.turn = getattr(self, "turn", 0) + 1
    if self.turn % 50 == 0:
        return self.json({"message": "Server Error"}, 500)
    return honest(act)


@broken("find")
def trace_in_the_404(self, honest, name):
    try:
        return honest(name)
    except Refusal as refusal:
        raise Refusal(404, {**refusal.body, "exception": "NotFound", "trace": []}) from None


@broken("json")
def errors_are_html(self, honest, body, status, headers=None):
    response = honest(body, status, headers)
    if status == 404:
        response.data, response.content_type = b"<html>Not found</html>", "text/html"
    return response


@broken("json")
def long_json_is_cut(self, honest, body, status, headers=None):
    response = honest(body, status, headers)
    if len(response.data) > 20_000:
        response.data = response.data[:20_000]
    return response
