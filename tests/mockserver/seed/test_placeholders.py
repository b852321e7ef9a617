import pytest

from mockserver.seed.generator.placeholders import first_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Smith", "Jane"),
        ("Dr. Jane Smith", "Dr. Jane Smith"),
        ("山田 太郎", "山田 太郎"),
        (None, "there"),
    ],
)
def test_agents_use_first_names_where_they_can_tell(name: str | None, expected: str) -> None:
    assert first_name(name) == expected
