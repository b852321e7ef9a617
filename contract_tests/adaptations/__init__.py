"""Adaptations: a difference that hides others is named once, and everything behind it judged."""
