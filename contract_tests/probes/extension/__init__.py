"""Requests to the operations that are not on the page."""

from contract_tests.probes.extension import reading, writing

__all__ = ["reading", "writing"]
