"""One call as the dispatcher sees it: the candidates, its steps, and outages in the city."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cti_server.desk.sources import Sources
from hotline.appeals.appeal import Appeal
from hotline.calls.call import JourneyStep, Scalar, Step, is_cut_off, is_trial
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.calls.web_calls import FROM_BROWSER
from hotline.chats.chats import Chat
from hotline.desk.callers import CallerCard, menu_key
from hotline.line.line import Priority
from hotline.outages.outage import Outage, concerning
from hotline.people.benefits import served_first

LONGEST_HISTORY = 12
_NOT_SHOWN = frozenset({Step.HEARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything about one call. `steps` are in the order in which they happened."""

    call_id: str
    card: CallerCard
    steps: Sequence[JourneyStep]
    outages: Sequence[Outage]
    """Outages now, those at the caller's addresses first."""
    theirs: frozenset[int] = frozenset()
    """Those of them that concern a known address of the number."""
    chat: Chat | None = None
    """The chat that the caller wrote within a day and in which they proved this number."""
    may_write: bool = False
    """True where links are on and the caller's number takes short messages: the desk has the button."""
    urgent: bool = False
    """They have become an emergency while they were rung for."""

    @property
    def joined_at(self) -> datetime | None:
        return next((step.at for step in self.steps if step.step is Step.JOINED_LINE), None)

    @property
    def offered_at(self) -> datetime | None:
        return next((step.at for step in reversed(self.steps) if step.step is Step.DISPATCHER_OFFERED), None)

    @property
    def talk_began_at(self) -> datetime | None:
        return next((step.at for step in reversed(self.steps) if step.step is Step.TALK_STARTED), None)

    @property
    def waited_seconds(self) -> int | None:
        """In the line, until the latest offer; None for who never waited."""
        if self.joined_at is None or self.offered_at is None:
            return None
        return max(0, round((self.offered_at - self.joined_at).total_seconds()))

    @property
    def chosen(self) -> Sequence[str]:
        """The keys pressed in the main menu, in order."""
        return [key for step in self._pressed if (key := menu_key(step.detail)) is not None]

    @property
    def keyed(self) -> Sequence[str]:
        """Numbers that were keyed in elsewhere, such as that of an appeal; one key alone is a choice."""
        keyed = [str(step.detail["key"]) for step in self._pressed if menu_key(step.detail) is None]
        return [one for one in keyed if len(one) > 1]

    @property
    def emergency(self) -> bool:
        """They pressed the key for breakdowns, in the menu or later, and go before all others."""
        return self.urgent or self._joined_as(Priority.EMERGENCY)

    @property
    def slower(self) -> bool:
        """They are on the list of those who wait behind all others."""
        return self._joined_as(Priority.SLOWER)

    def _joined_as(self, priority: Priority) -> bool:
        joined = [step for step in self.steps if step.step is Step.JOINED_LINE]
        return any(step.detail.get("priority") == priority.name.lower() for step in joined)

    @property
    def unrecorded(self) -> bool:
        """They refused to be recorded."""
        return any(step.step is Step.RECORDING_REFUSED for step in self.steps)

    @property
    def paused_until(self) -> datetime | None:
        """When the recording goes on by itself that the dispatcher has paused; None while it goes on."""
        for step in reversed(self.steps):
            match step.step:
                case Step.RECORDING_PAUSED:
                    return step.at + timedelta(seconds=float(step.detail.get("seconds") or 0))
                case Step.RECORDING_RESUMED | Step.TALK_STARTED:
                    return None
                case _:
                    pass
        return None

    @property
    def called_back(self) -> bool:
        """They asked to be called when it is their turn."""
        return any(step.step in {Step.PLACE_KEPT, Step.CALLED_BY_ITSELF} for step in self.steps)

    @property
    def cut_off(self) -> bool:
        """A fault of ours ended the call, and they are being called back."""
        return is_cut_off(self.steps)

    @property
    def trial(self) -> bool:
        """It is a trial call of training: the demo citizen speaks."""
        return is_trial(self.call_id)

    @property
    def called_out(self) -> bool:
        """A dispatcher calls them."""
        return any(step.step is Step.CALLED_OUT for step in self.steps)

    @property
    def chat_goes_on(self) -> bool:
        """True once the caller has pressed the key 7: their chat goes on in this call."""
        return any(step.step is Step.CHAT_TAKEN_ALONG for step in self.steps)

    @property
    def served_first(self) -> bool:
        """Whether one of the candidates has benefits by law."""
        return any(served_first(one.benefits) for one in self.card.candidates)

    @property
    def from_web(self) -> Mapping[str, Scalar]:
        """From which page of ours they call by the browser, as `WebOrigin` writes it; empty: they do not."""
        return next((step.detail for step in self.steps if step.step is Step.FROM_WEB), {})

    @property
    def neighbour(self) -> Mapping[str, Scalar]:
        """The other city in whose name they were answered, as the step has it; empty: ours."""
        return next((step.detail for step in self.steps if step.step is Step.FOR_NEIGHBOUR), {})

    @property
    def interpreter(self) -> str:
        """The number of the interpreter of sign language who speaks for somebody else; empty: nobody does."""
        return self._last(Step.INTERPRETED, "number")

    @property
    def shown(self) -> str:
        """Name the kind of a caller without a number: FROM_BROWSER, FROM_INTERPRETER; empty for others."""
        return FROM_BROWSER if self.from_web else FROM_INTERPRETER if self.interpreter else ""

    @property
    def asked_about(self) -> str | None:
        """The number of the appeal that they asked the machine about last."""
        return str(self._asked["appeal"]) if self._asked else None

    @property
    def asked_about_theirs(self) -> bool:
        """Whether that is one of the caller's own telephone."""
        return bool(self._asked.get("theirs"))

    @property
    def appeal_asked_about(self) -> Appeal | None:
        """The appeal that the caller asked about, if the card shows it."""
        shown = [*self.card.appeals, *self.card.ended]
        return next((one for one in shown if one.number == self.asked_about), None)

    @property
    def said_by_key(self) -> Mapping[str, str]:
        """The caller's words on appeals by key: number → the act's name."""
        said = [step.detail for step in self.steps if step.step is Step.APPEAL_ANSWERED]
        return {str(one["appeal"]): str(one["act"]) for one in said}

    @property
    def told(self) -> Sequence[str]:
        """Announcements that they heard, except outages that are named: `appeal`, `no-outage`."""
        told = [step.detail for step in self.steps if step.step is Step.INFORMED]
        return list(dict.fromkeys(str(one.get("about", "")) for one in told if "outage" not in one))

    @property
    def announced(self) -> Sequence[Outage | int]:
        """The outages that the machine told them of; of one that is over by now only the number."""
        told = [
            step.detail["outage"]
            for step in self.steps
            if step.step is Step.INFORMED and "outage" in step.detail
        ]
        known = {one.id: one for one in self.outages}
        return [known.get(number, number) for number in dict.fromkeys(map(int, map(str, told)))]

    @property
    def said_place(self) -> str:
        """The address that they gave by keys."""
        return self._last(Step.PLACE_SAID, "place")

    @property
    def reported_off(self) -> Sequence[str]:
        """The utilities that they reported to be off, by key."""
        reported = [step.detail for step in self.steps if step.step is Step.REPORTED_OFF]
        return list(dict.fromkeys(str(one["utility"]) for one in reported))

    @property
    def asked_to_be_told(self) -> bool:
        """Whether they want to know when it is over."""
        return any(step.step is Step.ASKED_TO_BE_TOLD for step in self.steps)

    @property
    def timeline(self) -> Sequence[JourneyStep]:
        """The latest steps that say something to a person."""
        return [step for step in self.steps if step.step not in _NOT_SHOWN][-LONGEST_HISTORY:]

    def _last(self, step: Step, detail: str) -> str:
        return next((str(one.detail[detail]) for one in reversed(self.steps) if one.step is step), "")

    @property
    def _asked(self) -> Mapping[str, Scalar]:
        asked = [step.detail for step in self.steps if step.step is Step.APPEAL_ASKED]
        return asked[-1] if asked else {}

    @property
    def _pressed(self) -> Sequence[JourneyStep]:
        return [step for step in self.steps if step.step is Step.PRESSED]


async def read_story(
    sources: Sources, call_id: str, number: str | None, known: CallerCard | None = None
) -> Story:
    """Read it all, the registers and the call log side by side; `known` is a card read a moment ago."""
    card, steps, (outages, theirs) = await asyncio.gather(
        _given(known) if known else sources.callers.card(number, but_call=call_id),
        _steps(sources, call_id),
        _outages(sources, number),
    )
    if any(step.step is Step.FOR_NEIGHBOUR for step in steps):  # ours are none of theirs
        outages, theirs = (), frozenset()
    chat = None if number is None else sources.chat_of(number)
    return Story(
        call_id=call_id,
        card=card,
        steps=steps,
        outages=outages,
        theirs=theirs,
        chat=chat,
        may_write=sources.links is not None and sources.links.goes_to(number),
    )


async def _outages(sources: Sources, number: str | None) -> tuple[Sequence[Outage], frozenset[int]]:
    """Return the outages, the caller's first, and which are theirs; without any, look up no address."""
    holding = await sources.outages.now(sources.clock.now())
    addresses = await sources.known_places.addresses_of(number) if holding else ()
    theirs = frozenset(one.id for one in concerning(addresses, holding)) if addresses else frozenset()
    return sorted(holding, key=lambda one: one.id not in theirs), theirs


async def _given(card: CallerCard) -> CallerCard:
    return card


async def find_story(sources: Sources, call_id: str) -> Story:
    """Read the story of a call by its id alone."""
    record = await sources.calls.find(call_id)
    return await read_story(sources, call_id, record.number if record else None)


async def _steps(sources: Sources, call_id: str) -> Sequence[JourneyStep]:
    return sorted(await sources.calls.so_far(call_id), key=lambda step: (step.at, step.number))
