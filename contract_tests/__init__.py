"""The contract suite: checks whether a deployment keeps the documented contract."""
