"""Requests generated from the contract by schemathesis."""
