"""The caller of a real call, who does the same again: what was pressed, said and borne, by its journey."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.word_codes import DIGITS, WordCodes
from hotline.calls.call import JourneyStep, Step
from hotline.speech.hearing import SURE_FROM, Engine
from ivr_flows.appeal_phrases import (
    ANSWER_DISPATCHER,
    CODE_ASKED,
    CODE_CALL_BACK,
    CODE_DISPATCHER,
    CODE_WRONG,
)
from ivr_flows.power_phrases import AHEAD_NOTED, AHEAD_WRONG_CODE
from service.talk.cues import HANG_UP, HANGS_UP, SILENCE, SILENT, SPEECH, Cue
from service.talk.town import CODE_KEY, HEAD_CODE, SENT_CODE
from service.talk.typed_call import HIDDEN as HIDDEN_KEYS
from service.talk.typed_call import UNSURE_SIGN, WAITING, Asking

MOST_HOLDS = 100
"""A replay in which nobody ever comes ends after so much music."""
DICTATE, EMPTY = "message-dictate", "message-empty"
_LAID = 1
"""The version of an appeal that was laid into the city as it stands."""
_NOTHING_MORE = frozenset({Step.ENDED, Step.MESSAGE_EMPTY, Step.APPEAL_ANSWERED})
_INPUTS = frozenset({Step.PRESSED, Step.WRONG_KEY, Step.SILENT, Step.SAID})
NOTHING_MADE_OUT = "…"
WRONG_CODE = "12"
"""A code that is none: too short."""


class RecordedCaller:
    """Does what the caller of a journey did, at the same words. Where others are said, the next of it."""

    shown = False

    def __init__(self, steps: Sequence[JourneyStep]) -> None:
        self._said = [str(one.detail.get("phrases", "")) for one in steps if one.step is Step.HEARD]
        self._inputs: deque[_Input] = deque(_inputs(steps))
        self._speeches = deque(_speeches(steps))
        self._at = -1
        self._holds = 0
        last = max(at for at, one in enumerate(steps) if one.step is Step.HEARD)
        told = {one.step for one in steps[last + 1 :]}
        ends_by_itself = self._said[-1].split()[-1:] == ["goodbye"]
        self._gone_in_last = told <= {Step.ENDED, Step.LEFT_LINE} and not ends_by_itself
        """Whether they hung up while the last phrases were said, or asked them nothing more."""

    def cutting_in(self, phrases: str, *, question: bool) -> Sequence[Cue]:
        self._reach(phrases)
        if not self._inputs:
            over = self._at == len(self._said) - 1 and self._gone_in_last and not question
            return [Cue(sign=HANG_UP, cuts_in=True)] if over else []
        first = self._inputs[0]
        if first.heard != self._at or first.asked == WAITING or (question and first.asked == phrases):
            return []
        return [Cue(sign=cue.sign, cuts_in=not at) for at, cue in enumerate(self._typed()) if cue.is_key]

    def next(self, asking: Asking) -> Sequence[Cue]:
        if asking is Asking.SPEECH:
            return [Cue(sign=self._speeches.popleft() if self._speeches else SILENCE)]
        if asking is Asking.PATIENCE:
            return self._while_waiting()
        return self._typed() or [HANGS_UP]

    def _reach(self, phrases: str) -> None:
        """Go on in the journey to where these words are said next, if they are."""
        ahead = range(self._at + 1, len(self._said))
        self._at = next((at for at in ahead if self._said[at] == phrases), self._at)

    def _while_waiting(self) -> Sequence[Cue]:
        self._holds += 1
        if self._inputs and self._inputs[0].asked == WAITING and self._inputs[0].heard <= self._at:
            return self._inputs.popleft().cues
        if self._at + 1 < len(self._said) and self._holds < MOST_HOLDS:
            return [SILENT]
        return [HANGS_UP]

    def _typed(self) -> Sequence[Cue]:
        """Take what was pressed next, and the keys that were pressed ahead together with it."""
        if not self._inputs:
            return []
        first = self._inputs.popleft()
        cues = list(first.cues)
        while self._inputs and self._inputs[0].ahead and self._inputs[0].heard == first.heard:
            cues += self._inputs.popleft().cues
        return cues


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """The key pressed after the words of this count, and its question; `ahead`: before it was asked."""

    cues: Sequence[Cue]
    heard: int
    asked: str
    ahead: bool


def _inputs(steps: Sequence[JourneyStep]) -> Sequence[_Input]:
    """Find what was pressed, and while which words: not while those that were heard to their end."""
    found: list[_Input] = []
    said: list[str] = []
    about = ""
    to_the_end: set[int] = set()
    for one, then in zip(steps, [*steps[1:], None], strict=True):
        if one.step is Step.APPEAL_ASKED:
            about = str(one.detail["appeal"])
        if one.step is Step.HEARD:
            said.append(str(one.detail.get("phrases", "")))
        elif one.step is Step.INFORMED:
            to_the_end.add(len(said) - 1)
        elif one.step in _INPUTS:
            asked, heard = str(one.detail.get("asked", "")), len(said) - 1
            if asked == WAITING and then is not None and then.step is Step.TALK_STARTED:
                continue  # somebody came before it was answered
            ahead = asked not in {*said[-1:], WAITING}
            while ahead and heard in to_the_end and heard > 0:
                heard -= 1
            found.append(_Input(cues=_cues(one, then, about), heard=heard, asked=asked, ahead=ahead))
    return found


def _cues(step: JourneyStep, then: JourneyStep | None, about: str) -> Sequence[Cue]:
    """Give what was pressed; secret keys, which nobody has kept, are right here if they were right.

    `about` is the appeal that was told last, to which a code belongs.
    """
    if step.step is Step.SILENT:
        return [SILENT]
    if step.step is Step.SAID:
        return [Cue(sign=SPEECH, says=_said(step))]
    keys, asked = str(step.detail.get("key", "")), str(step.detail.get("asked", "")).split()
    heard = str(then.detail.get("phrases", "")).split() if then else []
    if keys == HIDDEN_KEYS and asked[-1:] == [CODE_ASKED.name]:
        keys = _code(about, heard)
    elif keys == HIDDEN_KEYS and AHEAD_WRONG_CODE.name in heard:
        keys = WRONG_CODE
    elif keys == HIDDEN_KEYS and AHEAD_NOTED.name in heard:
        keys = SENT_CODE
    elif keys == HIDDEN_KEYS:
        right = then is not None and then.detail.get("result") == "right"
        keys = HEAD_CODE if right else "0"
    number = len(keys) != 1 or (bool(asked) and asked[-1].startswith("ask-"))
    return [Cue(sign=key) for key in (f"{keys}#" if number else keys)]


def _said(step: JourneyStep) -> str:
    """Give words as they are typed, `?` behind those that the ear was unsure of."""
    words = str(step.detail.get("words", ""))
    sure = float(step.detail["confidence"] or 0) >= SURE_FROM[Engine(str(step.detail["engine"]))]
    return f"{words}{'' if sure else UNSURE_SIGN}" if words else NOTHING_MADE_OUT


def _code(appeal: str, heard: Sequence[str]) -> str:
    """Give what was typed for a code, by what was heard after it: the right one, a wrong one, or none."""
    right = WordCodes(CODE_KEY).code(appeal, _LAID)
    if {CODE_CALL_BACK.name, CODE_DISPATCHER.name, ANSWER_DISPATCHER.name} & {*heard}:
        return "#"
    return f"{(int(right) + 1) % 10**DIGITS:0{DIGITS}d}" if CODE_WRONG.name in heard else right


def _speeches(steps: Sequence[JourneyStep]) -> Sequence[str]:
    """Tell of each recording whether something was said, or they hung up in it."""
    said = []
    for at, one in enumerate(steps):
        then = steps[at + 1 :]
        if one.step is Step.MESSAGE_LEFT:
            silent = any(each.step is Step.MESSAGE_EMPTY for each in then[:1])
            gone = {each.step for each in then} <= _NOTHING_MORE
            said.append(HANG_UP if gone else SILENCE if silent else SPEECH)
        elif DICTATE in str(one.detail.get("phrases", "")).split():
            answer = next((each for each in then if each.step is Step.HEARD), None)
            silent = answer is not None and EMPTY in str(answer.detail["phrases"]).split()
            said.append(HANG_UP if answer is None else SILENCE if silent else SPEECH)
    return said
