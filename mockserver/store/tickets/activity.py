"""What contacts and agents do besides the API: open tickets, write messages, set tags."""

from mockserver.seed.records import Contact, Workspace
from mockserver.store import people
from mockserver.store.database import Database
from mockserver.store.tickets.queries import TicketRow, ticket_by_id
from mockserver.store.tickets.writes import NewMessage, Opening, Writes
from mockserver.store.world import World


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

    def receive_message(self, world: World, id: int, body_html: str, contact: Contact) -> None:
        """Add a message of a ticket's contact."""
        with self._database.write() as transaction:
            said = NewMessage("inbound", body_html, contact)
            self._writes.add_message(transaction, world, id, said)

    def set_tag(self, world: World, id: int, tag: int, *, on: bool) -> None:
        """Add a tag to a ticket as the last one, or remove it."""
        with self._database.write() as transaction:
            self._writes.set_tag(transaction, world, id, tag, on=on)
