"""Hypothesis without the constants of local source files.

It mixes them into what it generates. Which files are local depends on how this package is
installed, and which of them are loaded on what ran before: without them, the same seed makes the
same requests everywhere. There is no setting for it; the version is pinned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


@contextmanager
def no_local_constants() -> Iterator[None]:
    """Generate from Hypothesis' own constants alone, and forget what was chosen from before."""
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        with patch.object(providers, "_get_local_constants", Constants):
            yield
    finally:
        providers.CONSTANTS_CACHE.cache.clear()
