"""Phrases of the survey that the hotline begins in a chat; they are written, and have no voice."""

from collections.abc import Sequence

from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import written
from ivr_flows.survey_phrases import About

ANSWERED_ALREADY = written("chat-survey-answered")
WRONG_CODE = written("chat-survey-wrong-code")
WILL_BE_CALLED = written("chat-survey-calls")


def begins(about: About, *, called: bool) -> Sequence[Phrase]:
    """Say which appeal it is about, and how nobody calls, where somebody would."""
    return (_about(about), *((WILL_BE_CALLED,) if called else ()))


def code(of_message: str) -> Phrase:
    return written("chat-survey-code", code=of_message)


def _about(about: About) -> Phrase:
    uk = written("chat-survey-about", number=about.number, about=about.uk)
    en = written("chat-survey-about", number=about.number, about=about.en)
    texts = {Language.UKRAINIAN: uk.in_chat, Language.ENGLISH: en.in_chat}
    return Phrase(
        name=uk.name, uk=uk.uk, en=en.en, read=lambda language: texts[language](language), choices=True
    )
