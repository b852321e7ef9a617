"""Edge cases: unusual tickets at fixed ids, to test how a front end displays them."""
