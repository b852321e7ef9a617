"""Laws about the operations that are not on the page; they judge with --extension only."""
