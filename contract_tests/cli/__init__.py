"""contract-tests: the command line, one module for each command."""
