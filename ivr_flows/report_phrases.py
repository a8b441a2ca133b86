"""Phrases of a report in a chat; they are written, and have no voice."""

from collections.abc import Sequence

from hotline.city.classifier import Category
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import written

MENU_REPORT = written("chat-menu-report")
WHAT = written("chat-report-what")
ABOUT = written("chat-report-about")
NONE_OF_THESE = written("chat-report-none")
OTHERWISE = written("chat-report-otherwise")
WHERE = written("chat-report-where")
KNOWN_OUTAGE = written("chat-report-outage")
TOO_MANY = written("chat-report-too-many")
THERE = "chat-report-there"
"""Names the question whether the address was understood."""
_CATEGORY = "chat-report-{code}-{key}"


def category(one: Category, key: str, language: Language) -> Phrase:
    name = one.uk if language is Language.UKRAINIAN else one.en
    return written("chat-report-category", _CATEGORY.format(code=one.code, key=key), key=key, category=name)


def chosen_category(names: Sequence[str], key: str | None) -> str:
    """Give the code of the category that this key chose among the phrases of these names; empty for none."""
    first, last = _CATEGORY.format(code="", key=key).split("--")
    found = [one for one in names if one.startswith(f"{first}-") and one.endswith(f"-{last}")]
    return found[0].removeprefix(f"{first}-").removesuffix(f"-{last}") if found else ""


def there(address: str) -> Phrase:
    return written(THERE, address=address)


def similar(number: str) -> Phrase:
    return written("chat-report-similar", f"chat-report-similar-{number}", number=number)


def done(number: str, code: str, *, again: bool) -> Phrase:
    if again:
        return written("chat-report-again", number=number)
    return written("chat-report-done", number=number, code=code)


def with_photos(count: int) -> Phrase:
    return written("chat-report-photos", f"chat-report-photos-{count}", count=str(count))
