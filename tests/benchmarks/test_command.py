"""Bad options end with exit code 2 and a message."""

import pytest

from benchmarks.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "ours,postman"], "unknown contender 'postman'; known: ours, "),
        (["--tickets", "0"], "'0' is not a whole number from 1"),
        (["--rounds", "few"], "'few' is not a whole number from 1"),
    ],
)
def test_a_bad_option_ends_with_exit_code_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err
