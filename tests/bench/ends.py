"""The ends of turns on clips of a bench: whether the hotline's own models of turns find them, and where."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
from attrs import define

from telephony.speech.asked_questions import Judge
from telephony.speech.models import TELEPHONE
from telephony.speech.turn_models import turn_models
from telephony.speech.turns import Patience, Turn, TurnReader
from telephony.voice.audio import samples_of

LISTENS_SECONDS = 2.0
"""Silence behind a clip."""
MOST_SECONDS = 15.0
_LOUD = 328
"""A hundredth of full scale, as samples of 16 bits are counted."""
_PIECE = 320
_NEAR_SECONDS = 0.1


@define(frozen=True)
class End:
    """How a turn ended: before the speaker did, or after a pause, which is in seconds."""

    cut_short: bool
    pause: float


@define(eq=False, repr=False)
class Ends:
    """The judges of turns, one clip after the other; `forget` is for the next one."""

    _voice: Judge
    _over: Judge
    _forget: Callable[[], None]

    @classmethod
    def loaded(cls) -> "Ends":
        """Load them: other benches go without their packages. Raises NotHeard where they are not set up."""
        models = turn_models()
        voice = import_module("telephony.speech.voice_activity").VoiceActivity.loaded(models.voice)
        over = import_module("telephony.speech.end_of_turn").EndOfTurn.loaded(models.turn)
        return cls(voice.of, over.of, voice.begin)

    def of(self, wav: Path, pause: float) -> End | None:
        """Tell how the turn of a clip ends; `pause` ends it anyhow. None: nobody was heard."""
        said = samples_of(wav, TELEPHONE)
        loud = np.flatnonzero(np.abs(np.frombuffer(said, "<i2").astype(int)) > _LOUD)
        if not loud.size:
            return None
        ends = float(loud[-1]) / TELEPHONE
        self._forget()
        turns = TurnReader(self._voice, self._over, Patience(most=MOST_SECONDS, pause=pause))
        sound = said + bytes(2 * int(LISTENS_SECONDS * TELEPHONE))
        for at in range(0, len(sound), _PIECE):
            if any(told in {Turn.OVER, Turn.TOO_SHORT} for told in turns.take(sound[at : at + _PIECE])):
                after = (at + _PIECE) / 2 / TELEPHONE - ends
                return End(cut_short=after < -_NEAR_SECONDS, pause=after)
        return None
