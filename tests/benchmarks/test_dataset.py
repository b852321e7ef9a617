"""The exported dataset is complete, and its words select some of the tickets."""

from benchmarks.dataset.dataset import Dataset, Query


def test_the_export_has_every_ticket_with_its_thread(tickets: Dataset) -> None:
    assert len(tickets) == len(tickets.by_id) == 60
    assert all(ticket["messages"] for ticket in tickets.details)
    assert all("messages" not in item for item in tickets.items)


def test_the_searched_word_is_in_some_subjects_only(tickets: Dataset) -> None:
    assert 0 < len(tickets.found(Query(search=tickets.word))) <= 0.3 * len(tickets)


def test_the_words_are_rare_or_in_a_tenth_of_the_tickets(tickets: Dataset) -> None:
    shares = [len(tickets.found(Query(search=word))) / len(tickets) for word in tickets.words]
    assert len(shares) == 40
    assert 0 < min(shares) < max(shares) <= 0.2  # a word may be a part of longer ones
