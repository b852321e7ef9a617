"""Laws about single tickets."""
