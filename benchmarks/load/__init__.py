"""Requests per second of each contender: the requests, their driver, the run and its table."""
