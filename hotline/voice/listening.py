"""Fields whose text callers will hear: users listen to it while they type, in the sentence that says it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from hotline.voice.speech import Phrase


class SpokenField(StrEnum):
    """A field of a page whose text a call says."""

    ANSWER = "answer"
    """The executor's answer to an appeal."""
    REASON = "reason"
    """The reason why an appeal was forwarded or refused, or what the other authority has answered."""
    OUTAGE_REASON = "outage-reason"
    ORDER = "order"
    """The message of an order by which residents are informed."""
    CITY_MESSAGE = "city-message"
    QUESTION = "question"
    """A question of a survey, with sample facts filled in."""
    EXECUTOR = "executor"
    """The name of an enterprise."""
    CATEGORY = "category"
    """The name of a category, with a sample number of an appeal."""


class Sentences(Protocol):
    """Puts a typed text into the sentences that say it."""

    def __call__(self, field: SpokenField, text: str) -> Sequence[Phrase]:
        """Give the phrases of a call in their order; none where nothing would be said."""
        ...
