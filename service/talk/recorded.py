"""A real call as its journey keeps it: the scene in which it began.

The caller is not in it: their number becomes one that nobody has, a flat is never known, an appeal is its
number, state, category and term.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.applicants import is_theirs
from hotline.calls.call import MEANWHILE, CallRecord, JourneyStep, Step
from hotline.calls.conversation import TalkEnd
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Utility
from hotline.contact.numbers import takes_sms
from hotline.enterprises.executors import Executor
from hotline.errors import HotlineError
from hotline.knowledge.articles import Article
from hotline.knowledge.spoken import spoken
from hotline.outages.outage import NewOutage, OutageEntry, OutageKind
from hotline.outages.telling import OutageChange
from hotline.power.queues import power_queues
from hotline.power.telling import AboutPower
from hotline.voice.speech import Language
from ivr_flows import chat_phrases, outage_phrases, prompts, question_phrases
from ivr_flows.duty_phrases import UNTAKEN
from service.talk.power import times_text
from service.talk.scene import AREAS, HEAD_PHONE, HIDDEN, Contacts, Scene, Town, appeal_text, outage_text
from storage.core.areas import areas_of_json
from storage.store import Storage

LANDLINE, MOBILE = "+380457900001", "+380671112233"
"""Stand for the caller's own number, which takes no short messages, or takes them."""
MOST_OUTAGES = 500
MOST_APPEALS = 4
FROM_CEL = 1_000_000
_POSITION = re.compile(r"position-(\d+)")
_ONE_OF_ITS_KIND = re.compile(r"(?:city-message|order|equipment-fault)-\d+")
"""Of these the city of a replay has one."""
_OUTAGE_TOLD = re.compile(r"(outage-[a-z-]+)-(\d+)-\d+-\d{4}")
EMERGENCY = "duty-emergency-"
_BEGUN = {Step.ARRIVED: "incoming", Step.CALLED_OUT: "called-out"}
_SAID = {
    UNTAKEN: "untaken",
    EMERGENCY: "duty",
    "equipment-fault-": "equipment",
    "alarm-keys": "alarm",
    "alarm-hung-up": "alarm",
    "you-asked-to-be-called": "called-back",
    "cut-off-call": "cut-off",
    "informing-keys": "informing",
    "outage-who-calls": "outage",
    "power-call-asked-for": "power-consent",
    "power-call-who-calls": "power",
}
"""Conversations of calls of our own, by the beginning of a phrase that is said in none further down."""
_POWER = {
    "power-off-": AboutPower.OFF,
    "power-maybe-": AboutPower.MAYBE,
    "power-call-on-": AboutPower.ON,
    "power-call-called-off": AboutPower.CALLED_OFF,
    "power-emergency-cuts": AboutPower.SUSPENDED,
}
"""What a call before a change of the power was about, by the beginning of what it said."""
_ANSWERED = frozenset({AppealState.DONE, AppealState.BEING_CHECKED, AppealState.CLOSED})


class NotReplayed(HotlineError):  # noqa: N818 - reads as what is the matter
    """There is no such call, or nothing was said in it."""

    code: ClassVar[str] = "not-replayed"


INVITES = {one.name for one in (prompts.SAY_OR_PRESS, prompts.YES_OR_NO_ALOUD, outage_phrases.OUTAGE_ALOUD)}
"""Phrases of a call in which an ear listens."""
NO_SUCH_CALL = "there is no such call"
NOTHING_SAID = "nothing was said in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A call that was: its scene, its steps up to where the service was away, and how ids are called anew."""

    at: datetime
    scene: Scene
    steps: Sequence[JourneyStep]
    anew: Mapping[str, str] = field(default_factory=dict)
    """Names that hold an id of the real city → the same in the city of the replay."""


async def recorded(storage: Storage, call_id: str, zone: ZoneInfo, rules: CityRules) -> Recorded:
    """Read the call, and what was so in the city when it came; raises NotReplayed."""
    call = await storage.calls.find(call_id)
    if call is None:
        raise NotReplayed(NO_SUCH_CALL)
    journey = sorted(await storage.calls.journey(call_id), key=lambda step: step.number)
    steps = [step for step in journey if step.number < FROM_CEL and not step.detail.get(MEANWHILE)]
    away = next((at for at, one in enumerate(steps) if one.step is Step.SERVICE_RESUMED), len(steps))
    steps = steps[:away]
    if not any(one.step is Step.HEARD for one in steps):
        raise NotReplayed(NOTHING_SAID)
    heard = [name for one in steps for name in _heard(one)]
    outages = await _outages(storage, call.arrived_at, heard)
    appeals = await _appeals(storage, call, steps, rules)
    executors = {one.id: one for one in await storage.executors.all()}
    articles = await _articles(storage, heard, call.arrived_at.astimezone(zone).date())
    scene = Scene(
        town=Town.EMPTY,
        number=HEAD_PHONE if _has(steps, Step.CODE_PRESSED) else _anonymous(call.number),
        again=prompts.MENU_SHORT.name in heard,
        hears=not INVITES.isdisjoint(heard),
        at=call.arrived_at,
        refused=call.recording_refused and not _has(steps, Step.RECORDING_REFUSED),
        power=await _power(storage, call, steps, heard, zone),
        known=await _known(storage, call, steps),
        outage=tuple(outage_text(new, zone) for new in outages.values()),
        appeal=tuple(_text_of(one, call, executors, zone) for one in appeals),
        message=await _message(storage, heard),
        order=await _order(storage, heard),
        article=tuple(f"{one.uk.question} | {one.uk.answer}" for one in articles),
        chat=_chat(steps, heard),
        links=chat_phrases.IN_WRITING.name in heard,
        conversation=_conversation(steps, heard),
        **_line(steps, heard),
        **({} if _has(steps, Step.ARRIVED) else _about(steps, heard, list(outages))),
    )
    having = dict.fromkeys(one.executor_id for one in appeals if one.executor_id is not None)
    anew = {f"outage-{old}-": f"outage-{new}-" for new, old in enumerate(outages, start=1)}
    anew |= {name: re.sub(r"\d+$", "1", name) for name in heard if _ONE_OF_ITS_KIND.fullmatch(name)}
    for new, one in enumerate(articles, start=1):
        anew |= {f"article-question-{one.id}-": f"article-question-{new}-"}
        anew |= {f"article-answer-{one.id}": f"article-answer-{new}"}
    anew |= {f"executor-{old}": f"executor-{new}" for new, old in enumerate(having, start=1)}
    return Recorded(at=call.arrived_at, scene=scene, steps=steps, anew=anew)


def _heard(step: JourneyStep) -> Sequence[str]:
    return str(step.detail.get("phrases", "")).split() if step.step is Step.HEARD else []


def _has(steps: Sequence[JourneyStep], step: Step) -> bool:
    return any(one.step is step for one in steps)


def _anonymous(number: str | None) -> str:
    if number is None:
        return HIDDEN
    return MOBILE if takes_sms(number) else LANDLINE


def _chat(steps: Sequence[JourneyStep], heard: Sequence[str]) -> str:
    """Give words that bring a chat to where the caller's stood; empty where they were offered none."""
    if chat_phrases.GO_ON_WITH_CHAT.name not in heard:
        return ""
    along = next((at for at, one in enumerate(steps) if one.step is Step.CHAT_TAKEN_ALONG), len(steps))
    for one in steps[along:]:
        match one.step:
            case Step.APPEAL_ASKED:
                return f"2{AREAS}{one.detail['appeal']}"
            case Step.JOINED_LINE:
                return "0"
            case _:
                pass
    return "1"


def _conversation(steps: Sequence[JourneyStep], heard: Sequence[str]) -> str:
    """Tell which conversation it was: by how the call came about, or by what was said in ours."""
    for step, name in _BEGUN.items():
        if _has(steps, step):
            return name
    return next((name for begins, name in _SAID.items() if any(map(_beginning(begins), heard))), "survey")


def _beginning(begins: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(begins)


def _about(steps: Sequence[JourneyStep], heard: Sequence[str], outages: Sequence[int]) -> dict[str, Any]:
    """Tell what a call of our own was about, and in which language it began."""
    facts: dict[str, Any] = {}
    emergency = next((name.removeprefix(EMERGENCY) for name in heard if name.startswith(EMERGENCY)), "")
    asked = next((str(one.detail["appeal"]) for one in steps if one.step is Step.APPEAL_ASKED), "")
    told = next((found for name in heard if (found := _OUTAGE_TOLD.fullmatch(name))), None)
    if told is not None and told[1] in set(OutageChange):
        facts["change"] = OutageChange(told[1])
        facts["about"] = f"{outages.index(int(told[2])) + 1}" if int(told[2]) in outages else ""
    else:
        power = (about for begins, about in _POWER.items() if any(map(_beginning(begins), heard)))
        facts["about"] = emergency or asked or next(power, "")
    first = next((one for one in steps if one.step in {Step.LANGUAGE_CHOSEN, Step.HEARD}), None)
    if first is not None and first.step is Step.LANGUAGE_CHOSEN:
        facts["lang"] = Language(str(first.detail["language"]))
    return facts


def _line(steps: Sequence[JourneyStep], heard: Sequence[str]) -> dict[str, Any]:
    """Tell how it was in the line, by what the caller was told there and what came of it."""
    first_talk = next((at for at, one in enumerate(steps) if one.step is Step.TALK_STARTED), len(steps))
    waited = [name for one in steps[:first_talk] for name in _heard(one)]
    told = [place for name in waited if (place := _place(name)) is not None]
    talked = _has(steps, Step.TALK_STARTED)
    contact = any("contact" in one.detail for one in steps if one.step is Step.TALK_STARTED)
    vain = _has(steps, Step.CALLBACK_WANTED) and not talked
    nobody = vain or "nobody-on-duty" in heard or "alarm-nobody-yet" in heard
    ahead = told[0] - 1 if told else 0
    rung = "alarm-duty-rung" in heard
    return {
        "dispatchers": 0 if nobody else 1,
        "ahead": ahead,
        "busy": max(0, len(told) - ahead) if talked else len(told) + 2 if told else 0,
        "talks": _ends(steps),
        "contacts": Contacts.COME if contact else Contacts.SILENT if rung else Contacts.NONE,
    }


def _place(name: str) -> int | None:
    if name in {"position-first", "connecting-to-dispatcher"}:
        return 1
    found = _POSITION.fullmatch(name)
    return int(found[1]) if found else None


def _ends(steps: Sequence[JourneyStep]) -> tuple[TalkEnd, ...]:
    """Tell how each talk ended, but for the last ones that were simply over."""
    ends: list[TalkEnd] = []
    for at, one in enumerate(steps):
        if one.step is Step.TALK_ENDED:
            then = {each.step for each in steps[at + 1 : at + 3]}
            broken = Step.RETURNED_TO_LINE in then
            passed = Step.TRANSFERRED in then or (at > 0 and steps[at - 1].step is Step.TRANSFERRED)
            ends.append(TalkEnd.BROKEN if broken else TalkEnd.PASSED_ON if passed else TalkEnd.OVER)
    while ends and ends[-1] is TalkEnd.OVER:
        ends.pop()
    return tuple(ends)


async def _known(storage: Storage, call: CallRecord, steps: Sequence[JourneyStep]) -> tuple[str, ...]:
    """Find the addresses that are known of the number; of who keyed theirs in, none was."""
    if _has(steps, Step.PLACE_SAID):
        return ()
    return tuple(one.text for one in await storage.known_places.addresses_of(call.number))


async def _power(
    storage: Storage, call: CallRecord, steps: Sequence[JourneyStep], heard: Sequence[str], zone: ZoneInfo
) -> tuple[str, ...]:
    """Find what was told last of that day of their houses' queues, as these are today."""
    if not any(name.startswith("power-") for name in heard):
        return ()
    told = {one.queue: one for one in await storage.power.of_day(call.arrived_at.astimezone(zone).date())}
    gazetteer = await storage.streets.gazetteer()
    said = [str(one.detail.get("place", "")) for one in steps if one.step is Step.PLACE_SAID]
    houses = [
        *await storage.known_places.addresses_of(call.number),
        *filter(None, map(gazetteer.locate, said)),
    ]
    return tuple(
        f"{queue}; {house.text}; {times_text(told[queue].halves)}"
        for house in dict.fromkeys(houses)
        for queue in power_queues().at(house)
        if queue in told
    )


async def _outages(storage: Storage, at: datetime, heard: Sequence[str]) -> Mapping[int, NewOutage]:
    """Find the outages that held at that moment, as they were entered by then, and one that was told of."""
    told = {int(found[2]) for name in heard if (found := _OUTAGE_TOLD.fullmatch(name))}
    known = {one.id: one for one in await storage.outages.find(limit=MOST_OUTAGES)}
    histories = await storage.outages.histories(sorted(known))
    held = {}
    for outage_id in sorted(known):
        entry = next((one for one in reversed(histories.get(outage_id, ())) if one.at <= at), None)
        if entry is None or (_over(entry) and outage_id not in told):
            continue
        new = _as_entered(entry)
        if new.starts_at <= at:
            held[outage_id] = new
    return held


def _over(entry: OutageEntry) -> bool:
    return entry.facts["ended_at"] is not None or entry.facts["cancelled"]


def _as_entered(entry: OutageEntry) -> NewOutage:
    """Read an outage as a line of its history has it."""
    facts = entry.facts
    until = facts["expected_end"]
    return NewOutage(
        utility=Utility(facts["utility"]),
        kind=OutageKind(facts["kind"]),
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        expected_end=None if until is None else datetime.fromisoformat(until),
        areas=areas_of_json(facts["areas"]),
        reason=facts["reason"],
    )


async def _appeals(
    storage: Storage, call: CallRecord, steps: Sequence[JourneyStep], rules: CityRules
) -> Sequence[Appeal]:
    """Find the appeals that were asked about, and those of the number, as they stood then."""
    at = call.arrived_at
    own: Sequence[str] = ()
    if call.number is not None:
        since = at - rules.dispute_within
        of_caller = await storage.appeals.of_caller(call.number, ended_since=since, most=MOST_APPEALS)
        own = [one.number for one in reversed(of_caller)]
    asked = [str(one.detail["appeal"]) for one in steps if one.step is Step.APPEAL_ASKED]
    emergency = [
        name.removeprefix(EMERGENCY) for one in steps for name in _heard(one) if name.startswith(EMERGENCY)
    ]
    stood = []
    for number in dict.fromkeys([*own, *asked, *emergency]):
        appeal = await storage.appeals.find(number)
        if appeal is not None and (then := await _as_it_stood(storage, appeal, at)) is not None:
            stood.append(then)
    return stood


def _text_of(appeal: Appeal, call: CallRecord, executors: Mapping[int, Executor], zone: ZoneInfo) -> str:
    whose = _anonymous(call.number) if is_theirs(appeal, call.number) else ""
    name = "" if appeal.executor_id is None else executors[appeal.executor_id].name
    return appeal_text(appeal, zone, whose=whose, executor=name)


async def _as_it_stood(storage: Storage, appeal: Appeal, at: datetime) -> Appeal | None:
    """Give the appeal with the state of that moment, and no answer that came later; None: before it was."""
    entries = [one for one in await storage.handling.history(appeal.number, hidden=True) if one.at <= at]
    if not entries:
        return None
    state = entries[-1].after
    if state in _ANSWERED:
        return replace(appeal, state=state)
    return replace(appeal, state=state, result=None, answer="")


async def _message(storage: Storage, heard: Sequence[str]) -> str:
    """Find the message to the whole city that was heard; its words are those of today."""
    texts = {one.phrase.name: one.uk or one.en for one in await storage.city_messages.all()}
    return next((texts[name] for name in heard if name in texts), "")


async def _articles(storage: Storage, heard: Sequence[str], day: date) -> Sequence[Article]:
    """List the articles that the menu offered; their words are those of today."""
    if question_phrases.MENU_QUESTIONS.name not in heard:
        return ()
    return spoken(await storage.articles.all(), day, Language.UKRAINIAN)


async def _order(storage: Storage, heard: Sequence[str]) -> str:
    ids = [name.removeprefix("order-") for name in heard if name.startswith("order-")]
    known = next((int(one) for one in ids if one.isdigit()), None)
    return "" if known is None else (await storage.informing.get(known)).text
