"""Readings of telephone numbers, in pairs of digits."""

import re

from hotline.voice import ukrainian
from hotline.voice.reading.grammar import Readings
from hotline.voice.ukrainian_numerals import cardinal

_PHONE_WORDS = r"тел(?:\.|ефон\w*|ефонуйте)?|за номером|номер\w*\s+телефон\w*|дзвоніть|зателефонуйте"


_PHONE = re.compile(
    r"(?:(?<=\s)|^|(?<=[(:,;]))(?:\+?38)?[\s-]?\(?0\s?\d{2,4}\)?(?:[\s-]?\d){5,8}(?!\d)"
    r"|(?<![\d-])\d{1,3}-\d\d-\d\d(?![\d-])"
    r"|(?<=\+)\d{7,15}"
)


_SHORT_PHONE = re.compile(
    rf"\b({_PHONE_WORDS})((?:\s+[а-яіїєґ']+){{0,2}}:?\s+)(\d{{2}})-?(\d{{2}})(?![\d-])", re.IGNORECASE
)


def _spoken_phone(found: re.Match[str]) -> str:
    return f" {ukrainian.digits(re.sub(r'[^0-9]', '', found[0]))} "


def _short_phone(found: re.Match[str]) -> str:
    first, second = (
        cardinal(int(part)) if part[0] != "0" else ukrainian.digits(part) for part in found.group(3, 4)
    )
    return f"{found[1]}{found[2]}{first} {second}"


READINGS: Readings = [
    (_SHORT_PHONE, _short_phone),
    (_PHONE, _spoken_phone),
]
