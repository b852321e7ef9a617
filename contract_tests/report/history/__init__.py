"""The history of a deployment: one line for each run, and what changed from run to run."""
