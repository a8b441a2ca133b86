"""Card numbers, passports and tax numbers that citizens say aloud: found, so that they can be hidden.

Who dictates a number to a dispatcher has not agreed that everybody who later reads or hears the call has it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.city.search_terms import normalised
from hotline.speech.dictated_numbers import runs
from hotline.speech.spoken_numbers import Group


class Secret(StrEnum):
    """What a number is that is hidden."""

    CARD = "card"
    PASSPORT = "passport"
    TAX_NUMBER = "tax-number"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The words `first` to before `past` say a secret."""

    secret: Secret
    first: int
    past: int


HIDDEN = "***"
"""Stands for a secret where only text is kept."""
_CARD_LENGTH = 16
_CARD_LENGTHS = range(13, 20)
"""By ISO/IEC 7812; the cards of Ukrainian banks have 16 digits."""
_TAX_LENGTH = 10
_ID_CARD_LENGTH = 9
_SERIES_LENGTH = 6
"""Digits behind the two letters of a passport of before 2016."""
_TAX_WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
_TELEPHONE = re.compile(r"0\d{9}|80\d{9}|380\d{9}|00380\d{9}")
_NEAR = 5
"""Words before a number among which its name is looked for."""
_CARD = ("картк", "карти", "карту", "карта", "card")
_PASSPORT = ("паспорт", "серія", "серії", "серию", "серия", "passport", "series")
_TAX = ("іпн", "рнокпп", "податков", "ідентифікаційн", "идентификацион", "ідентифікатор", "tax", "taxpayer")
_OTHER = (
    "телефон",
    "мобільн",
    "рахун",
    "особов",
    "звернен",
    "лічильн",
    "phone",
    "account",
    "appeal",
    "meter",
)
"""Names of numbers that a dispatcher has to read: no length alone makes a secret of them."""
_LETTERS = re.compile(
    "а|бе|ве|ге|де|е|є|же|зе|и|і|ї|йот|ка|ель|ел|эль|ем|эм|ен|эн|о|пе|ер|эр|ес|эс"
    "|те|у|еф|эф|ха|це|че|ша|ща|ю|я"
)
_LETTERS_OF_SERIES = 2
_LONGEST_SERIES = 3
"""Words that an ear makes of the two letters at most, with «номер»."""
_SERIES = re.compile(r"[А-ЯҐЄІЇA-Z]{2}")
_WHOLE_PASSPORT = re.compile(r"[А-ЯҐЄІЇA-Zа-яґєіїa-z]{2}[№ -]?\d{6}")


def hidden_in(words: Sequence[str]) -> Sequence[Hidden]:
    """Give what is to be hidden of these words, in order; no word is in two.

    By Luhn's rule for cards, by the check digit for tax numbers.
    A number that an ear may have got wrong is hidden as well where its name stands before it.
    """
    found = [
        Hidden(Secret.PASSPORT, at, at + 1)
        for at, word in enumerate(words)
        if _WHOLE_PASSPORT.fullmatch(word.strip(' ,.;:!?()«»"'))
    ]
    for run in runs(words):
        found += _in_run(words, run)
    return sorted(found, key=lambda one: one.first)


def secrets_in(parts: Sequence[Sequence[str]]) -> Sequence[Mapping[int, Secret]]:
    """Give, by their places, the words of each part that say a secret: by itself, or begun in one before.

    The parts are what one person said, with pauses between.
    """
    places = [(part, at) for part, words in enumerate(parts) for at, _ in enumerate(words)]
    found = [_places(hidden_in(words)) for words in parts]
    for place, secret in _places(hidden_in([word for words in parts for word in words])).items():
        part, at = places[place]
        found[part].setdefault(at, secret)
    return found


def without_secrets(words: Sequence[str], before: Sequence[str] = ()) -> str:
    """Give the words as text, with HIDDEN for each secret; `before`: what the same person said last."""
    secrets = secrets_in([before, words])[-1]
    hidden = (HIDDEN if at in secrets else word for at, word in enumerate(words))
    return " ".join(word for at, word in enumerate(hidden) if at not in secrets or at - 1 not in secrets)


def _places(hidden: Sequence[Hidden]) -> dict[int, Secret]:
    return {at: one.secret for one in hidden for at in range(one.first, one.past)}


def _in_run(words: Sequence[str], run: Sequence[Group]) -> Iterator[Hidden]:
    digits = "".join(group.digits for group in run)
    before = [normalised(word) for word in words[max(0, run[0].first - _NEAR) : run[0].first]]
    if _TELEPHONE.fullmatch(digits):
        return
    if (len(digits) in _CARD_LENGTHS and luhn(digits)) or (
        len(digits) in _CARD_LENGTHS and _names(before, _CARD)
    ):
        yield Hidden(Secret.CARD, run[0].first, run[-1].past)
    elif len(digits) == _SERIES_LENGTH and (letters := _series(words, run[0].first, before)) is not None:
        yield Hidden(Secret.PASSPORT, letters, run[-1].past)
    elif len(digits) == _ID_CARD_LENGTH and not _names(before, _OTHER):
        yield Hidden(Secret.PASSPORT, run[0].first, run[-1].past)
    elif len(digits) == _TAX_LENGTH and (
        _names(before, _TAX) or (is_tax_number(digits) and not _names(before, _OTHER))
    ):
        yield Hidden(Secret.TAX_NUMBER, run[0].first, run[-1].past)
    else:
        yield from _within(run)


def _within(run: Sequence[Group]) -> Iterator[Hidden]:
    """Find a card or a tax number among other numbers that were said without a word between."""
    at = 0
    while at < len(run):
        length, past = 0, at
        while past < len(run) and length < _CARD_LENGTH:
            length += len(run[past].digits)
            past += 1
            part = "".join(group.digits for group in run[at:past])
            secret = (
                Secret.CARD
                if length == _CARD_LENGTH and luhn(part)
                else Secret.TAX_NUMBER
                if length == _TAX_LENGTH and is_tax_number(part) and not _TELEPHONE.fullmatch(part)
                else None
            )
            if secret is not None:
                yield Hidden(secret, run[at].first, run[past - 1].past)
                at = past - 1
                break
        at += 1


def _series(words: Sequence[str], first: int, before: Sequence[str]) -> int | None:
    """Give where the letters of the series begin that stand before six digits; None: it is no passport."""
    at = first
    while at and normalised(words[at - 1]) in {"номер", "no", "number", ""}:
        at -= 1
    letters = [normalised(word) for word in words[max(0, at - _LETTERS_OF_SERIES) : at]]
    if at and _SERIES.fullmatch(words[at - 1].strip(" ,.;:")):
        return at - 1
    if len(letters) == _LETTERS_OF_SERIES and all(map(_LETTERS.fullmatch, letters)):
        return at - _LETTERS_OF_SERIES
    if _names(before, _PASSPORT):
        named = max(place for place, word in enumerate(before) if word.startswith(_PASSPORT))
        between = first - len(before) + named + 1
        return (
            between if first - between <= _LONGEST_SERIES else first
        )  # whatever the ear made of two letters
    return None


def _names(before: Sequence[str], names: tuple[str, ...]) -> bool:
    return any(word.startswith(names) for word in before)


def luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others (ISO/IEC 7812-1); zeros alone are no card."""
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits))]
    return any(doubled) and sum(sum(divmod(one, 10)) for one in doubled) % 10 == 0


def is_tax_number(digits: str) -> bool:
    """Tell whether ten digits are a taxpayer's number; a nought first is a telephone's."""
    if len(digits) != _TAX_LENGTH or digits[0] == "0":
        return False
    check = sum(weight * int(one) for weight, one in zip(_TAX_WEIGHTS, digits, strict=False)) % 11 % 10
    return check == int(digits[-1])
