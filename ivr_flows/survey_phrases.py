"""Phrases of a survey besides its form, and the form's texts with the appeal's facts filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from hotline.appeals.appeal import Appeal
from hotline.city.classifier import classifier
from hotline.surveys.flaws import blanks
from hotline.surveys.forms import COMPLETION, Meaning, Question, built_in
from hotline.voice.city_name import MARK
from hotline.voice.read_aloud import read_aloud
from hotline.voice.speech import Language, Phrase, without_stress
from ivr_flows.figures import FIGURES
from ivr_flows.languages import CATALOGUES, Words, in_both, in_chat, phrase
from ivr_flows.written_survey import choices, without_keys

NOT_HEARD = phrase("survey-not-heard")
CALL_BACK = phrase("survey-call-back")
TRIAL = phrase("survey-trial")
TRIAL_DISPATCHER = phrase("survey-trial-dispatcher")
HEARD: Mapping[Meaning, Phrase] = {
    Meaning.DONE: phrase("survey-heard-done"),
    Meaning.NOT_DONE: phrase("survey-heard-not-done"),
    Meaning.PARTLY: phrase("survey-heard-partly"),
}
"""Read back what was heard where it decides about the appeal."""
PARTLY = CATALOGUES[Language.UKRAINIAN]["survey-partly"]
"""The reason in the history when the applicant said by key that a part of the work is done."""
SAMPLE = "2600001"
NUMBER = "{number}"
_SEPARATORS = " .,:;–—-"

FIXED = (NOT_HEARD, CALL_BACK, TRIAL, TRIAL_DISPATCHER, *HEARD.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The values that a form's texts are filled in with, in each language."""

    number: str
    uk: str
    en: str


def about(appeal: Appeal) -> About:
    """Tell what anybody may hear who answers the telephone: the category, not the text and not the place."""
    known = classifier(appeal.classifier).categories.get(appeal.category)
    if known is None:
        return sample(appeal.number)
    uk, en = known.name(Language.UKRAINIAN), known.name(Language.ENGLISH)
    return About(number=appeal.number, uk=_begun_small(uk), en=_begun_small(en))


def sample(number: str = SAMPLE) -> About:
    """Return the wording for a missing category."""
    uk, en = (CATALOGUES[language]["survey-other"] for language in (Language.UKRAINIAN, Language.ENGLISH))
    return About(number=number, uk=uk, en=en)


def question(asked: Question, told: About) -> tuple[Phrase, ...]:
    """Fill a question's text in; in a chat it ends with its choices, and names no keys.

    The number is said by phrases of its own, two digits each, and what stands around it is the same for all
    appeals of a category: a thousand surveys need few voices made, and no call waits for its own.
    """
    return _with_choices(asked, _spoken(asked, told))


def _spoken(asked: Question, told: About) -> tuple[Phrase, ...]:
    has_choices = bool(choices(asked))
    parts = [asked.text(language).split(NUMBER) for language in (Language.UKRAINIAN, Language.ENGLISH)]
    if len(set(map(len, parts))) > 1:  # one language names it more often: it is said as a whole
        return (_part(asked.id, asked.uk, asked.en, told, has_choices=has_choices),)
    said: list[Phrase] = []
    for at, (uk, en) in enumerate(zip(*parts, strict=True)):
        if at:
            said += _digits(told.number)
        if uk.strip(_SEPARATORS) or en.strip(_SEPARATORS):
            said.append(_part(f"{asked.id}-{at}" if at else asked.id, uk, en, told, has_choices=has_choices))
    return tuple(said)


def _with_choices(asked: Question, said: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    if not said or not (written := choices(asked)):
        return said
    *before, last = said

    def read(language: Language) -> str:
        answers = (in_chat(text, language).format(key=key) for text, key in written)
        return "\n".join(filter(None, (last.in_chat(language), *answers)))

    return (*before, replace(last, read=read))


def _part(name: str, uk: str, en: str, told: About, *, has_choices: bool) -> Phrase:
    """Fill in the text between numbers, without the signs that only join it to them."""

    def fill(own: str, words: Words, about: str) -> str:
        plain = own.lstrip(_SEPARATORS).rstrip()
        return plain.format(number=words.digits(told.number), about=about, city=MARK)

    def spoken(_said: Mapping[str, str], words: Words) -> str:
        ukrainian = words.LANGUAGE is Language.UKRAINIAN
        return fill(uk if ukrainian else en, words, read_aloud(told.uk) if ukrainian else told.en)

    def read(language: Language) -> str:
        ukrainian = language is Language.UKRAINIAN
        own = without_keys(uk if ukrainian else en, has_choices=has_choices)
        return without_stress(fill(own, FIGURES[language], told.uk if ukrainian else told.en))

    return replace(in_both(f"survey-{name}", spoken), read=read)


def _digits(number: str) -> list[Phrase]:
    pairs = (number[at : at + 2] for at in range(0, len(number), 2))
    return [_pair(one) for one in pairs]


@cache
def _pair(digits: str) -> Phrase:
    return in_both(f"digits-{digits}", lambda _said, words: words.digits(digits))


def before_any_call() -> Iterator[Phrase]:
    """Return the phrases known before any call: the product's questions that have nothing to fill in."""
    yield from FIXED
    for one in built_in(COMPLETION).questions:
        if not blanks(one.uk):
            yield from question(one, sample())


def _begun_small(name: str) -> str:
    """Put a category's name into the middle of a sentence; words all in capitals stay as they are."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
