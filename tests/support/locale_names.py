"""What is drawn from Faker beforehand: `python -m tests.support.locale_names` draws it anew."""

import orjson

from mockserver.seed.generator.locale_names import DEFAULT_LOCALE, STORED, draw


def written() -> bytes:
    """Return the file as this version of Faker fills it."""
    return orjson.dumps(draw(DEFAULT_LOCALE)._asdict(), option=orjson.OPT_INDENT_2) + b"\n"


if __name__ == "__main__":
    STORED.write_bytes(written())
