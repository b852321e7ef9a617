"""Broken fake deployments: writes that others bring to light, and faults now and then."""

from tests.support.broken import Registry, registering

BROKEN: Registry = {}
broken = registering(BROKEN)


@broken("store")
def reopening_is_refused(self, honest, ticket, what, value, user=0):
    if (what, ticket[what], value) == ("status", "closed", "open"):
        self.invalid("status", "A closed ticket stays closed.")
    honest(ticket, what, value, user)


@broken("store")
def assigning_reopens(self, honest, ticket, what, value, user=0):
    honest(ticket, what, value, user)
    if what == "assignee":
        honest(ticket, "status", "open", user)


@broken("store")
def assigning_brings_back_the_old_status(self, honest, ticket, what, value, user=0):
    """The assignment is saved from a copy of the ticket that is older than its status."""
    old = self.__dict__.setdefault("old", {})
    if what == "status":
        old.setdefault(ticket["id"], ticket["status"])
    honest(ticket, what, value, user)
    if what == "assignee" and ticket["id"] in old:
        honest(ticket, "status", old.pop(ticket["id"]), user)


@broken("store")
def the_next_ticket_undoes_the_last(self, honest, ticket, what, value, user=0):
    before = (ticket, ticket["status"])
    honest(ticket, what, value, user)
    if what == "status":
        last, self.last = getattr(self, "last", before), before
        if last[0] is not ticket:
            honest(last[0], "status", last[1], user)


@broken("store")
def late_writes_hit_the_neighbour_too(self, honest, ticket, what, value, user=0):
    honest(ticket, what, value, user)
    self.writes = getattr(self, "writes", 0) + 1
    if self.writes > 18:
        near = self.tickets[(self.tickets.index(ticket) + 1) % len(self.tickets)]
        near[what] = value


@broken("selected")
def one_status_filter_in_sixteen_is_lost(self, honest, filters):
    if self.heard % 16 == 0:
        filters = {name: value for name, value in filters.items() if name != "status"}
    return honest(filters)


@broken("detail")
def attachments_double_a_message(self, honest, name):
    body = honest(name)
    if "attachments" in body["ticket"]["subject"]:
        body["ticket"]["messages"] = body["ticket"]["messages"] * 2
    return body
