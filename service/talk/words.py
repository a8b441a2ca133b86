"""Words of a conversation without telephony, in Ukrainian and English; and the command's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cti_server.frame.language import words as catalogue
from cti_server.frame.words import OUTCOMES, PRIORITY, SAID_BY_KEY, STEPS, TOLD, UTILITIES
from hotline.calls.call import Outcome, Scalar, Step
from hotline.calls.conversation import TalkEnd
from hotline.line.line import Priority
from hotline.voice.speech import Language
from service.talk.cues import HANG_UP, SILENCE, SPEECH, Cue
from service.terminal_language import in_locale

_SHOWN = ("place", "words", "to", "result", "language", "act")
"""Details that are shown as they are."""
_PRIORITY = {priority.name.lower(): PRIORITY[priority] for priority in Priority}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words; the braces name what is put in."""

    language: Language
    signs: Mapping[str, str]
    cuts_in: str
    cut: str
    """Stands behind the beginning of what was cut short."""
    music: str
    beep: str
    talk: str
    meets: str
    dispatcher: str
    contact: str
    ends: Mapping[TalkEnd, str]
    taken_down: str
    accepted: Mapping[bool, str]
    equipment_known: str
    taken: str
    next_called: str
    call_no_more: str
    over: str
    hung_up: str

    def gloss(self, cues: Sequence[Cue]) -> str:
        """Explain signs that are no keys; empty where there are none."""
        told = [self.signs[one.sign] for one in cues if one.sign in self.signs and not one.says]
        return ", ".join([*([self.cuts_in] if cues[0].cuts_in else []), *told])

    def step(self, step: Step, detail: Mapping[str, Scalar]) -> str:
        """Tell a step of the journey as the pages do, with what is special about it."""
        gettext = catalogue(self.language).gettext
        told = {name: str(value) for name, value in detail.items()}
        special = {
            Step.JOINED_LINE: _PRIORITY.get(told.get("priority", "")),
            Step.INFORMED: TOLD.get(told.get("about", "")),
            Step.REPORTED_OFF: UTILITIES.get(told.get("utility", "")),
            Step.APPEAL_ANSWERED: SAID_BY_KEY.get(told.get("act", "")),
        }.get(step)
        parts = [gettext(special)] if special else []
        if "appeal" in told:
            parts.insert(0, f"№ {told['appeal']}")
        if not special:
            parts += [told[name] for name in _SHOWN if name in told]
        return ": ".join([gettext(STEPS[step]), *([", ".join(parts)] if parts else [])])

    def outcome(self, outcome: Outcome) -> str:
        return catalogue(self.language).gettext(OUTCOMES[outcome])


UKRAINIAN = Words(
    language=Language.UKRAINIAN,
    signs={SILENCE: "мовчить", SPEECH: "каже", HANG_UP: "кладе слухавку"},
    cuts_in="перебиває",
    cut="…",
    music="музика, {seconds} с",
    beep="сигнал, запис до {seconds} с",
    talk="розмова: {who}; {end}",
    meets="з’єднано з тим, хто чекає: {call}",
    dispatcher="диспетчер",
    contact="черговий підприємства",
    ends={
        TalkEnd.OVER: "закінчено",
        TalkEnd.BROKEN: "обірвалася в диспетчера",
        TalkEnd.INTERRUPTED: "браузер диспетчера зник",
        TalkEnd.PASSED_ON: "передано колезі",
    },
    taken_down="записано: {what}",
    accepted={True: "аварію прийнято", False: "приймати вже не треба"},
    equipment_known="про несправність знають",
    taken="аварію взято на себе",
    next_called="телефонують наступній людині",
    call_no_more="більше не дзвонити на цей номер",
    over="кінець: {outcome}",
    hung_up="слухавку покладено",
)

ENGLISH = Words(
    language=Language.ENGLISH,
    signs={SILENCE: "says nothing", SPEECH: "speaks", HANG_UP: "hangs up"},
    cuts_in="cuts in",
    cut="…",
    music="music, {seconds} s",
    beep="a beep, up to {seconds} s are recorded",
    talk="talk: {who}; {end}",
    meets="brought together with the caller who holds: {call}",
    dispatcher="a dispatcher",
    contact="the enterprise’s duty contact",
    ends={
        TalkEnd.OVER: "it is over",
        TalkEnd.BROKEN: "it breaks at the dispatcher’s",
        TalkEnd.INTERRUPTED: "the dispatcher’s browser goes away",
        TalkEnd.PASSED_ON: "passed on to a colleague",
    },
    taken_down="taken down: {what}",
    accepted={True: "the emergency is accepted", False: "there is nothing left to accept"},
    equipment_known="the fault is known",
    taken="somebody takes it upon themselves",
    next_called="the next person is called",
    call_no_more="this number is to be called no more",
    over="the end: {outcome}",
    hung_up="the line is closed",
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)


def words_of(language: Language) -> Words:
    return ENGLISH if language is Language.ENGLISH else UKRAINIAN
