"""Defects of changes of status and assignee."""
