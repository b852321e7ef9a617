"""Defects of tickets and their parts."""
