"""Phrases of who asks in a chat to be told before the power changes; they are written, and have no voice."""

from hotline.contact.channel import Channel
from hotline.voice.speech import Phrase
from ivr_flows.languages import written

MINUTES = written("chat-ahead-minutes")
MANY = written("chat-ahead-many")
ON_PAGE = written("chat-ahead-on-page")


def noted(minutes: int, by: Channel) -> Phrase:
    """Say how long ahead they are told, and where: in this chat, or by short message."""
    key = "chat-ahead-noted" if by is Channel.CHAT else "chat-ahead-noted-sms"
    return written(key, f"{key}-{minutes}", minutes=str(minutes))
