"""What tests need besides Python is still being set up while they are collected: whoever needs it waits here.

`./check` names itself and a file in the environment, which is there once Asterisk, voices and pages are.
Without a name all is there.
"""

import os
import time
from pathlib import Path

NAMED_IN = "HOTLINE_TESTS_AFTER"
"""Number of the process that sets up, and file, with a space between."""
LOOK_SECONDS = 0.05


def await_prepared() -> None:
    """Return once it is there; SystemExit when whoever sets up has ended before."""
    number, _, file = os.environ.get(NAMED_IN, "").partition(" ")
    while file and not Path(file).exists():
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            raise SystemExit(f"What makes {file} has ended without it.") from None
        time.sleep(LOOK_SECONDS)
