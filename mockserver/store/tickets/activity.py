"""What contacts and agents do besides the API: open tickets, write messages, set tags."""

from typing import Any

from mockserver.seed.records import Contact, MessageType, User, Workspace
from mockserver.store import people
from mockserver.store.database import Database
from mockserver.store.tickets.queries import TicketRow, ticket_by_id
from mockserver.store.tickets.writes import Opening, Writes
from mockserver.store.world import Caller, World


class TicketActivity:
    """Changes tickets of a world as contacts and agents; each method is one transaction."""

    def __init__(self, database: Database, writes: Writes) -> None:
        self._database = database
        self._writes = writes

    def workspaces(self, world: World) -> list[Workspace]:
        """Return the workspaces with members, labels and tokens; no contacts, no tickets."""
        with self._database.read() as transaction:
            directory = people.read_directory(transaction, world, with_contacts=False)
            return people.read_workspaces(transaction, world, directory)

    def records(self, caller: Caller, noun: str) -> list[Any]:
        """Return the caller's colleagues (users), channels, tags or contacts, sorted by name."""
        with self._database.read() as transaction:
            directory = people.read_directory(
                transaction, caller.world, with_contacts=noun == "contacts"
            )
        found = directory.of(caller.workspace, noun)
        present = [record for record in found if not getattr(record, "left", False)]
        return sorted(present, key=lambda record: (record.name or "", record.id))

    def contact(self, world: World, workspace: int, email: str) -> Contact | None:
        """Return the contact with this e-mail address, whatever its case."""
        with self._database.read() as transaction:
            return people.contact_by_email(transaction, world, workspace, email)

    def any_contact(self, world: World, workspace: int, chance: float) -> Contact | None:
        """Return the contact that `chance`, from 0 to below 1, selects; None if there is none."""
        with self._database.read() as transaction:
            return people.any_contact(transaction, world, workspace, chance)

    def find(self, world: World, id: int) -> TicketRow | None:
        """Return the current row of a ticket of any workspace."""
        with self._database.read() as transaction:
            return ticket_by_id(transaction, world, id)

    def contact_of(self, world: World, ticket: int) -> Contact:
        with self._database.read() as transaction:
            return people.contact_of_ticket(transaction, world, ticket)

    def open_ticket(self, world: World, workspace: int, opening: Opening) -> int:
        """Add a ticket with its first message and return its id."""
        with self._database.write() as transaction:
            return self._writes.open_ticket(transaction, world, workspace, opening)

    def add_message(
        self, world: World, id: int, kind: MessageType, body_html: str, sender: User | Contact
    ) -> None:
        with self._database.write() as transaction:
            self._writes.add_message(transaction, world, id, kind, body_html, sender)

    def set_tag(self, world: World, id: int, tag: int, *, on: bool) -> None:
        """Add a tag to a ticket as the last one, or remove it."""
        with self._database.write() as transaction:
            found = ticket_by_id(transaction, world, id)
            assert found is not None, "a ticket is found before it is tagged"
            before = people.tags_of(transaction, found.layer, id)
            after = [each for each in before if each != tag] + ([tag] if on else [])
            if on is (tag in before):
                return
            known = people.read_directory(transaction, world, with_contacts=False).tags
            self._writes.set_tags(transaction, world, id, [known[each] for each in after])
