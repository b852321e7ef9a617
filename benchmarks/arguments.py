"""What the commands take as arguments."""

import argparse


def positive(text: str) -> int:
    """Read a whole number from 1; raises ArgumentTypeError, which argparse tells with exit 2."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)
