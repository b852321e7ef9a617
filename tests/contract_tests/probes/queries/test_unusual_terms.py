"""Search terms depend on what was read and on the seed, not on the process."""

from contract_tests.probes.queries.unusual_terms import unusual_terms
from tests.support.histories import detailed, history_of


def test_of_equally_common_words_the_first_in_the_alphabet_is_searched_for():
    words = "zebra yellow walnut violet tulip silver rocket purple orange meadow lemon anchor"
    (detail,) = history_of(detailed({"id": 1}, {"body_html": f"<p>{words}</p>"})).details

    assert next(unusual_terms([detail])) == "anchor"
