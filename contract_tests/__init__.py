"""The contract suite: says whether a deployment keeps the documented contract."""
