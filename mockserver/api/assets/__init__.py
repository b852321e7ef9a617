"""What is served beside the operations: the API reference, avatars and attachments."""
