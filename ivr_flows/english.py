"""Numbers, days and times in English words, for the prompts."""

from datetime import date, time

from hotline.voice.numerals import in_words
from hotline.voice.speech import Language

LANGUAGE = Language.ENGLISH

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def cardinal(number: int) -> str:
    return in_words(number, "en")


def people(number: int) -> str:
    """`is one person`, `are two people`."""
    return "is one person" if number == 1 else f"are {cardinal(number)} people"


def about_minutes(minutes: int) -> str:
    """`about three minutes`; less than one is `less than a minute`."""
    if minutes < 1:
        return "less than a minute"
    if minutes in (1, 60):
        return "about a minute" if minutes == 1 else "about an hour"
    return f"about {cardinal(minutes)} minutes"


def key(key: str) -> str:
    """Name a key of the telephone that is a digit: `four`."""
    return cardinal(int(key))


def digits(number: str) -> str:
    """Say a keyed number digit by digit, with a breath after every second one: `one two, zero seven`."""
    words = [cardinal(int(digit)) for digit in number]
    pairs = (" ".join(words[at : at + 2]) for at in range(0, len(words), 2))
    return ", ".join(pairs)


def day(when: date) -> str:
    """Say a day: `the twelfth of December`."""
    return f"the {in_words(when.day, 'en', to='ordinal')} of {MONTHS[when.month - 1]}"


def near_day(when: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, or `on the twelfth of December`."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get((when - today).days) or f"on {day(when)}"


def at(moment: time) -> str:
    """Say when something happened: `at six thirty in the evening`."""
    return f"at {_clock(moment)}"


def until(moment: time) -> str:
    """Say the expected end: `by midnight`."""
    return f"by {_clock(moment)}"


def between(since: time, until: time) -> str:
    """Say from when to when: `from two in the afternoon to midnight`."""
    return f"from {_clock(since)} to {_clock(until)}"


def _clock(moment: time) -> str:
    if moment.minute == 0 and moment.hour in (0, 12):
        return "noon" if moment.hour else "midnight"
    said = cardinal(moment.hour % 12 or 12)
    if moment.minute:
        said += f" {'oh ' if moment.minute < 10 else ''}{cardinal(moment.minute)}"  # noqa: PLR2004 - one digit
    return f"{said} {_part_of_day(moment.hour)}"


def _part_of_day(hour: int) -> str:
    if hour < 12:  # noqa: PLR2004 - noon
        return "in the morning"
    return "in the afternoon" if hour < 18 else "in the evening"  # noqa: PLR2004 - six in the evening
