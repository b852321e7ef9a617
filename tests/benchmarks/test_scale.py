"""Every list is measured at every size, and the results are a table."""

from pathlib import Path

import pytest

from benchmarks.scale import results
from benchmarks.scale.__main__ import main
from benchmarks.scale.table import table


@pytest.mark.slow
def test_every_list_is_measured_at_every_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "scale.json"
    sizes = ["--tickets", "30", "60"]
    assert main([*sizes, "--repeats", "1", "--output", str(output)]) == 0
    kept = results.load(output)
    assert [size.shapes[0].total for size in kept] == [30, 60]
    assert all(size.contract.startswith("conforming, ") for size in kept)
    totals = {shape.filter: shape.total for shape in kept[1].shapes}
    assert totals["a word in no ticket"] == 0
    assert 0 < totals["a rare word"] <= totals["a common word"]
    assert capsys.readouterr().out == table(kept) + "\n"
