"""Requests generated from the contract and from values seen, by Hypothesis and schemathesis."""
