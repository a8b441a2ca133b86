"""The sides of a talk as one conversation: who said what, in the order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.speech.shown_words import ShownWord
from hotline.speech.transcripts import Speaker, Transcript

PAUSE_SECONDS = 0.7
"""A longer silence ends what a speaker says in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one of them said before the other did; it has a word at least."""

    speaker: Speaker
    words: Sequence[ShownWord]

    @property
    def begins(self) -> float:
        """Seconds from the beginning of the sound."""
        return self.words[0].begins


def conversation(sides: Sequence[Transcript], *, unmasked: bool = False) -> Sequence[Turn]:
    """Give the turns; what one says while the other speaks on is not torn apart."""
    spoken = sorted(
        (turn for side in sides for turn in _between_pauses(side.speaker, side.shown(unmasked=unmasked))),
        key=lambda turn: turn.begins,
    )
    turns: list[Turn] = []
    for turn in spoken:
        if turns and turns[-1].speaker is turn.speaker:
            turns[-1] = Turn(speaker=turn.speaker, words=[*turns[-1].words, *turn.words])
        else:
            turns.append(turn)
    return turns


def _between_pauses(speaker: Speaker, words: Sequence[ShownWord]) -> Iterator[Turn]:
    begun: list[ShownWord] = []
    for word in words:
        if begun and word.begins - begun[-1].ends > PAUSE_SECONDS:
            yield Turn(speaker=speaker, words=begun)
            begun = []
        begun.append(word)
    if begun:
        yield Turn(speaker=speaker, words=begun)
