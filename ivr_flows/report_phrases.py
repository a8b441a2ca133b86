"""Phrases of a report in a chat; they are written, and have no voice."""

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


def category(one: Category, key: str, language: Language) -> Phrase:
    name = one.uk if language is Language.UKRAINIAN else one.en
    return _written("chat-report-category", f"chat-report-{one.code}-{key}", key=key, category=name)


def there(address: str) -> Phrase:
    return _written("chat-report-there", address=address)


def similar(number: str) -> Phrase:
    return _written("chat-report-similar", f"chat-report-similar-{number}", number=number)


def done(number: str, code: str, *, again: bool) -> Phrase:
    if again:
        return _written("chat-report-again", number=number)
    return _written("chat-report-done", number=number, code=code)


def with_photos(count: int) -> Phrase:
    return _written("chat-report-photos", f"chat-report-photos-{count}", count=str(count))
