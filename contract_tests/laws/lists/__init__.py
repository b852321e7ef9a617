"""Laws about ticket lists."""
