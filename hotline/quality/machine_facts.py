"""Facts that the machine tells of a talk: figures beside the form, and answers that a person confirms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.city.search_terms import normalised
from hotline.quality.score_forms import Fact, ScoreForm
from hotline.quality.scoring import NO, NOT_APPLICABLE, YES
from hotline.voice.ukrainian_numerals import CASES, cardinal, ordinal

GREETED_WITHIN = 20.0
"""Seconds from the beginning in which the greeting is looked for."""
_GREETING = re.compile(
    r"контакт центр|гаряча лінія|добр(?:ий|ого) (?:день|дня|ранок|ранку|вечір|вечора)|вітаю"
)
_TERM = re.compile(
    r"\b(?:протягом|строк\w*|термін\w*|до кінця (?:дня|тижня|місяця)|сьогодні|завтра"
    r"|(?:за|до) \w+ (?:годин\w*|дн\w*|діб|доби|тиж\w*|місяц\w*))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word of a talk's transcript; `at` is in seconds from the beginning of the recording."""

    text: str
    at: float
    by_dispatcher: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStory:
    """What is on record of one talk. None: nobody knows, or there was nothing of the kind."""

    wait_seconds: float | None = None
    """How long the caller was in the line."""
    held_seconds: float = 0.0
    """How long the dispatcher had put them on hold."""
    asked_seconds: float = 0.0
    """How long they heard music while the dispatcher asked a third."""
    registered: bool = False
    """An appeal or a consultation was entered in the call."""
    appeals: Sequence[str] = ()
    address: str = ""
    """Of the appeal."""
    corrected: bool | None = None
    """Category or urgency was put right later; None without an appeal."""
    confirmed: bool | None = None
    """Whether the applicant confirmed the work; None while they have said nothing."""
    words: Sequence[SpokenWord] | None = None
    """The transcript; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An answer that the machine proposes. `at`: the moment in the recording by which it tells."""

    answer: str
    at: float | None = None


def proposals(form: ScoreForm, story: TalkStory) -> Mapping[str, Proposal]:
    """Answer the questions of the form that the machine can; by the question's code."""
    told = {fact: _TOLD_BY[fact](story) for fact in _TOLD_BY}
    return {
        code: found
        for code, question in form.questions.items()
        if (found := told.get(question.fact)) is not None
    }


def _greeting(story: TalkStory) -> Proposal | None:
    return _said(story, _GREETING, within=GREETED_WITHIN)


def _read_back(story: TalkStory) -> Proposal | None:
    """Look for the house, near the name of the street: both have to be said by the dispatcher."""
    places = _place(story.address)
    if places is None or story.words is None:
        return None
    street, house = places
    said = (house, *_in_words(house))
    mine = [(normalised(one.text), one.at) for one in story.words if one.by_dispatcher]
    for place, (word, at) in enumerate(mine):
        following = f" {' '.join(one for one, _ in mine[place + 1 : place + _NEAR])} "
        if word[:_STEM] == street[:_STEM] and any(f" {one} " in following for one in said):
            return Proposal(answer=YES, at=at)
    return Proposal(answer=NO)


def _term_told(story: TalkStory) -> Proposal | None:
    return _said(story, _TERM)


def _registered(story: TalkStory) -> Proposal:
    return Proposal(answer=YES if story.registered else NO)


def _kept(story: TalkStory) -> Proposal:
    if story.corrected is None:
        return Proposal(answer=NOT_APPLICABLE)
    return Proposal(answer=NO if story.corrected else YES)


def _confirmed(story: TalkStory) -> Proposal | None:
    return None if story.confirmed is None else Proposal(answer=YES if story.confirmed else NO)


_TOLD_BY = {
    Fact.GREETING: _greeting,
    Fact.READ_BACK: _read_back,
    Fact.TERM_TOLD: _term_told,
    Fact.REGISTERED: _registered,
    Fact.KEPT: _kept,
    Fact.CONFIRMED: _confirmed,
}
_NEAR = 6
"""Words in which the house follows the street."""
_STEM = 5
"""Letters by which a street's name is known in any case: «Київський», «Київському»."""
_KINDS = frozenset(
    {"вулиця", "вул", "квартал", "кв", "бульвар", "б", "р", "проспект", "просп", "провулок", "буд"}
)
_LONGEST_HOUSE = 3
"""Digits of a house that is looked for in words."""


def _place(address: str) -> tuple[str, str] | None:
    """Give the longest word of the street's name, and the house; None for an address without one."""
    words = normalised(address).split()
    at = next((place for place, one in enumerate(words) if one[0].isdigit()), None)
    names = [one for one in words[:at] if one not in _KINDS]
    return (max(names, key=len), words[at]) if at is not None and names else None


def _in_words(house: str) -> Sequence[str]:
    """Give the house's number as people say it: «сім», «сьомий», «сьомого»."""
    if not (house.isdecimal() and len(house) <= _LONGEST_HOUSE and int(house)):
        return ()
    number = int(house)
    said = [*(cardinal(number, case=case) for case in CASES), *(ordinal(number, case=case) for case in CASES)]
    return list(dict.fromkeys(map(normalised, said)))


def _said(story: TalkStory, wanted: re.Pattern[str], within: float | None = None) -> Proposal | None:
    """Look for it in the dispatcher's own words; None without a transcript."""
    if story.words is None:
        return None
    text, begins = "", []
    for one in story.words:
        if one.by_dispatcher and (within is None or one.at <= within):
            word = normalised(one.text)
            begins += [(len(text), one.at)]
            text += f"{word} "
    found = wanted.search(text)
    if found is None:
        return Proposal(answer=NO)
    return Proposal(answer=YES, at=[at for begin, at in begins if begin <= found.start()][-1])
