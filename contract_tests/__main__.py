"""python -m contract_tests: the command contract-tests."""

from contract_tests.cli import main

main()
