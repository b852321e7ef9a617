"""World files: YAML that describes a help desk, read into records and written from them."""
