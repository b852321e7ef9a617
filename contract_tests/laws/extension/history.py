"""What a run observed of the operations that are not on the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contract_tests.observations.exchange import Exchange, Who
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract


@dataclass
class ExtensionHistory(History):
    """The exchanges of the extension, beside the history of the page that was observed before.

    `whole` is the contract with its extension; `contract` is that of the page.
    """

    whole_contract: Contract = field(kw_only=True)
    page: History = field(kw_only=True)
    _operations: dict[int, Operation | None] = field(default_factory=dict, init=False)
    """The operation of each exchange, by its number."""

    def add(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        found = self.whole_contract.operation_at(exchange.request.method, exchange.request.path)
        self._operations[exchange.number] = found

    def operation(self, exchange: Exchange) -> Operation | None:
        return self._operations[exchange.number]

    def sent(self, operation: str, *, who: Who | None = "main") -> list[Exchange]:
        """Return the answered exchanges of an operation, of anybody if `who` is None."""
        return [
            exchange
            for exchange in self.exchanges
            if exchange.handled
            and who in (None, exchange.request.who)
            and (found := self.operation(exchange)) is not None
            and found.id == operation
        ]

    def bodies(self, operation: str) -> list[Exchange]:
        """Return the exchanges whose success has a JSON object."""
        return [
            exchange
            for exchange in self.sent(operation)
            if exchange.successful and isinstance(exchange.document, dict)
        ]

    def lists(self, operation: str) -> list[Exchange]:
        """Return the exchanges whose success has a list of rows with ids."""
        return [e for e in self.sent(operation) if has_rows(e)]

    def details_of(self, ticket: str) -> list[Exchange]:
        """Return the details of a ticket, in the order sent."""
        found = self.bodies("getTicket")
        return [
            e
            for e in found
            if e.request.path.endswith(f"/{ticket}") and isinstance(e.document.get("ticket"), dict)
        ]

    def sent_by(self, who: Who) -> Iterator[tuple[Exchange, Operation]]:
        """Yield a caller's answered exchanges, with operations that the deployment has."""
        for exchange in self.exchanges:
            operation = self.operation(exchange)
            if exchange.request.who != who or not exchange.handled or operation is None:
                continue
            if not self.why_absent(operation.id):
                yield exchange, operation

    def why_absent(self, operation: str) -> str:
        """Return in words why nothing is known of an operation; empty if something is."""
        exchanges = self.sent(operation)
        if not exchanges:
            return "the extension's operation was not requested"
        if all(exchange.status in (404, 405, 501) for exchange in exchanges):
            return f"the deployment does not have {exchanges[0].request.method} {operation}"
        return ""

    @property
    def me(self) -> Row | None:
        """The user of the token, bare or wrapped."""
        for exchange in self.bodies("getMe"):
            user = exchange.document.get("user", exchange.document)
            if isinstance(user, dict) and "id" in user:
                return user
        return None


def has_rows(exchange: Exchange) -> bool:
    """Return whether an exchange succeeded with a list of rows."""
    document = exchange.document
    data = document.get("data") if isinstance(document, dict) else None
    return exchange.successful and isinstance(data, list) and all(isinstance(r, dict) for r in data)


def rows(exchange: Exchange) -> list[Row]:
    found: list[Row] = exchange.document["data"]
    return found


def numbers(exchange: Exchange) -> dict[str, Any]:
    """Return the numbers of a page: those of `meta`, or those beside `data`."""
    meta = exchange.document.get("meta")
    found: dict[str, Any] = meta if isinstance(meta, dict) else exchange.document
    return found


def embedded(history: History, noun: str) -> Iterator[Row]:
    """Yield the channel, contact or assignee of each known ticket, or its tags."""
    for row in history.rows():
        found = row.get(noun)
        yield from found if isinstance(found, list) else [found] if found else []
