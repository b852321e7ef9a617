"""HTTP: connections with a deadline, bounded responses, proxies and certificates."""
