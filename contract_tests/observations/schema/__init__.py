"""What answers show, compared with the schemas of the contract."""
