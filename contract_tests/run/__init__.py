"""One run of the suite against one deployment."""
