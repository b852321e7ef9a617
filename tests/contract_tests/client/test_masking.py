"""Tokens are masked in each spelling in which they may come back."""

import base64

import pytest

from contract_tests.client.masking import Mask

SECRET = "kJ8sQ0vXb3Lw9Zr5TnYhUcE1aMdFgPi"


@pytest.mark.parametrize(
    "spelling",
    [
        f"12|{SECRET}",
        f"12%7C{SECRET}",
        f"12%7c{SECRET}",
        f"12&#124;{SECRET}",
        f"12\\u007c{SECRET}",
        SECRET,
        base64.b64encode(f"12|{SECRET}".encode()).decode(),
        base64.b64encode(f"user:12|{SECRET}".encode()).decode(),
        base64.b64encode(f"x:{SECRET}".encode()).decode(),
    ],
)
def test_a_token_is_masked_in_every_spelling(spelling):
    mask = Mask([f"12|{SECRET}"], show_data=True)
    masked = f"{mask.text(f'a {spelling} b')} {mask.document({spelling: [spelling]})}"

    assert not any(spelling[at : at + 12] in masked for at in range(3, len(spelling) - 15))
