"""The subcommands of contract-tests, each in the module of its name."""
