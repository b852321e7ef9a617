"""contract-tests: the command line, one module for each command."""

from contract_tests.cli.check import check
from contract_tests.cli.command_group import command_group
from contract_tests.cli.compare import compare
from contract_tests.cli.diff import diff
from contract_tests.cli.judge import judge
from contract_tests.cli.prove import prove
from contract_tests.cli.report import report
from contract_tests.cli.watch import watch

main = command_group(check, report, diff, judge, compare, watch, prove)
