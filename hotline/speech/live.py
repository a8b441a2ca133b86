"""Words of the talks of this moment, for the dispatchers' desks: in memory alone, and bounded.

It is no transcript: that is written after the call, from all of the sound (`hotline.speech.transcripts`).
"""

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import StrEnum

from attrs import define, field

from hotline.speech.hearing import Heard
from hotline.speech.masking import Secret, secrets_in
from hotline.speech.shown_words import ShownWord, shown_without
from hotline.speech.slots import Filled, Slots
from hotline.speech.transcripts import Speaker

MOST_TALKS = 200
"""Calls that are remembered; the oldest is forgotten for the next."""
MOST_SAID = 400
"""Utterances of a call that are remembered, the last ones."""
MOST_JOINED = 4
LONGEST_PAUSE = 40.0
"""Utterances before the last over which a number may be dictated, and seconds between their beginnings."""
MOST_WORDS_PROPOSED = 40
"""Of the caller's, by which a category is proposed."""


class Hearing(StrEnum):
    """How it stands with hearing a call; no value: it is not heard."""

    GOES_ON = "goes-on"
    NO_EAR = "no-ear"
    """All ears were taken when the talk began."""
    BROKEN = "broken"
    """The ear died, or could not be loaded."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one side said between two pauses."""

    speaker: Speaker
    heard: Heard
    begins: float = 0.0
    """Seconds from the beginning of the recording."""
    left_out: float = 0.0
    """Seconds that were not heard: the ear did not keep up, or began late. There are no words then."""
    number: int = 0
    """From 1 on within the call."""
    secrets: Mapping[int, Secret] = dataclass_field(default_factory=dict)
    """Of its words those that say a secret, by their places."""
    changed: int = 0
    """The change of the call by which it is shown so."""

    @property
    def shown(self) -> Sequence[ShownWord]:
        """Its words for a screen: numbers of cards and papers are hidden, as in the transcript."""
        return shown_without(self.heard.words, self.heard.engine, self.secrets)


@define(eq=False, repr=False)
class LiveTalk:
    """One call as it is heard; passed on, it goes on."""

    call_id: str
    hearing: Hearing = Hearing.GOES_ON
    slots: Slots = field(factory=Slots)
    said: deque[Saying] = field(factory=lambda: deque(maxlen=MOST_SAID))
    dispatchers: list[int] = field(factory=list)
    """Who talks and who talked with the caller, the last one behind."""
    changes: int = field(default=0, init=False)
    """Counted: a screen that knows of the last one shows all that there is."""
    _count: int = field(default=0, init=False)

    def add(self, said: Saying) -> None:
        """Take one utterance; a number that goes on from the one before is hidden in both.

        Of two sides that were not heard at once, that is said once.
        """
        last = self.said[-1] if self.said else None
        if last is not None and not said.heard.words and not last.heard.words:
            self.said.pop()
            self._count -= 1
            said = replace(said, left_out=max(said.left_out, last.left_out))
        self.changes += 1
        self._count += 1
        before = self._going_on(said)
        secrets = secrets_in([[word.text for word in one.heard.words] for one in (*before, said)])
        for one, more in zip(before, secrets, strict=False):
            if more.keys() - one.secrets.keys():
                at = self.said.index(one)
                self.said[at] = replace(one, secrets={**more, **one.secrets}, changed=self.changes)
        self.said.append(replace(said, number=self._count, secrets=secrets[-1], changed=self.changes))

    def _going_on(self, said: Saying) -> Sequence[Saying]:
        """Give the utterances before it in which a number may have begun: the speaker's own, not long ago."""
        found: list[Saying] = []
        later = said.begins
        for one in reversed(self.said):
            if one.speaker is said.speaker:
                if len(found) == MOST_JOINED or not 0 <= later - one.begins <= LONGEST_PAUSE:
                    break
                found.insert(0, one)
                later = one.begins
        return found

    @property
    def last_words(self) -> Saying | None:
        """Give the last utterance in which something was made out."""
        return next((one for one in reversed(self.said) if one.heard.words), None)

    @property
    def filled(self) -> Filled:
        return self.slots.filled

    @property
    def of_caller(self) -> str:
        """The caller's first words: who calls says at once what it is about."""
        words = " ".join(one.heard.text for one in self.said if one.speaker is Speaker.CALLER).split()
        return " ".join(words[:MOST_WORDS_PROPOSED])


class LiveTalks:
    """All calls that are heard, or were a while ago."""

    def __init__(self, most: int = MOST_TALKS) -> None:
        self._most = most
        self._talks: OrderedDict[str, LiveTalk] = OrderedDict()

    def begin(self, call_id: str, dispatcher_id: int) -> LiveTalk:
        """Go on with a call, or begin it: this dispatcher talks with the caller now."""
        talk = self._talks.pop(call_id, None) or LiveTalk(call_id)
        self._talks[call_id] = talk
        talk.dispatchers = [*(one for one in talk.dispatchers if one != dispatcher_id), dispatcher_id]
        while len(self._talks) > self._most:
            self._talks.popitem(last=False)
        return talk

    def of(self, call_id: str, dispatcher_id: int | None) -> LiveTalk | None:
        """Give what is heard of a call to one who talks or talked in it; None to anybody else."""
        talk = self._talks.get(call_id)
        return talk if talk is not None and dispatcher_id in talk.dispatchers else None

    def handed(self, call_id: str) -> LiveTalk | None:
        """Give it to a colleague whom the caller is passed on to, or who is asked."""
        return self._talks.get(call_id)

    def forget(self, call_id: str, dispatcher_id: int | None) -> None:
        """Forget a call when the last who talked in it is done with it, and it is over."""
        talk = self._talks.get(call_id)
        if (
            talk is not None
            and talk.hearing is not Hearing.GOES_ON
            and talk.dispatchers[-1:] == [dispatcher_id]
        ):
            del self._talks[call_id]
