"""Defects of the lists of contacts, and of single ones."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.frequency import ONE_ROW_IN_10, PAGE_2_ON
from mockserver.defects.changes.requests import change_request, param
from mockserver.defects.changes.responses import (
    amended,
    change_json,
    each_row,
    of_rows,
    without_field,
)
from mockserver.defects.defect import Behavior, Family

contacts = Family("contacts", on=frozenset({"listContacts"}))
contact = Family("contact", on=frozenset({"getContact"}))


def _ignoring(name: str) -> Behavior:
    return param(name, lambda _: None)


def _meta(**numbers: Any) -> Behavior:
    """Change numbers of `meta`, each by a function of it."""

    def amend(body: Any) -> Any:
        meta = body["meta"]
        return body | {"meta": meta | {name: value(meta) for name, value in numbers.items()}}

    return change_json(amend)


def _shifted_pages(exchange: Exchange) -> Reply:
    """Begin each later page with the last row of the one before."""

    def amend(body: Any) -> Any:
        asked = exchange.request
        before = exchange.send(asked.with_param("page", asked.page - 1)).json["data"]
        return body | {"data": [*before[-1:], *body["data"][:-1]]} if body["data"] else body

    return amended(exchange.send(), amend)


def _prefix_only(exchange: Exchange) -> Reply:
    """Find a text at the start of the name alone."""
    term = (exchange.request.param("filter[name]") or "").lower()
    keep = of_rows(lambda rows: [r for r in rows if (r["name"] or "").lower().startswith(term)])
    return keep(exchange)


def _case_sensitive(name: str, field: str) -> Behavior:
    def behavior(exchange: Exchange) -> Reply:
        term = exchange.request.param(f"filter[{name}]") or ""
        keep = of_rows(lambda rows: [row for row in rows if term in (row[field] or "")])
        return keep(exchange)

    return behavior


def _any_contact(exchange: Exchange) -> Reply:
    """Answer an unknown contact with another one."""
    reply = exchange.send()
    if reply.status != 404:
        return reply
    first = exchange.get("/api/contacts").json["data"][0]
    return exchange.get(f"/api/contacts/{first['id']}")


def _gone(exchange: Exchange) -> Reply:
    reply = exchange.send()
    return reply.with_status(410) if reply.status == 404 else reply


def _another_contact(exchange: Exchange) -> Reply:
    def amend(body: Any) -> Any:
        rows: list[Row] = exchange.get("/api/contacts").json["data"]
        other = next(row for row in rows if row["id"] != body["contact"]["id"])
        return exchange.get(f"/api/contacts/{other['id']}").json

    return amended(exchange.send(), amend)


def _foreign(exchange: Exchange) -> Reply:
    """Show a contact to another workspace."""
    reply, token = exchange.send(), exchange.request.token
    other = exchange.tokens.of_other_workspace(token) if reply.status == 404 else None
    return exchange.send(exchange.request.with_token(other)) if other else reply


def _in_contact(change: Any) -> Behavior:
    return change_json(lambda body: {"contact": change(body["contact"])})


DEFECTS = (
    contacts(
        "contacts-without-count", "extension.contacts", each_row(without_field("ticket_count"))
    ),
    contacts(
        "contacts-count-as-text",
        "extension.contacts",
        each_row(lambda row: row | {"ticket_count": str(row["ticket_count"])}),
    ),
    contacts("contacts-without-meta", "extension.contacts", change_json(without_field("meta"))),
    contacts(
        "contacts-count-one-more",
        "extension.contacts.ticket_count",
        each_row(lambda row: row | {"ticket_count": row["ticket_count"] + 1}),
        ONE_ROW_IN_10,
    ),
    contacts(
        "contacts-count-zero",
        "extension.contacts.ticket_count",
        each_row(lambda row: row | {"ticket_count": 0}),
    ),
    contacts(
        "contacts-activity-long-ago",
        "extension.contacts.last_activity",
        each_row(lambda row: row | {"last_activity_at": "2020-01-01T00:00:00+00:00"}),
    ),
    contacts(
        "contacts-activity-null",
        "extension.contacts.last_activity",
        each_row(lambda row: row | {"last_activity_at": None}),
    ),
    contacts(
        "contacts-other-email",
        "extension.contacts.agree",
        each_row(lambda row: row | {"email": f"x{row['email']}"}),
    ),
    contacts("contacts-per-page-ignored", "extension.contacts.pages", _ignoring("per_page")),
    contacts("contacts-page-ignored", "extension.contacts.complete", _ignoring("page")),
    contacts("contacts-pages-shifted", "extension.contacts.complete", _shifted_pages, PAGE_2_ON),
    contacts(
        "contacts-total-of-page",
        "extension.contacts.pages",
        _meta(total=lambda meta: min(meta["total"], meta["per_page"])),
    ),
    contacts(
        "contacts-last-page-one-less",
        "extension.contacts.pages",
        _meta(last_page=lambda meta: max(1, meta["last_page"] - 1)),
    ),
    contacts(
        "contacts-one-row-short",
        "extension.contacts.pages",
        of_rows(lambda rows: rows[:-1] if len(rows) > 1 else rows),
    ),
    contacts("contacts-sort-ignored", "extension.contacts.sort", _ignoring("sort")),
    contacts(
        "contacts-descending-ignored",
        "extension.contacts.sort",
        param("sort", lambda value: value.lstrip("-")),
    ),
    contacts(
        "contacts-sorted-by-id",
        "extension.contacts.default_sort",
        change_request(
            lambda asked: asked if asked.param("sort") else asked.with_param("sort", "created_at")
        ),
    ),
    contacts(
        "contacts-name-filter-ignored", "extension.contacts.filter.name", _ignoring("filter[name]")
    ),
    contacts("contacts-name-prefix-only", "extension.contacts.filter.name", _prefix_only),
    contacts(
        "contacts-name-case-sensitive",
        "extension.contacts.filter.name",
        _case_sensitive("name", "name"),
    ),
    contacts(
        "contacts-email-filter-ignored",
        "extension.contacts.filter.email",
        _ignoring("filter[email]"),
    ),
    contacts(
        "contacts-email-case-sensitive",
        "extension.contacts.filter.email",
        _case_sensitive("email", "email"),
    ),
    contacts(
        "contacts-search-ignored", "extension.contacts.filter.search", _ignoring("filter[search]")
    ),
    contacts(
        "contacts-search-names-only",
        "extension.contacts.filter.search",
        change_request(
            lambda asked: (
                asked.without("filter[search]").with_param(
                    "filter[name]", asked.param("filter[search]")
                )
                if asked.param("filter[search]")
                else asked
            )
        ),
    ),
    contact("contact-without-notes", "extension.contact", _in_contact(without_field("notes"))),
    contact("contact-bare", "extension.contact", change_json(lambda body: body["contact"])),
    contact(
        "contact-other-count",
        "extension.contact.agree",
        _in_contact(lambda row: row | {"ticket_count": row["ticket_count"] + 3}),
    ),
    contact("contact-another", "extension.contact.agree", _another_contact),
    contact("contact-any-if-unknown", "extension.contact.missing", _any_contact),
    contact("contact-gone-if-unknown", "extension.answer.status", _gone),
    contact("contact-for-other-workspaces", "extension.access.workspace", _foreign),
)
