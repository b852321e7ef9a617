"""What is served besides the operations: the API reference, avatars and attachments."""
