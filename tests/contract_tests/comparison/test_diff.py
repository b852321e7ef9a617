from contract_tests.comparison.diff import changes, lines


def kinds(old, new):
    return {(c.kind, c.words.partition(":")[0]) for c in changes(old, new)}


def test_two_equal_runs_differ_in_nothing(planted):
    assert changes(planted, planted) == []
    assert list(lines([])) == ["Nothing changed."]


def test_new_violations_come_first_and_fail(healthy, planted):
    found = changes(healthy, planted)
    assert found[0].kind == "worse"
    broken = {c.words.partition(":")[0] for c in found if c.kind == "worse" and c.fails}
    assert {"list.filter.unassigned", "ticket.created_at", "status.stored"} <= broken


def test_mended_violations_do_not_fail(healthy, planted):
    found = changes(planted, healthy)
    assert ("better", "status.stored") in kinds(planted, healthy)
    assert not any(c.fails for c in found)


def test_a_violation_that_was_not_looked_for_is_lost_not_mended(healthy, planted):
    not_observed = [
        dict(s, outcome="not observed", reason="no time") for s in healthy["requirements"]
    ]
    found = kinds(planted, {**healthy, "requirements": not_observed})
    assert ("lost", "status.stored, violated before") in found
    assert not any(kind == "better" for kind, _ in found)


def test_drift_and_settings_are_told(healthy, planted):
    words = {c.words for c in changes(healthy, planted)}
    assert "new field Contact.phone" in words
    assert any(text.startswith("base_url: ") for text in words)


def test_a_statement_observed_no_more_says_why(healthy):
    later = [dict(s) for s in healthy["requirements"]]
    first = next(s for s in later if s["outcome"] == "confirmed")
    first.update(outcome="not observed", reason="the budget was spent")
    words = {c.words for c in changes(healthy, {**healthy, "requirements": later})}
    assert f"{first['id']}: the budget was spent" in words


def test_each_place_of_a_violation_has_a_line_with_its_own_message(healthy, planted):
    (first, *_) = planted["violations"]
    messages = [f"ticket 7 does not meet filter[status]={value}" for value in ("open", "closed")]
    examples = [{"message": message, "exchanges": []} for message in [*messages, messages[0]]]
    violation = {**first, "message": messages[0], "examples": examples}
    twice = [violation, {**violation, "law": "search.found_and_no_other"}]
    found = changes(healthy, {**planted, "violations": twice})

    words = [change.words for change in found if change.kind == "worse"]
    assert words == [f"{first['requirement']}: {message} (violated)" for message in messages]
