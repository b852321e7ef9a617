"""Adaptations: a difference that hides others is named once; requests and responses are converted."""
