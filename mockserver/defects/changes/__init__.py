"""Building blocks of defects: changes of requests, responses, writes and state."""
