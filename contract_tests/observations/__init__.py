"""What was observed, as plain data: exchanges, pages, tickets, and their history."""
