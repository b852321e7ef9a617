"""What the fork server imports once, so that each run starts in milliseconds."""

import contract_tests.cli.command_group  # noqa: F401
import tests.hostile.check  # noqa: F401
