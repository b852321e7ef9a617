"""mockserver: the command, which Ctrl-C ends quietly while its modules are imported."""

import sys


def main() -> None:
    try:
        from mockserver.server.cli import main as command  # noqa: PLC0415 - takes a third of a second
    except KeyboardInterrupt:
        sys.exit(130)
    command(prog_name="mockserver")


if __name__ == "__main__":
    main()
