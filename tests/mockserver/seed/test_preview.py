import pytest

from mockserver.seed import preview


@pytest.mark.parametrize(
    ("body_html", "expected"),
    [
        ("<p>I tried clicking the link but it expired.</p>", "I tried clicking the link but..."),
        ("<p>exactly thirty characters long</p>", "exactly thirty characters long"),
        ("<p>exactly thirty characters long!</p>", "exactly thirty characters long..."),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("<p>A <b>b</b>old w<i>or</i>d</p>", "A bold word"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("<p>5 &lt; 6 &amp; 7&nbsp;&gt; 6</p>", "5 < 6 & 7 > 6"),
        ("<p>5 < 6</p>", "5 < 6"),
        ("<script>alert('x')</script><p>seen</p><!-- not <p>seen</p> -->", "seen"),
        ("<p>seen</p><div class=", "seen"),
        ("<p>山田太郎様いつもお世話になっております</p>", "山田太郎様いつもお世話になって..."),
        ("<p></p>", None),
        ("<p> &nbsp; </p>", None),
        ("", None),
    ],
)
def test_a_preview_is_the_start_of_the_text(body_html: str, expected: str | None) -> None:
    assert preview(body_html) == expected
