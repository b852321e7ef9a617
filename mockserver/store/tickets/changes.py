"""Changes of a ticket that exists: its status, assignee, team and tags."""

from mockserver.contract.choices import Choices
from mockserver.store import people
from mockserver.store.database.database import Database
from mockserver.store.database.schema import UNASSIGNED
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.tickets.overlay import STATUS_CHANGED, Change, Overlay, lock_ticket, member
from mockserver.store.tickets.queries import TicketRow, ticket_detail
from mockserver.store.worlds.world import Caller, World

ASSIGNEE_CHANGED = "assignee_changed"  # the page shows none of these but status_changed
TEAM_CHANGED = "team_changed"
TAG_ADDED = "tag_added"
TAG_REMOVED = "tag_removed"

_DELETE_TAGS = "DELETE FROM ticket_tags WHERE layer = :layer AND ticket = :ticket"


class TicketChanges:
    """Each method is one transaction and returns the ticket as JSON.

    A change by a caller moves `updated_at` and appends an activity; setting what is already so
    does neither, unless chosen.
    """

    def __init__(
        self, database: Database, overlay: Overlay, renderer: Renderer, choices: Choices
    ) -> None:
        self._database = database
        self._overlay = overlay
        self._render = renderer
        self._choices = choices

    def set_status(self, caller: Caller, id: int, status: str) -> bytes:
        log = ((STATUS_CHANGED, caller.user),)
        change = Change({"status": status}, {"status": status}, log)
        with self._database.write(caller.world) as transaction:
            return self._set(transaction, id, change)

    def set_assignee(self, caller: Caller, id: int, user: int | None) -> bytes | None:
        """Assign a member, or unassign; return None if there is no such member."""
        if user is not None and not 0 < user < 2**63:  # no member has such an id
            return None
        with self._database.write(caller.world) as transaction:
            rendered = user and member(transaction, caller.workspace, user, "assignee")
            if user and not rendered:
                return None
            log = ((ASSIGNEE_CHANGED, caller.user),)
            change = Change({"assignee": rendered}, {"assignee": user or UNASSIGNED}, log)
            return self._set(transaction, id, change)

    def set_team(self, caller: Caller, id: int, team: int | None) -> bytes | None:
        """Assign a team, or none; return None if the workspace has no such team."""
        with self._database.write(caller.world) as transaction:
            if team is not None and not people.has_team(transaction, caller.workspace, team):
                return None
            change = Change({}, {"team": team}, ((TEAM_CHANGED, caller.user),))
            return self._set(transaction, id, change)

    def set_tag(
        self, world: World, id: int, tag: int, *, on: bool, user: int | None = None
    ) -> bytes:
        """Add a tag of the workspace as the last one, or remove it.

        Without a user, as by the admin API, no time moves and no activity is appended.
        """
        with self._database.write(world) as transaction:
            row = lock_ticket(transaction, id)
            before = people.tags_of(transaction, row.layer, id)
            if on is (tag in before):
                return self._reply(transaction, row)
            known = people.tags_by_id(transaction)
            after = [known[each] for each in before if each != tag] + ([known[tag]] if on else [])
            log = () if user is None else ((TAG_ADDED if on else TAG_REMOVED, user),)
            change = Change({"tags": self._render.tags(after)}, log=log, touches=user is not None)
            row = self._overlay.apply(transaction, row, change)
            transaction.run(_DELETE_TAGS, ticket=id)
            place = {"layer": world.layer, "ticket": id}
            rows = [place | {"tag": each.id, "position": n} for n, each in enumerate(after)]
            transaction.insert("ticket_tags", rows)
            return self._reply(transaction, row)

    def _set(self, transaction: Transaction, id: int, change: Change) -> bytes:
        row = lock_ticket(transaction, id)
        unchanged = all(getattr(row, name) == value for name, value in change.columns.items())
        if not unchanged or self._choices.unchanged_write == "touch":
            row = self._overlay.apply(transaction, row, change)
        return self._reply(transaction, row)

    def _reply(self, transaction: Transaction, row: TicketRow) -> bytes:
        if self._choices.update_reply != "detail":
            return row.item
        newest_first = self._choices.activity_order == "newest_first"
        return ticket_detail(transaction, row, newest_first=newest_first)
