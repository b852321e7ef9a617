"""The text of a message is what a reader sees: for previews, for search, and for the inspector."""

from pathlib import Path

import pytest

from mockserver.contract.html_text import page_text_of, text_of
from tests.support.harness import WORLD_FILE, Api, MakeApp


@pytest.mark.parametrize(
    ("body_html", "line", "page"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One Two three", "One\n\nTwo\nthree"),
        ("pass<b>word</b>", "password", "password"),
        ("<P CLASS=x>A</P><hr/>b", "A b", "A\n\nb"),
        ("<ul><li>one</li><li>two</li></ul>", "one two", "• one\n• two"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2", "1 2"),
        ("a &amp; b &lt;c&gt; 5 < 6", "a & b <c> 5 < 6", "a & b <c> 5 < 6"),
        ('<a title="1 > 0">link</a>', "link", "link"),
        ("<style>p {}</style><script>x</script><!-- <p>no</p> -->seen", "seen", "seen"),
        ('<img alt="A cat"><img>', "", "[image: A cat][image]"),
        ("</script>still  here\n now", "still here now", "still here now"),
        ("<p>never closed <b>and", "never closed and", "never closed and"),
        ('<p>seen</p><div class="', "seen", "seen"),
        ("", "", ""),
    ],
)
def test_the_text_is_what_a_reader_sees(body_html: str, line: str, page: str) -> None:
    assert text_of(body_html) == line
    assert page_text_of(body_html) == page


def test_search_finds_a_word_through_inline_tags_and_parts_blocks(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "world.yaml"
    text = Path(WORLD_FILE).read_text()
    ticket = (
        "    tickets:\n      - id: 900\n        subject: New\n        contact: 1\n"
        '        messages: [{body_html: "<p>zebra<b>word</b></p><p>quagga</p><br>okapi"}]\n'
    )
    file.write_text(text.replace("    tickets:\n", ticket, 1))
    api = Api(make_app(world=str(file)), "ann")

    assert api.ids("filter[search]=ZebraWord") == [900]
    assert api.ids("filter[search]=zebraword+quagga+okapi") == [900]
    assert api.ids("filter[search]=wordquagga") == []
