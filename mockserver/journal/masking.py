"""Masking of secrets and e-mail addresses before anything is recorded."""

import re

MASK = "***"

_WORDS = ("token", "secret", "passw", "apikey", "api_key", "authorization")
_SECRET = rf"(?:{'|'.join(_WORDS)})"

_ADDRESS = re.compile(r"[\w.%+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_PARAMETER = re.compile(rf"((?:^|&)[^&=]{{0,99}}{_SECRET}[^&=]{{0,99}}=)[^&]*", re.IGNORECASE)
_MEMBER = re.compile(
    rf'("[^"]{{0,99}}{_SECRET}[^"]{{0,99}}"\s{{0,9}}:\s{{0,9}})"(?:[^"\\]|\\.)*"', re.IGNORECASE
)


def mask_text(text: str) -> str:
    """Mask addresses, and the values of JSON members and parameters named like a secret."""
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub(MASK, text)
    lower = text.lower()
    for word in _WORDS:  # several times faster than running the expressions on every text
        if word in lower:
            return _PARAMETER.sub(rf"\1{MASK}", _MEMBER.sub(rf'\1"{MASK}"', text))
    return text


def mask_authorization(header: str, world: str) -> str:
    """Mask an Authorization header except its scheme and the token's world."""
    if not header:
        return ""
    scheme, _, token = header.partition(" ")
    shown = scheme if token and scheme.isalpha() and len(scheme) <= 12 else MASK
    opened = f"@{world}" if world and token.strip().endswith(f"@{world}") else ""
    return f"{shown} {MASK}{opened}" if token else MASK
