"""Records inserted into a layer in bulk, in bounded memory."""

from collections.abc import Callable, Iterable
from itertools import islice

from mockserver.seed.records import Channel, Contact, Message, Tag, Team, Ticket, Workspace
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.rows import (
    RenderedRows,
    Row,
    attachment_rows,
    tag_rows,
    ticket_row,
    token_rows,
)
from mockserver.store.search_text import folded, search_text
from mockserver.store.tickets.counts import count

_BATCH = 500
"""Tickets in one batch."""

Progress = Callable[[int], object]
"""Is called with the number of tickets just inserted."""


class BulkInsert:
    def __init__(self, renderer: Renderer) -> None:
        self._rows = RenderedRows(renderer)

    def insert_workspaces(
        self,
        transaction: Transaction,
        layer: int,
        workspaces: Iterable[Workspace],
        progress: Progress | None = None,
    ) -> None:
        tokens = 0
        for workspace in workspaces:
            self._insert_people(transaction, layer, workspace, tokens)
            tokens += len(workspace.tokens)
            rest = iter(workspace.tickets)
            while batch := list(islice(rest, _BATCH)):
                self.insert_tickets(transaction, layer, workspace.id, batch)
                if progress is not None:
                    progress(len(batch))

    def insert_tickets(
        self, transaction: Transaction, layer: int, workspace: int, batch: list[Ticket]
    ) -> None:
        """Insert tickets with everything that belongs to them."""
        texts = [
            search_text(each.subject, (message.body_html for message in each.messages))
            for each in batch
        ]
        keys = insert_texts(transaction, texts)
        rows = [ticket_row(workspace, *each) for each in zip(batch, keys, strict=True)]
        _insert(transaction, "tickets", layer, rows)
        _insert(transaction, "items", layer, map(self._rows.item, batch))
        tags = (row for each in batch for row in tag_rows(each))
        _insert(transaction, "ticket_tags", layer, tags)
        count(transaction, layer, rows)
        thread = [(ticket.id, message) for ticket in batch for message in ticket.messages]
        self.insert_messages(transaction, layer, thread)
        log = (self._rows.activity(t.id, activity) for t in batch for activity in t.activities)
        _insert(transaction, "activities", layer, log)

    def insert_messages(
        self, transaction: Transaction, layer: int, thread: list[tuple[int, Message]]
    ) -> None:
        """Insert messages, each with the id of its ticket."""
        _insert(transaction, "messages", layer, (self._rows.message(*each) for each in thread))
        files = (row for _, message in thread for row in attachment_rows(message))
        _insert(transaction, "attachments", layer, files)

    def _insert_people(
        self, transaction: Transaction, layer: int, workspace: Workspace, position: int
    ) -> None:
        _insert(transaction, "workspaces", layer, [{"id": workspace.id, "name": workspace.name}])
        for table in ("teams", "channels", "tags", "contacts"):
            for record in getattr(workspace, table):
                insert_record(transaction, table, layer, workspace.id, record)
        users = (self._rows.user(workspace.id, user) for user in workspace.users)
        _insert(transaction, "users", layer, users)
        _insert(transaction, "tokens", layer, token_rows(workspace, position))


def insert_record(
    transaction: Transaction,
    table: str,
    layer: int,
    workspace: int,
    record: Team | Channel | Tag | Contact,
) -> None:
    """Insert a record whose columns are its fields, and what a contact is found by."""
    fields = {name: getattr(record, name) for name in record.__slots__}
    if isinstance(record, Contact):
        fields["search_name"] = folded(record.name or "")
        fields["search_email"] = folded(record.email)
    _insert(transaction, table, layer, [{"workspace": workspace, **fields}])


def insert_texts(transaction: Transaction, texts: list[str]) -> list[int]:
    """Insert search texts and return their keys."""
    if transaction.is_sqlite:
        highest = transaction.value("SELECT coalesce(max(key), 0) FROM texts")
        keys = list(range(highest + 1, highest + 1 + len(texts)))
    else:
        next_key = "nextval(pg_get_serial_sequence('texts', 'key'))"
        sql = f"SELECT {next_key} FROM generate_series(1, :number)"
        keys = [int(row[0]) for row in transaction.all(sql, number=len(texts))]
    rows = [{"key": key, "text": text} for key, text in zip(keys, texts, strict=True)]
    transaction.insert("texts", rows)
    return keys


def _insert(transaction: Transaction, table: str, layer: int, rows: Iterable[Row]) -> None:
    transaction.insert(table, [{"layer": layer, **row} for row in rows])
