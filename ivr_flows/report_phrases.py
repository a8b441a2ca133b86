"""Phrases of a report in a chat; they are written, and have no voice."""

from collections.abc import Sequence

from hotline.city.classifier import Category
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import in_chat


def _written(key: str, name: str = "", /, **values: str) -> Phrase:
    """Make the phrase of this key of chats; values that others wrote may hold no choice."""

    def read(language: Language) -> str:
        safe = {one: value.replace("[", "(").replace("]", ")") for one, value in values.items()}
        return in_chat(key, language).format(**safe)

    uk, en = read(Language.UKRAINIAN), read(Language.ENGLISH)
    return Phrase(name=name or key, uk=uk, en=en, read=read, choices=True)


MENU_REPORT = _written("chat-menu-report")
WHAT = _written("chat-report-what")
ABOUT = _written("chat-report-about")
NONE_OF_THESE = _written("chat-report-none")
OTHERWISE = _written("chat-report-otherwise")
WHERE = _written("chat-report-where")
KNOWN_OUTAGE = _written("chat-report-outage")
TOO_MANY = _written("chat-report-too-many")
THERE = "chat-report-there"
"""Names the question whether the address was understood."""
_CATEGORY = "chat-report-{code}-{key}"


def category(one: Category, key: str, language: Language) -> Phrase:
    name = one.uk if language is Language.UKRAINIAN else one.en
    return _written("chat-report-category", _CATEGORY.format(code=one.code, key=key), key=key, category=name)


def chosen_category(names: Sequence[str], key: str | None) -> str:
    """Give the code of the category that this key chose among the phrases of these names; empty for none."""
    first, last = _CATEGORY.format(code="", key=key).split("--")
    found = [one for one in names if one.startswith(f"{first}-") and one.endswith(f"-{last}")]
    return found[0].removeprefix(f"{first}-").removesuffix(f"-{last}") if found else ""


def there(address: str) -> Phrase:
    return _written(THERE, address=address)


def similar(number: str) -> Phrase:
    return _written("chat-report-similar", f"chat-report-similar-{number}", number=number)


def done(number: str, code: str, *, again: bool) -> Phrase:
    if again:
        return _written("chat-report-again", number=number)
    return _written("chat-report-done", number=number, code=code)


def with_photos(count: int) -> Phrase:
    return _written("chat-report-photos", f"chat-report-photos-{count}", count=str(count))
