"""What the fork server imports once, so that each run starts in milliseconds."""

import tests.hostile.check  # noqa: F401
