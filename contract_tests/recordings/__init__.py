"""Recorded traffic: HAR files, the recording proxy, and the mistakes of the recorded app."""
