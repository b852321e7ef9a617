"""The table, the plot and the saved results contain every figure."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.load import plot, table
from benchmarks.load.results import Outcome, Results


def test_the_table_has_medians_spreads_and_failures(results: Results) -> None:
    rows = table.table(results).splitlines()[2:5]
    assert rows == [
        (
            "| Fast <mock> (1.0) | 16 of 16, 15 of 16 "
            "| 1,000 (1,000 to 1,000); 200 (200 to 300) µs "
            "| 1,000 (1,000 to 1,000); 200 (200 to 200) µs, **7 failed** "
            "| 3.0, 9.0; 3.0, 9.0 ms | 0.50, 0.50 s | 90, 90 MB |"
        ),
        (
            "| Small (2.0) | 16 of 16 in its own query syntax "
            "| 1,000 (1,000 to 1,000); 200 (200 to 200) µs | keeps no data "
            "| 3.0, 9.0 ms | 0.50 s | 90 MB |"
        ),
        "| Absent (3.0) | skipped: needs java |  |  |  |  |  |",
    ]
    assert "Wrong with 10,000 tickets: total (49 instead of 50)." in table.details(results)


def test_saved_results_are_loaded_unchanged(results: Results, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results.save(path)
    assert Results.load(path) == results


def test_the_plot_is_svg_with_a_dot_for_every_figure(results: Results) -> None:
    picture = ET.fromstring(plot.svg(results))
    circles = picture.findall(".//{http://www.w3.org/2000/svg}circle")
    in_the_key = 2
    assert len(circles) == in_the_key + 3
    words = [text.text for text in picture.findall(".//{http://www.w3.org/2000/svg}text")]
    assert "Fast <mock>" in words
    assert "Absent" not in words


def test_a_costlier_request_is_further_right(results: Results) -> None:
    costly = results.entries[1].sizes[50].rounds[0]
    results.entries[1].sizes[50] = Outcome({}, 16, [replace(costly, processor_us=9000)])
    picture = ET.fromstring(plot.svg(results))
    dots = picture.findall(".//{http://www.w3.org/2000/svg}circle")[2:]
    cheap, _, dear = (float(dot.attrib["cx"]) for dot in dots)
    assert cheap < dear
