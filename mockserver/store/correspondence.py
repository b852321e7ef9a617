"""What customers and colleagues write, and how they label it."""

from typing import Any

from mockserver.seed.records import Contact, MessageType, User, Workspace
from mockserver.store.changes import Changes, Opening
from mockserver.store.database import Database
from mockserver.store.finding import Finder, Found
from mockserver.store.people import People
from mockserver.store.world import World


class Correspondence:
    """Plays the other side in a world; each method is one transaction."""

    def __init__(
        self, database: Database, changes: Changes, people: People, finder: Finder
    ) -> None:
        self._database = database
        self._changes = changes
        self._people = people
        self._finder = finder

    def workspaces(self, world: World) -> list[Workspace]:
        """Return the workspaces with members, labels and tokens; no contacts, no tickets."""
        with self._database.read() as transaction:
            cast = self._people.cast(transaction, world, with_contacts=False)
            return self._people.workspaces(transaction, world, cast)

    def contact(self, world: World, workspace: int, email: str) -> Contact | None:
        """Return who has this address, in any case of letters."""
        with self._database.read() as transaction:
            return self._people.contact(transaction, world, workspace, email)

    def any_contact(self, world: World, workspace: int, chance: float) -> Contact | None:
        """Return a contact; `chance`, from 0 to below 1, says which. None: there are none."""
        with self._database.read() as transaction:
            return self._people.any_contact(transaction, world, workspace, chance)

    def find(self, world: World, id: int) -> Found | None:
        """Return the newest row of a ticket of any workspace."""
        with self._database.read() as transaction:
            return self._finder.ticket(transaction, world, id)

    def contact_of(self, world: World, ticket: int) -> Contact:
        with self._database.read() as transaction:
            return self._people.contact_of(transaction, world, ticket)

    def open(self, world: World, workspace: int, opening: Opening) -> int:
        """Add a ticket with its first message and return its id."""
        with self._database.write() as transaction:
            return self._changes.opened(transaction, world, workspace, opening)

    def write(
        self, world: World, id: int, kind: MessageType, body_html: str, sender: User | Contact
    ) -> None:
        with self._database.write() as transaction:
            self._changes.written(transaction, world, id, kind, body_html, sender)

    def label(self, world: World, id: int, tag: int, *, on: bool) -> None:
        """Put a tag on a ticket as the last, or take it off; what is so already stays."""
        with self._database.write() as transaction:
            found = self._finder.ticket(transaction, world, id)
            assert found is not None, "a ticket is located before it is labelled"
            before = self._people.tags_of(transaction, found.layer, id)
            after = [each for each in before if each != tag] + ([tag] if on else [])
            if on is (tag in before):
                return
            known: dict[int, Any] = self._people.cast(transaction, world, with_contacts=False).tags
            self._changes.retagged(transaction, world, id, [known[each] for each in after])
