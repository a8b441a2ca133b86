"""Phrases for the head who switches the city message by telephone."""

from hotline.informing.city_messages import CityMessage
from hotline.voice.speech import Phrase
from ivr_flows.languages import in_both, phrase

ASK_CODE = phrase("ask-code")
WRONG_CODE = phrase("wrong-code")
TOO_MANY_CODES = phrase("too-many-codes")
IS_ON = phrase("message-is-on")
IS_OFF = phrase("message-is-off")
KEYS = phrase("message-keys")
NONE_PREPARED = phrase("message-none-prepared")
SURE = phrase("message-sure")
SWITCHED_ON = phrase("message-switched-on")
SWITCHED_OFF = phrase("message-switched-off")
DICTATE = phrase("message-dictate")
DICTATED_KEYS = phrase("message-dictated-keys")

FIXED = (
    *(ASK_CODE, WRONG_CODE, TOO_MANY_CODES, IS_ON, IS_OFF, KEYS, NONE_PREPARED, SURE),
    *(SWITCHED_ON, SWITCHED_OFF, DICTATE, DICTATED_KEYS),
)


def choice(message: CityMessage, key: str) -> Phrase:
    """Offer one prepared message, by its title: "Хлор — натисніть один."."""
    return in_both(
        f"message-choice-{message.id}",
        lambda said, words: said["message-choice"].format(title=message.title, key=words.key(key)),
    )
