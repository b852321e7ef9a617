"""Search terms: words about which there is no doubt, that tell much."""

from random import Random

from contract_tests.probes.queries.search_terms import (
    late_first,
    message_terms,
    subject_terms,
    terms_by_place,
)
from contract_tests.probes.queries.unusual_terms import unusual_terms
from tests.support.histories import detailed, history_of


def test_of_equally_common_words_the_first_in_the_alphabet_is_searched_for():
    words = "zebra yellow walnut violet tulip silver rocket purple orange meadow lemon anchor"
    (detail,) = history_of(detailed({"id": 1}, {"body_html": f"<p>{words}</p>"})).details

    assert next(unusual_terms([detail])) == "anchor"


def test_a_word_that_healthy_searches_find_differently_is_not_searched_for():
    subject = "Communaute\u0301 of help.example for a customer's \u200fprinter\u200f request"

    assert [term.text for term in subject_terms({"id": 1, "subject": subject})] == ["request"]


def test_blanks_that_a_search_may_take_as_they_are_do_not_join_a_phrase():
    body = {"body_html": "<p>alpha beta\n  gamma</p>"}
    (detail,) = history_of(detailed({"id": 1}, body)).details

    texts = {term.text for term in message_terms(detail, 0, Random(1))}

    assert texts == {"alpha", "beta", "gamma", "alpha beta"}


def test_the_end_of_a_long_message_is_searched_for_before_others():
    long = {"type": "inbound", "body_html": f"<p>{'begin ' * 60} finish</p>"}
    short = {"type": "inbound", "body_html": "<p>little</p>"}
    details = history_of(
        detailed({"id": 1}, short, short), detailed({"id": 2}, short), detailed({"id": 3}, long)
    ).details

    terms = late_first(terms_by_place(details, Random(1)))

    assert (terms[0].text, terms[0].ticket, terms[0].late) == ("finish", 3, True)
