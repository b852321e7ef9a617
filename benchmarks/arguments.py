"""Argument types of the benchmark commands."""

import argparse


def positive(text: str) -> int:
    """Read a whole number from 1; raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)
