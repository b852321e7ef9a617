"""From a Flask request to a response that keeps the contract."""
