"""The OpenAPI document: read from its files, its references, the source of each statement."""
