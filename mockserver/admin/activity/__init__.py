"""Simulated activity: contacts and agents who change tickets in the background."""
