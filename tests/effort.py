"""How long a test goes on that could go on for hours: a little by day, longer by night (`./check --all`)."""

import os

BY_NIGHT = "HOTLINE_HYPOTHESIS" in os.environ


def effort(*, day: int, night: int) -> int:
    """Give how often it tries, kills or asks."""
    return night if BY_NIGHT else day
