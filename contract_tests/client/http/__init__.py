"""HTTP as the suite needs it: connections with a deadline, bounded responses, the environment."""
