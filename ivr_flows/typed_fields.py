"""The sentences of calls that say what users type on the pages, for those who listen to it there."""

from collections.abc import Callable, Mapping, Sequence

from hotline.surveys.flaws import blanks
from hotline.surveys.forms import PLACEHOLDERS, Question, QuestionKind
from hotline.voice.listening import SpokenField
from hotline.voice.speech import Phrase
from ivr_flows import appeal_phrases, outage_phrases, survey_phrases

NAME = "typed"


def sentences(field: SpokenField, text: str) -> Sequence[Phrase]:
    """Implement `hotline.voice.listening.Sentences`."""
    return _SAID[field](text) if text.strip() else []


def _whole(text: str) -> Sequence[Phrase]:
    return [Phrase(name=NAME, uk=text, en=text)]


def _question(text: str) -> Sequence[Phrase]:
    if not blanks(text) <= PLACEHOLDERS:
        return []
    asked = Question(id=NAME, kind=QuestionKind.END, uk=text, en=text)
    return survey_phrases.question(asked, survey_phrases.sample())


_SAID: Mapping[SpokenField, Callable[[str], Sequence[Phrase]]] = {
    SpokenField.ANSWER: lambda text: appeal_phrases.answer(text, NAME),
    SpokenField.REASON: lambda text: appeal_phrases.reason(text, NAME),
    SpokenField.OUTAGE_REASON: lambda text: outage_phrases.why(text, NAME),
    SpokenField.ORDER: _whole,
    SpokenField.CITY_MESSAGE: _whole,
    SpokenField.QUESTION: _question,
    SpokenField.EXECUTOR: lambda text: appeal_phrases.carried_out_by(text, NAME),
    SpokenField.CATEGORY: lambda text: [appeal_phrases.about(survey_phrases.SAMPLE, lambda _: text, NAME)],
}
