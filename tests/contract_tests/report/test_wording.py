"""The wording of counts and sentences that several reports share."""

from contract_tests.report import wording


def sent(**members):
    return {"status": 200, "notes": [], **members}


def test_only_failed_tries_count_as_broken_connections():
    exchanges = [
        sent(),
        sent(stale=True),
        sent(cut="over 5 MB", notes=["over 5 MB"]),
        sent(notes=["the connection was closed"]),
        sent(notes=["the connection was closed"] * 4, status=None),
        sent(notes=["the connection was closed", "over 5 MB"], cut="over 5 MB"),
    ]
    broken, stale = wording.transport({"exchanges": exchanges})
    assert broken.startswith("Broken connections: 3 requests met one; 2 of them got an answer")
    assert stale.endswith(": 1.")


def test_a_run_without_trouble_says_nothing_of_it():
    assert list(wording.transport({"exchanges": [sent()]})) == []
