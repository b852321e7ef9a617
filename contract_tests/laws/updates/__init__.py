"""Laws about writes and what follows from them."""
