"""Reports, each made from a run record alone."""
