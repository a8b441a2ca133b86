"""Codes that confirm a contact: how long one lives, how often it is tried, how many a contact is sent."""

import secrets
from datetime import timedelta

CODE_LIVES = timedelta(hours=1)
MOST_TRIES = 5
"""Attempts at one code; after them another has to be asked for."""
MOST_A_DAY = 3
"""Messages that ask for confirmation which one mailbox or telephone is sent in a day."""
SHARES = 10
"""One neighbourhood of the network has one of ten parts of a day's messages: the others are the city's."""
_DIGITS = 6


def new_code() -> str:
    """Make up a code of six digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
