"""A stateful mock of the There There Tickets API, driven by its OpenAPI document."""

__version__ = "0.1.0"
