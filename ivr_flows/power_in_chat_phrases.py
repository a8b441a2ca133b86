"""Phrases of who asks in a chat to be told before the power changes; they are written, and have no voice."""

from collections.abc import Mapping

from hotline.city.city_rules import Hours
from hotline.contact.channel import Channel
from hotline.voice.speech import Phrase
from ivr_flows.languages import written

MANY = written("chat-ahead-many")
ON_PAGE = written("chat-ahead-on-page")


def minutes(quiet: Hours) -> Phrase:
    """Ask how long ahead they want to be told, and say between which hours they are not."""
    key = "chat-ahead-minutes"
    return written(key, _named(key, *quiet), **_told(quiet))


def noted(ahead: int, by: Channel, quiet: Hours) -> Phrase:
    """Say how many minutes ahead they are told, and where: in this chat, or by short message."""
    key = "chat-ahead-noted" if by is Channel.CHAT else "chat-ahead-noted-sms"
    return written(key, _named(key, ahead, *quiet), minutes=str(ahead), **_told(quiet))


def _told(quiet: Hours) -> Mapping[str, str]:
    since, until = quiet
    return {"since": f"{since}:00", "until": f"{until}:00"}


def _named(key: str, *numbers: int) -> str:
    return "-".join([key, *map(str, numbers)])
