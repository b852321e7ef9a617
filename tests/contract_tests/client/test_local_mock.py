"""Subjects served in turn by one process."""

from contract_tests.client.local_mock import DefectServer

TALKER = """
import socket, sys

listening = socket.create_server(("127.0.0.1", 0))
for name in sys.stdin:
    print(f"{name.strip()} on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    print("a warning " * 20_000, file=sys.stderr, flush=True)
"""


def test_a_subject_that_warns_of_much_does_not_stand_still(monkeypatch, tmp_path):
    (tmp_path / "talker.py").write_text(TALKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stable = DefectServer("talker")
    try:
        first, second = stable.serve("one"), stable.serve("two")
    finally:
        stable.close()

    assert first == second
