"""The cost of a list as the number of tickets grows, for this mock alone."""
