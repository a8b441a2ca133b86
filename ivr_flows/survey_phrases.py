"""What is said in a survey besides its own form, and the form's texts with the appeal's facts filled in."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotline.appeals import Appeal
from hotline.classifier import classifier
from hotline.speech import Language, Phrase
from hotline.survey_flaws import blanks
from hotline.surveys import COMPLETION, Question, built_in
from ivr_flows.spoken import read_aloud
from ivr_flows.wording import CATALOGUES, in_both, phrase

NOT_HEARD = phrase("survey-not-heard")
CALL_BACK = phrase("survey-call-back")
TRIAL = phrase("survey-trial")
TRIAL_DISPATCHER = phrase("survey-trial-dispatcher")
PARTLY = CATALOGUES[Language.UKRAINIAN]["survey-partly"]
"""What stands in the history where the applicant said by key that a part of it is done."""
SAMPLE = "2600001"

FIXED = (NOT_HEARD, CALL_BACK, TRIAL, TRIAL_DISPATCHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the texts of a form are filled in with, in each language."""

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
    """Give what stands for a category where there is none."""
    uk, en = (CATALOGUES[language]["survey-other"] for language in (Language.UKRAINIAN, Language.ENGLISH))
    return About(number=number, uk=uk, en=en)


def question(asked: Question, told: About) -> Phrase:
    """Fill a question's text in."""
    return in_both(
        f"survey-{asked.id}",
        lambda _said, words: asked.text(words.LANGUAGE).format(
            number=words.digits(told.number),
            about=read_aloud(told.uk) if words.LANGUAGE is Language.UKRAINIAN else told.en,
        ),
    )


def before_any_call() -> Iterator[Phrase]:
    """Give what is known ahead: the questions that came with the product and have nothing to fill in."""
    yield from FIXED
    yield from (question(one, sample()) for one in built_in(COMPLETION).questions if not blanks(one.uk))


def _begun_small(name: str) -> str:
    """Put a category's name into the middle of a sentence; words all in capitals stay as they are."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
