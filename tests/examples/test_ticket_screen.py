"""An application's tests against the mock: what the plugin gives, without configuration.

`count_open` stands for the application; it is told a URL and a token, and knows no mock.
"""

import requests

from mockserver.testing import TicketWorld


def count_open(url: str, token: str) -> int:
    reply = requests.get(
        f"{url}/api/tickets",
        params={"filter[status]": "open", "per_page": 1},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    reply.raise_for_status()
    total: int = reply.json()["meta"]["total"]
    return total


def test_a_closed_ticket_leaves_the_inbox(ticket_world: TicketWorld) -> None:
    before = count_open(ticket_world.url, ticket_world.token)
    ticket_world.put("/api/tickets/42/status", {"status": "closed"})
    assert count_open(ticket_world.url, ticket_world.token) == before - 1


def test_a_customers_reply_brings_it_back(ticket_world: TicketWorld) -> None:
    ticket_world.put("/api/tickets/42/status", {"status": "closed"})
    ticket_world.advance(days=3)
    ticket = ticket_world.receive_reply(42, text="It is broken again.")
    assert ticket["status"] == "open"
    assert ticket["latest_message_preview"] == "It is broken again."


def test_the_application_asks_only_what_is_documented(ticket_world: TicketWorld) -> None:
    count_open(ticket_world.url, ticket_world.token)
    ticket_world.assert_only_documented_requests()
