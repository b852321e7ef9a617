from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.support.harness import WORLD_FILE, Api


@pytest.fixture
def stricter(contract_folder: Path) -> Path:
    """A contract that the mock cannot keep: subjects have at most twelve characters."""
    ticket = contract_folder / "schemas/ticket.yaml"
    text = ticket.read_text()
    ticket.write_text(
        text.replace(
            "subject:\n    type: string", "subject:\n    type: string\n    maxLength: 12", 1
        )
    )
    assert ticket.read_text() != text
    return contract_folder / "openapi.yaml"


@pytest.fixture
def breaking(make_app: Callable[..., Flask], stricter: Path) -> Callable[..., Api]:
    def make(**options: object) -> Api:
        return Api(make_app(world=WORLD_FILE, contract=str(stricter), **options), "ann")

    return make


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/api/tickets?sort=created_at", "listTickets: 200: /data"),
        ("/api/tickets/1", "getTicket: 200: /ticket"),
    ],
)
def test_a_reply_that_would_break_the_contract_is_a_500_naming_operation_and_fault(
    breaking: Callable[..., Api], path: str, fault: str
) -> None:
    reply = breaking().get(path)

    assert reply.status_code == 500
    message = reply.json["message"]
    assert message.startswith(f"The mock would break its contract: {fault}")
    assert message.endswith('/subject: "Password reset" is longer than 12 characters')


def test_a_rule_about_the_rows_of_a_page_together_is_checked(
    make_app: Callable[..., Flask], contract_folder: Path
) -> None:
    page = contract_folder / "schemas/ticket-page.yaml"
    text = page.read_text()
    page.write_text(text.replace("    type: array\n", "    type: array\n    maxItems: 3\n", 1))
    assert page.read_text() != text
    api = Api(make_app(world=WORLD_FILE, contract=str(contract_folder / "openapi.yaml")), "ann")

    assert [api.get(f"/api/tickets?per_page={n}").status_code for n in (3, 4)] == [200, 500]


def test_a_broken_row_is_told_each_time_it_is_asked_for(breaking: Callable[..., Api]) -> None:
    api = breaking()
    assert [api.get("/api/tickets/1").status_code for _ in range(3)] == [500] * 3
    assert [api.get("/api/tickets").status_code for _ in range(3)] == [500] * 3


def test_a_reply_that_keeps_the_contract_passes(breaking: Callable[..., Api]) -> None:
    assert breaking().get("/api/tickets/4").status_code == 200


def test_without_the_check_the_reply_leaves_as_it_is(breaking: Callable[..., Api]) -> None:
    unchecked = breaking(check=False)
    assert unchecked.ticket(1)["subject"] == "Password reset"
    assert len(unchecked.ids()) == 6


def test_an_update_that_would_break_the_contract_is_told(breaking: Callable[..., Api]) -> None:
    reply = breaking().put("/api/tickets/1/status", {"status": "closed"})
    assert (reply.status_code, "updateTicketStatus" in reply.json["message"]) == (500, True)


def test_formats_are_checked_too(make_app: Callable[..., Flask], contract_folder: Path) -> None:
    ticket = contract_folder / "schemas/ticket.yaml"
    text = ticket.read_text()
    ticket.write_text(
        text.replace(
            "subject:\n    type: string", "subject:\n    type: string\n    format: email", 1
        )
    )
    contract = str(contract_folder / "openapi.yaml")

    reply = Api(make_app(world=WORLD_FILE, contract=contract), "ann").get("/api/tickets/1")
    assert reply.status_code == 500


def test_an_error_that_the_contract_does_not_know_is_told(
    make_app: Callable[..., Flask], contract_folder: Path
) -> None:
    openapi = contract_folder / "openapi.yaml"
    text = openapi.read_text()
    openapi.write_text(
        text.replace('        "400":\n          $ref: "#/components/responses/BadRequest"\n', "", 1)
    )
    assert openapi.read_text() != text

    reply = Api(make_app(world=WORLD_FILE, contract=str(openapi)), "ann").get("/api/tickets?sort=x")
    assert reply.status_code == 500
    assert reply.json["message"].endswith("listTickets: status 400 is not documented")


@pytest.mark.parametrize("check", [True, False])
def test_the_check_changes_no_byte_of_a_good_reply(
    make_app: Callable[..., Flask], check: bool, ann: Api
) -> None:
    api = Api(make_app(world=WORLD_FILE, check=check), "ann")
    for path in ("/api/tickets", "/api/tickets/1", "/api/tickets/9999", "/api/tickets?sort=x"):
        assert api.get(path).data == ann.get(path).data
