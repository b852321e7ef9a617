"""The start of the command, before its modules are there."""

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from contract_tests.__main__ import main


def test_ctrl_c_while_modules_are_imported_ends_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = builtins.__import__

    def interrupted(name: str, *given: Mapping[str, Any] | Sequence[str] | int | None) -> Any:
        if name == "contract_tests.cli.command_group":
            raise KeyboardInterrupt
        return whole(name, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
