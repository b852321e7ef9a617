"""contract-tests: the command, which Ctrl-C ends quietly while its modules are imported."""

import sys


def main() -> None:
    try:
        from contract_tests.cli.command_group import main as command  # noqa: PLC0415 - takes half a second
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
