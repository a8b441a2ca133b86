"""The settings of interpreters of sign language, with whom the city has a contract."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotline.calls.interpreters import Interpreters
from hotline.errors import SettingsError
from service import environment as env

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")


def _web_address(name: str, given: str) -> str:
    parts = urlsplit(given)
    if given and not (parts.scheme == "https" and parts.hostname):
        raise SettingsError(f"{name} is {given!r}: give such as https://interpreter.example/city.")
    return given


def e164_numbers(name: str, given: str) -> tuple[str, ...]:
    """Read numbers of E.164, divided by commas; raises SettingsError."""
    found = tuple(one.strip() for one in given.split(",") if one.strip())
    for one in found:
        if not _E164.fullmatch(one):
            raise SettingsError(f"{name} has {one!r}: give such as +380441234567, several with commas.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SignLanguageSettings:
    """The interpreters' service."""

    name: str = env.text(
        "HOTLINE_SIGN_LANGUAGE_NAME",
        "",
        "the name of the service, for residents and dispatchers",
        usual="none: it is called interpreters of sign language",
    )
    url: str = env.parsed(
        "HOTLINE_SIGN_LANGUAGE_URL",
        "",
        "the page on which a resident talks with them by video: on `/hearing` and in chats, and dispatchers"
        " give it in a chat by one press",
        _web_address,
        usual="none",
    )
    numbers: tuple[str, ...] = env.parsed(
        "HOTLINE_SIGN_LANGUAGE_NUMBERS",
        "",
        "the numbers from which they call us (E.164, by commas): a call of theirs is another person's, and"
        " nothing goes by its number. At the first one dispatchers ring them",
        e164_numbers,
        usual="none: they are not rung, and calls of theirs are taken for anybody's",
    )
    hours: str = env.text(
        "HOTLINE_SIGN_LANGUAGE_HOURS",
        "",
        "when they work, as residents read it, such as `пн-пт 8:00-20:00`",
        usual="nothing is said of it",
    )
    contract: str = env.text(
        "HOTLINE_SIGN_LANGUAGE_CONTRACT",
        "",
        "the number and date of the contract, for dispatchers and for the account",
        usual="none",
    )

    @property
    def interpreters(self) -> Interpreters:
        return Interpreters(
            name=self.name, numbers=self.numbers, url=self.url, hours=self.hours, contract=self.contract
        )
