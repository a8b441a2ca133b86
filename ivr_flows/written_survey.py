"""A form of telephone questions as it is read in a chat: choices for keys, and no word of the telephone.

Texts are the head's own: what tells of keys is left out where the choices say it, and else it tells of signs.
"""

import re
from collections.abc import Mapping, Sequence

from hotline.surveys.forms import Meaning, Question, QuestionKind

_CHOICES: Mapping[Meaning, str] = {
    Meaning.PERSON: "chat-survey-choice-person",
    Meaning.NOT_THEM: "chat-survey-choice-not-them",
    Meaning.DONE: "chat-survey-choice-done",
    Meaning.NOT_DONE: "chat-survey-choice-not-done",
    Meaning.PARTLY: "chat-survey-choice-partly",
    Meaning.DISPATCHER: "chat-survey-choice-dispatcher",
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_OF_KEYS = re.compile(
    r"натисн|сигналу|решітк|— (?:нуль|один|два|три|чотири|п['’ʼ]ять)\b|\bpress|hash key|the tone",
    re.IGNORECASE,
)
_WRITTEN = (
    (re.compile("Телефонуємо"), "Пишемо"),
    (re.compile("We are calling"), "We are writing"),
    (re.compile(r"натисн\w*"), "напишіть"),
    (re.compile(r"\bpress\b"), "write"),
)


def choices(asked: Question) -> Sequence[tuple[str, str]]:
    """Give the answers, each as the text of chats that names it and its key; none where one has no name."""
    match asked.kind:
        case QuestionKind.RATING:
            return [("chat-survey-choice-stars", "")]
        case QuestionKind.REMARK:
            return [("chat-survey-choice-remark", "")]
        case QuestionKind.KEYS if all(one.means in _CHOICES for one in asked.roads):
            return [(_CHOICES[one.means], one.key) for one in asked.roads if one.means]
    return ()


def without_keys(text: str, *, has_choices: bool) -> str:
    """Give the head's text without what it says of keys; where no choice tells it, with signs instead."""
    if has_choices:
        text = " ".join(one for one in _SENTENCE.split(text) if not _OF_KEYS.search(one))
    for spoken, written in _WRITTEN:
        text = spoken.sub(written, text)
    return text
