"""What every search finds is due, what none finds is not; between the two lies the rest."""

import pytest

from contract_tests.observations.filter_semantics import holds_term
from contract_tests.observations.search_matches import folded, may_find, must_find
from tests.support.histories import detailed, history_of


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("lamp", "A broken lamp."),
        ("Broken LAMP", 'The "broken lamp" of June'),
        ("Größe", "Welche Größe?"),
        ("αριθμός", "Ποιος αριθμός"),
        ("R&D", "To R&D, please"),
        ("404", "Error 404: not found"),
    ],
)
def test_words_of_their_own_must_be_found(term, text):
    assert must_find(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("lam", "A broken lamp"),
        ("Cafe", "Cafe\u0301 in town"),
        ("fe\u0301", "fe\u0301 in town"),
        ("shop", "shop\u200d\u2642 in town"),
        ("example", "Write to help@example.org"),
        ("customer", "The customer's lamp"),
        ("wait", "wait-and-see"),
        ("お問い合わせ", "お問い合わせ"),
        ("🦜🦜🦜", "🦜🦜🦜"),
        ("ﬁre", "ﬁre"),
        ("of", "Out of paper"),
    ],
)
def test_what_some_search_cannot_find_need_not_be_found(term, text):
    assert not must_find(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("thanks", "Thank you"),
        ("invoicing", "Two invoices"),
        ("run", "It is running"),
        ("organization", "organizing"),
        ("nach", "Am Nächsten Tag"),
        ("ET À", "et alors"),
        ("strasse", "Die Straße"),
        ("Koeln", "Aus Köln"),
        ("smorrebrod", "Smørrebrød"),
        ("paper blue", "blue paper"),
        ("東京", "京都は東にある"),
    ],
)
def test_what_some_search_finds_is_no_stranger(term, text):
    assert may_find(term, folded(text))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("password", "a passport"),
        ("invoice", "a voice invited me"),
        ("order now", "an order"),
        ("lamp", "A table"),
        ("pr%nter", "A printer"),
        ("pri_ter", "A printer"),
        ("prin\\ter", "A printer"),
        ("🦜", "A parrot"),
        ("東京", "京都"),
    ],
)
def test_what_no_search_finds_is_a_stranger(term, text):
    assert not may_find(term, folded(text))


def test_a_word_across_inline_markup_may_be_found_either_way():
    (detail,) = history_of(detailed({"id": 1}, {"body_html": "<p>Re<b>set</b> it</p>"})).details

    assert holds_term("reset", {"subject": "Hello"}, detail) is None
    assert holds_term("set", {"subject": "Hello"}, detail) is None
    assert holds_term("unset", {"subject": "Hello"}, detail) is False


def test_null_is_no_text():
    detail = history_of(detailed({"id": 1, "subject": None}, {"body_html": None})).details[0]

    assert holds_term("None", {"subject": None}, None) is None
    assert holds_term("None", {"subject": None}, detail) is False


def test_hidden_parts_of_a_message_need_not_be_found():
    body = {"body_html": "<style>margin</style><!-- outlook --><p>Hello there</p>"}
    (detail,) = history_of(detailed({"id": 1}, body)).details

    assert holds_term("hello", {}, detail) is True
    assert holds_term("outlook", {}, detail) is None
