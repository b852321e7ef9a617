"""The contract as data, and the rules that bind code to it."""
