"""The admin API's OpenAPI document and its operations."""
