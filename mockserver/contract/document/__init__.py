"""The OpenAPI document: read from its files, its references, and what a schema refuses."""
