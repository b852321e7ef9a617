import pytest

from mockserver.seed import preview


@pytest.mark.parametrize(
    ("body_html", "expected"),
    [
        ("<p>I tried clicking the link but it expired.</p>", "I tried clicking the link but..."),
        ("<p>exactly thirty characters long</p>", "exactly thirty characters long"),
        ("<p>exactly thirty characters long!</p>", "exactly thirty characters long..."),
        ("<p>山田太郎様いつもお世話になっております</p>", "山田太郎様いつもお世話になって..."),
        ("<p> &nbsp; </p>", None),
    ],
)
def test_a_preview_is_the_start_of_the_text(body_html: str, expected: str | None) -> None:
    assert preview(body_html) == expected
