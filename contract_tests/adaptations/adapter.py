"""The adapter: learns the adaptations of a run and applies them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Learnt, Proposal
from contract_tests.adaptations.requests import base_path as paths
from contract_tests.adaptations.requests import (
    body_field,
    effect,
    header,
    method,
    parameter,
)
from contract_tests.adaptations.requests.base_path import BasePath
from contract_tests.adaptations.responses import envelope, key_style, pagination
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, operation_id
from contract_tests.observations.query import QueryReader
from mockserver.contract.operations import Contract

MOST_FAILURES = 3
rank = attrgetter("rank")
_TRUE_TOKENS = ("main", "readonly")
"""Whose requests a deployment refuses for what they contain."""


@dataclass
class Adapter:
    """`active` are the adaptations in use; without a contract, none is learnt."""

    contract: Contract | None = None
    active: list[Adaptation] = field(default_factory=list)
    base_path: str = ""
    """Where the user says that the operations are; empty for the documented path."""
    words: dict[str, str] = field(default_factory=dict)
    """Label of an adaptation → the server's own words that led to it."""
    shown: dict[str, int] = field(default_factory=dict)
    """Label of an adaptation → the exchange whose answer led to it."""
    rejected: set[Adaptation] = field(default_factory=set)
    presumed: set[Adaptation] = field(default_factory=set)
    """Those that only others' traffic shows, in which nobody sent the documented form."""
    failures: Counter[Adaptation] = field(default_factory=Counter)
    looked: bool = False
    """Whether the list was found, or looked for at other paths."""

    def outgoing(self, request: Request) -> Request:
        """Convert a documented request to the form of the deployment."""
        for adaptation in sorted(self.active, key=rank):
            request = adaptation.outgoing(request)
        return request

    def incoming(self, exchange: Exchange) -> Exchange:
        """Return an exchange with its body in the documented form; learn adaptations from it."""
        used = [a for a in self.active if a.concerns(exchange.request)]
        operation = operation_id(exchange.request)
        if not self.base_path:
            self.looked |= exchange.status == 200 and operation is not None
        if operation and exchange.is_json and exchange.request.method != "HEAD":
            document = exchange.document
            if exchange.status == 200 and exchange.request.who == "main":
                self._learn(operation, document)
            read, through = self._documented(operation, document)
            used += through
            if read is not document:
                exchange = replace(exchange, rewritten=json.dumps(read).encode())
        labels = tuple(dict.fromkeys(a.label for a in used if not a.agreed))
        return exchange if labels == exchange.through else replace(exchange, through=labels)

    def _documented(self, operation: str, document: object) -> tuple[object, list[Adaptation]]:
        """Return a body in the documented form, and the adaptations that converted it."""
        used = []
        for adaptation in sorted(self.active, key=rank, reverse=True):
            read = adaptation.incoming(operation, document)
            if read is not document:
                used.append(adaptation)
                document = read
        return document, used

    def _learn(self, operation: str, document: object) -> None:
        """Adopt what a successful response shows: style first, then envelope, then pages."""
        if self.contract is None:
            return
        read, _ = self._documented(operation, document)
        for detect in (key_style.detect, envelope.detect, pagination.detect):
            found = [a for a in detect(operation, read) if a not in self.active]
            if found:
                self.active += found
                read, _ = self._documented(operation, document)

    def proposals(self, exchange: Exchange) -> Iterator[Proposal]:
        """Yield what to try when a documented request was refused, the likeliest first."""
        if self.contract is None or exchange.request.who not in _TRUE_TOKENS:
            return
        for found in self._detected(exchange):
            new = tuple(a for a in found if a not in self.rejected and a not in self.active)
            if new:
                yield new

    def _detected(self, exchange: Exchange) -> list[Proposal]:
        assert self.contract is not None
        request = exchange.request
        if (request.method, request.path) == ("GET", LIST_PATH):
            return self._of_list(exchange)
        found: list[Proposal] = []
        if operation_id(request) and request.method == "PUT" and exchange.status in (400, 422):
            found += body_field.detect(exchange)
        if request.method == "PUT" and exchange.status == 405:
            found += method.detect(exchange)
        return found

    def _of_list(self, exchange: Exchange) -> list[Proposal]:
        assert self.contract is not None
        if paths.is_lost(exchange) or (self.base_path and exchange.successful):
            due = not self.looked and not any(isinstance(a, BasePath) for a in self.active)
            self.looked = True
            if due:
                return paths.detect(exchange, self.base_path)
        if paths.is_lost(exchange):
            return []
        query = exchange.request.query
        if not query or not QueryReader(self.contract).read(query).plain:
            return []
        if exchange.status in (400, 422) and header.detect(exchange) is None:
            return parameter.detect(exchange, list(self.contract.operations["listTickets"].query))
        return parameter.guess(effect.ignored(exchange))

    def adopt(self, proposal: Proposal, exchange: Exchange) -> None:
        """Use a proposal from now on; `exchange` is the answer that led to it."""
        self.active.extend(proposal)
        words = "" if exchange.successful else refusal.words(exchange)
        for adaptation in proposal:
            self.words.setdefault(adaptation.label, words)
            self.shown.setdefault(adaptation.label, exchange.number)

    def take_up(self, found: Iterable[Learnt]) -> None:
        """Adopt what recorded traffic shows."""
        for adaptation, failed in found:
            if failed is not None:
                self.adopt((adaptation,), failed)
            else:
                self.active.append(adaptation)
                self.presumed.add(adaptation)

    def drop(self, proposal: Proposal) -> None:
        """Stop using a proposal; it may be made again, unless it failed several times."""
        self.active = [a for a in self.active if a not in proposal]
        for label in {a.label for a in proposal} - {a.label for a in self.active}:
            self.words.pop(label, None)
            self.shown.pop(label, None)
        self.failures.update(proposal)
        self.rejected.update(a for a in proposal if self.failures[a] >= MOST_FAILURES)

    def reject(self, proposal: Proposal) -> None:
        """Never make this proposal again: it changed nothing."""
        self.rejected.update(proposal)
