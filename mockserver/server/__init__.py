"""The HTTP server and its command line: connections, threads, signals and reloading."""
