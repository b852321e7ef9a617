"""Recorded traffic: HAR files, the recording proxy, and judging both."""
