"""Contenders as running processes, and the processor time and memory they use."""
