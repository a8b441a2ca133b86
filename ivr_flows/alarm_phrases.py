"""Phrases of an emergency that finds nobody on duty: for the caller, and for the contact who is rung."""

from hotline.voice.speech import Phrase
from ivr_flows.languages import in_both, phrase

NOBODY_YET = phrase("alarm-nobody-yet")
SERVICES = phrase("alarm-services")
"""Other services that the caller can call, each by its number."""
DUTY_RUNG = phrase("alarm-duty-rung")
DUTY_STILL_RUNG = phrase("alarm-duty-still-rung")
MESSAGE = phrase("alarm-message")
WAITS = phrase("alarm-waits")
KEYS = phrase("alarm-keys")
HUNG_UP = phrase("alarm-hung-up")
HUNG_UP_KEYS = phrase("alarm-hung-up-keys")
WROTE = phrase("alarm-wrote")
WROTE_KEYS = phrase("alarm-wrote-keys")
WROTE_NO_NUMBER = phrase("alarm-wrote-no-number")
OVER = phrase("alarm-over")
NO_NUMBER = phrase("alarm-no-number")

FIXED = (
    *(NOBODY_YET, SERVICES, DUTY_RUNG, DUTY_STILL_RUNG, MESSAGE),
    *(WAITS, KEYS, HUNG_UP, HUNG_UP_KEYS, OVER, NO_NUMBER),
    *(WROTE, WROTE_KEYS, WROTE_NO_NUMBER),
)


def call_them(number: str) -> Phrase:
    """Give the number of somebody who is not on the line."""
    dialled = number.removeprefix("+38")
    return in_both(
        f"alarm-call-{dialled}", lambda said, words: said["alarm-call"].format(digits=words.digits(dialled))
    )
