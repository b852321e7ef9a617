"""Everything that sends requests: transport, limits, retries, masking."""
