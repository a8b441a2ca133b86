"""The text of a conversation: what the hotline said, what the caller did, what happened, line by line."""

import re
from collections.abc import Callable, Sequence

from hotline.calls.call import Scalar, Step
from hotline.voice.speech import Language, Phrase
from service.talk.cues import Cue, written
from service.talk.words import Words

CALLER = "> "
_GLOSS = re.compile(r"\s*\([^)]*\)")
_EVENT = "["
NOT_TOLD = frozenset(
    {
        *(Step.HEARD, Step.PRESSED, Step.WRONG_KEY, Step.SILENT, Step.ANSWERED),
        *(Step.TALK_STARTED, Step.TALK_ENDED, Step.TRANSFERRED),
    }
)
"""Steps of the journey that the text shows by itself."""


class Transcript:
    """Keeps the lines; `tell` is given each as soon as it is known."""

    def __init__(self, words: Words, tell: Callable[[str], None] = lambda _line: None) -> None:
        self.words = words
        self.lines: list[str] = []
        self._tell = tell

    def said(self, phrases: Sequence[Phrase], language: Language, *, cut: bool = False) -> None:
        """Add phrases of the hotline; of those that a key cut short only the beginning was heard."""
        for phrase in phrases[:1] if cut else phrases:
            text = " ".join(phrase.written(language).split()) or f"({phrase.name})"
            self._add(f"{text} {self.words.cut}" if cut else text)

    def did(self, cues: Sequence[Cue], *, shown: bool = False) -> None:
        """Add acts of the caller; `shown`: the terminal has shown them already."""
        signs = written(cues)
        gloss = self.words.gloss(cues)
        self._add(f"{CALLER}{signs} ({gloss})" if gloss else f"{CALLER}{signs}", told=not shown)

    def happened(self, text: str) -> None:
        self._add(f"{_EVENT}{text}]")

    def noted(self, step: Step, detail: dict[str, Scalar]) -> None:
        """Show a step of the journey, unless the text shows it by itself."""
        if step not in NOT_TOLD:
            self.happened(self.words.step(step, detail))

    def _add(self, line: str, *, told: bool = True) -> None:
        self.lines.append(line)
        if told:
            self._tell(line)


def typed_in(line: str) -> str | None:
    """Give the signs of a line of the caller's, without what explains them; None of any other line."""
    return _GLOSS.sub("", line.removeprefix(CALLER.strip())) if line.startswith(CALLER.strip()) else None
