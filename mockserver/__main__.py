"""`python -m mockserver` is the command `mockserver`."""

from mockserver.cli import main

main(prog_name="mockserver")
