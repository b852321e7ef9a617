"""Measuring the suite: kill rate and false alarms."""
