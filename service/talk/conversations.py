"""The conversations that can be held in a terminal, by name: those of callers, and those of our own calls."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.duty_calls import Acceptance
from hotline.appeals.lists import AppealFilter, Order
from hotline.appeals.untaken import untaken
from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Call, Next
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.line.cut_off import CutOff
from hotline.outages.answers import WatcherAnswer
from hotline.outages.outage import By, Outage
from hotline.outages.telling import OutageChange
from hotline.outages.watchers import Watcher
from hotline.power.telling import AboutPower
from hotline.surveys.forms import COMPLETION, Question
from hotline.voice.speech import Phrase
from ivr_flows import (
    duty_phrases,
    equipment_phrases,
    outage_over_phrases,
    power_call_phrases,
    survey_phrases,
)
from ivr_flows.alarm_call import Left, alarm_call
from ivr_flows.completion_survey import TO_A_PERSON, KeyAnswer, SurveyEnd, completion_survey
from ivr_flows.duty_call import duty_call
from ivr_flows.equipment_call import equipment_call
from ivr_flows.informing_call import informing_call
from ivr_flows.outage_over import outage_over
from ivr_flows.power_call import power_call, power_consent
from ivr_flows.routing import converse
from ivr_flows.untaken_call import untaken_call
from service.surveys.what_follows import FINAL
from service.talk.scene import (
    HIDDEN,
    HIDDEN_NUMBER,
    NO_APPEAL,
    NO_APPEAL_FITS,
    NO_OUTAGE,
    UNREAD,
    NoScene,
    Scene,
)
from service.talk.town import Stage
from service.talk.transcript import Transcript
from service.wiring.calling_out import to_dispatcher
from service.wiring.flows import outage_disputes
from storage.store import Storage

MARIIA = "+380457900001"
"""Whose telephone it is when nobody else's is told: of the demo, with a repair of hot water at home."""
ANY_EQUIPMENT = "Сервер"
CONTACT = "+380457900070"
"""A duty contact of the demo."""
AT_HOME = Address(street="Київський квартал", house="3")
HEARD = "1"
KEPT = "earlier"
SAMPLE_NEWS = "Завтра з дев'ятої до дванадцятої на вашій вулиці перевірятимуть пожежні гідранти."
CHECKED = frozenset({AppealState.DONE, AppealState.BEING_CHECKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation made ready: who is on the telephone, how they come to it, what is said."""

    number: str | None
    speak: Callable[[Call, Transcript], Awaitable[object]]
    begun: Step = Step.CALLED_BY_ITSELF
    """How the call came about."""
    place_kept: str | None = None
    asked_about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One that can be asked for. `uk` and `en` say what it is."""

    uk: str
    en: str
    ready: Callable[[Stage, Scene], Awaitable[Talk]] = field(repr=False)


def _arriving(arrival: Arrival, begun: Step = Step.ARRIVED) -> Callable[[Stage, Scene], Awaitable[Talk]]:
    """Give the road of a call from its arrival to its end."""

    async def ready(stage: Stage, scene: Scene) -> Talk:
        async def speak(call: Call, _transcript: Transcript) -> None:
            await converse(call, arrival, stage.city)

        number = _number(scene, MARIIA)
        return Talk(number=number, speak=speak, begun=begun, asked_about=scene.about or None)

    return ready


async def _called_back(stage: Stage, scene: Scene) -> Talk:
    """Have them keep a place in the line for which a dispatcher is free now."""
    number = _number(scene, MARIIA)
    if number is None:
        raise NoScene(HIDDEN_NUMBER)
    now, line = stage.clock.now(), stage.storage.line
    await line.enter(KEPT, at=now)
    await stage.storage.kept_places.keep(KEPT, number, now)
    await line.pair(now)
    return _call_back(stage, number)


async def _cut_off(stage: Stage, scene: Scene) -> Talk:
    """Have a fault of ours end their wait in the line, where a dispatcher is free by now."""
    number = _number(scene, MARIIA)
    if number is None:
        raise NoScene(HIDDEN_NUMBER)
    now = stage.clock.now()
    await stage.storage.line.enter(KEPT, at=now)
    await stage.storage.kept_places.cut_off(CutOff(call_id=KEPT, number=number, arrived_at=now), now)
    return _call_back(stage, number)


def _call_back(stage: Stage, number: str) -> Talk:
    async def speak(call: Call, _transcript: Transcript) -> None:
        await converse(call, Arrival.CALLED_BACK, stage.city)

    return Talk(number=number, speak=speak, place_kept=KEPT)


class _Answers:
    """Shows what is taken down in a survey; implements `ivr_flows.completion_survey.AnswerSink`."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.settled = False

    def asks(self, question: Question) -> None:
        """Nothing: the question is heard."""

    async def answered(self, question: Question, given: KeyAnswer) -> None:
        self.settled = self.settled or given.means in FINAL
        means = f" ({given.means})" if given.means else ""
        self._transcript.happened(
            self._transcript.words.taken_down.format(what=f"{question.id} — {given.said}{means}")
        )


async def _survey(stage: Stage, scene: Scene) -> Talk:
    appeal = await _appeal(stage.storage, scene, CHECKED)
    form = await stage.storage.survey_forms.present(COMPLETION)

    async def speak(call: Call, transcript: Transcript) -> None:
        answers = _Answers(transcript)
        await call.note(Step.APPEAL_ASKED, appeal=appeal.number, theirs=True)
        ending = await completion_survey(
            call,
            form.form,
            survey_phrases.about(appeal),
            answers,
            appeal=appeal.number,
            may_record=not call.recording_refused,
            understanding=stage.city.understanding,
        )
        if answers.settled:
            await call.note(Step.INFORMED, about="survey")
        if ending in TO_A_PERSON:
            await to_dispatcher(stage.storage, stage.city)(call, urgent=ending is SurveyEnd.EMERGENCY)

    return Talk(number=_number(scene, appeal.applicant_number), speak=speak)


async def _outage(stage: Stage, scene: Scene) -> Talk:
    outage, number = await _outage_told(stage, scene), _number(scene, MARIIA) or ""
    watcher = await _watcher(stage, scene, outage, number)
    asks, now = scene.change is OutageChange.OVER, stage.clock.now()
    news = outage_over_phrases.news(outage, scene.change, stage.zone, now=now)
    disputes = outage_disputes(stage.storage, stage.zone)

    async def speak(call: Call, transcript: Transcript) -> None:
        async def answered(answer: WatcherAnswer) -> str | None:
            transcript.happened(transcript.words.taken_down.format(what=answer))
            if answer is not WatcherAnswer.NOT_RESTORED:
                return None
            return await disputes.take(watcher, outage, call_id=call.id, at=stage.clock.now())

        if await outage_over(call, news, answered, asks=asks) is Next.DISPATCHER:
            await to_dispatcher(stage.storage, stage.city)(call)

    return Talk(number=number, speak=speak)


async def _outage_told(stage: Stage, scene: Scene) -> Outage:
    """Find the outage, the first that holds unless it is told; one that is said to be over ends now."""
    outages, now = stage.storage.outages, stage.clock.now()
    holding = await outages.now(now)
    if scene.about:
        if not scene.about.isdigit():
            raise NoScene(UNREAD, name="about", typed=scene.about, expected="1")
        outage = await outages.get(int(scene.about))
    elif holding:
        outage = holding[0]
    else:
        raise NoScene(NO_OUTAGE)
    if scene.change is OutageChange.OVER and not outage.over:
        outage = await outages.end(outage.id, now, By())
    return outage


async def _watcher(stage: Stage, scene: Scene, outage: Outage, number: str) -> Watcher:
    watch = stage.storage.outage_watch
    await watch.watch(
        outage.id, channel=Channel.CALL, address=number, language=scene.lang, at=stage.clock.now()
    )
    return next(one for one in await watch.watchers(outage.id) if one.address == number)


async def _duty(stage: Stage, scene: Scene) -> Talk:
    appeal = await _appeal(stage.storage, scene, frozenset({AppealState.ASSIGNED}))
    handling = stage.storage.handling

    async def speak(call: Call, transcript: Transcript) -> None:
        async def accept() -> Acceptance:
            assigned = appeal.state is AppealState.ASSIGNED
            if assigned:
                act = Accept(by=SERVICE, at=stage.clock.now(), call_id=call.id)
                await handling.carry_out(appeal.number, act, version=None)
            transcript.happened(transcript.words.accepted[assigned])
            return Acceptance.ACCEPTED if assigned else Acceptance.NOT_NEEDED

        await duty_call(call, appeal, accept)

    return Talk(number=_number(scene, CONTACT), speak=speak)


async def _untaken(stage: Stage, scene: Scene) -> Talk:
    waits = frozenset({AppealState.REGISTERED, AppealState.ASSIGNED})
    appeal = await _appeal(stage.storage, scene, waits)
    since = duty_phrases.untaken(appeal, stage.zone, now=stage.clock.now())

    async def speak(call: Call, transcript: Transcript) -> None:
        async def take() -> Acceptance:
            words, needed = transcript.words, untaken(appeal)
            transcript.happened(words.taken if needed else words.accepted[False])
            return Acceptance.ACCEPTED if needed else Acceptance.NOT_NEEDED

        async def cannot() -> bool:
            transcript.happened(transcript.words.next_called)
            return True

        await untaken_call(call, appeal, since, take=take, cannot=cannot)

    return Talk(number=_number(scene, CONTACT), speak=speak)


async def _power(stage: Stage, scene: Scene) -> Talk:
    now = stage.clock.now()
    begins, ends = now + timedelta(minutes=30), now + timedelta(minutes=150)
    about = AboutPower(scene.about or AboutPower.OFF)
    news = power_call_phrases.news(about, begins, ends, stage.zone, now=now, moved=False)

    async def speak(call: Call, transcript: Transcript) -> None:
        async def heard() -> None:
            transcript.happened(transcript.words.taken_down.format(what=HEARD))

        async def stopped() -> None:
            transcript.happened(transcript.words.call_no_more)

        if await power_call(call, AT_HOME, news, heard, stopped) is Next.DISPATCHER:
            await to_dispatcher(stage.storage, stage.city)(call)

    return Talk(number=_number(scene, CONTACT), speak=speak)


async def _power_consent(stage: Stage, scene: Scene) -> Talk:
    async def speak(call: Call, transcript: Transcript) -> None:
        async def agreed(minutes: int) -> None:
            transcript.happened(transcript.words.taken_down.format(what=minutes))

        async def refused() -> None:
            transcript.happened(transcript.words.call_no_more)

        if await power_consent(call, AT_HOME, agreed, refused) is Next.DISPATCHER:
            await to_dispatcher(stage.storage, stage.city)(call)

    return Talk(number=_number(scene, CONTACT), speak=speak)


async def _equipment(_stage: Stage, scene: Scene) -> Talk:
    fault = equipment_phrases.fault(scene.about or ANY_EQUIPMENT, 1)

    async def speak(call: Call, transcript: Transcript) -> None:
        async def known() -> None:
            transcript.happened(transcript.words.equipment_known)

        await equipment_call(call, fault, known)

    return Talk(number=_number(scene, CONTACT), speak=speak)


class _Holding:
    """One in need; implements `ivr_flows.alarm_call.InNeed`. `gone`: they have hung up, or only wrote."""

    def __init__(self, number: str | None, *, gone: bool, wrote: bool) -> None:
        self._number = number
        self._wrote = wrote
        self._gone = gone

    def hold(self) -> bool:
        return not self._gone

    async def meet(self, call: Call) -> bool:
        return not self._gone and await call.meet(self._number or HIDDEN)

    def wrote(self) -> bool:
        return self._wrote

    def who_left(self) -> Left | None:
        return Left(self._number, self._wrote) if self._gone else None


async def _alarm(_stage: Stage, scene: Scene) -> Talk:
    """Who is in need is told by `about`: their number; `gone` behind it: they hung up; `wrote`: in a chat."""
    about, _, gone = scene.about.partition(" ")
    callers = _Holding(None if about == HIDDEN else about or MARIIA, gone=bool(gone), wrote=gone == "wrote")

    async def speak(call: Call, _transcript: Transcript) -> None:
        await alarm_call(call, callers)

    return Talk(number=_number(scene, CONTACT), speak=speak)


async def _informing(_stage: Stage, scene: Scene) -> Talk:
    text = scene.about or SAMPLE_NEWS
    news = Phrase(name="campaign-1", uk=text, en=text)

    async def speak(call: Call, transcript: Transcript) -> None:
        async def heard() -> None:
            transcript.happened(transcript.words.taken_down.format(what=WatcherAnswer.HEARD))

        async def call_no_more() -> None:
            transcript.happened(transcript.words.call_no_more)

        await informing_call(call, news, heard=heard, call_no_more=call_no_more)

    return Talk(number=_number(scene, MARIIA), speak=speak)


CONVERSATIONS: Mapping[str, Conversation] = {
    "incoming": Conversation(
        uk="дзвінок заявника, від привітання",
        en="a citizen calls, from the greeting on",
        ready=_arriving(Arrival.NEW),
    ),
    "in-menu": Conversation(
        uk="дзвінок, який у меню застав перезапуск служби",
        en="a call that was in the menu when the service went away for a moment",
        ready=_arriving(Arrival.IN_MENU),
    ),
    "in-line": Conversation(
        uk="дзвінок, який перезапуск застав у черзі",
        en="a call that was in the line then",
        ready=_arriving(Arrival.IN_LINE),
    ),
    "in-talk": Conversation(
        uk="дзвінок, який перезапуск застав у розмові",
        en="a call that was in a talk then",
        ready=_arriving(Arrival.IN_TALK),
    ),
    "called-out": Conversation(
        uk="диспетчер телефонує заявникові",
        en="a dispatcher calls a citizen",
        ready=_arriving(Arrival.CALLED, Step.CALLED_OUT),
    ),
    "called-back": Conversation(
        uk="заявникові телефонують, коли настала його черга",
        en="a caller whose place in the line was kept is called back",
        ready=_called_back,
    ),
    "cut-off": Conversation(
        uk="заявникові передзвонюють, бо зв'язок обірвався з нашої вини",
        en="a caller whom a fault of ours cut off is called back",
        ready=_cut_off,
    ),
    "survey": Conversation(
        uk="контрольний дзвінок: чи виконано (about: номер звернення)",
        en="an applicant is asked whether it was done (about: the appeal's number)",
        ready=_survey,
    ),
    "outage": Conversation(
        uk="дзвінок про відключення тому, хто просив повідомити (about: номер відключення)",
        en="who asked is told of an outage (about: its id)",
        ready=_outage,
    ),
    "duty": Conversation(
        uk="дзвінок черговому про аварію (about: номер звернення)",
        en="a duty contact is told of an emergency (about: the appeal's number)",
        ready=_duty,
    ),
    "untaken": Conversation(
        uk="старшому зміни — про аварію, якої ніхто не прийняв (about: номер звернення)",
        en="the senior of the shift is told of an emergency that nobody takes (about: the appeal's number)",
        ready=_untaken,
    ),
    "power": Conversation(
        uk="дзвінок перед зміною світла (about: power-off, power-maybe, power-on, power-called-off)",
        en="a landline is called before its power changes (about: which change)",
        ready=_power,
    ),
    "power-consent": Conversation(
        uk="дзвінок на стаціонарний номер: чи телефонувати перед зміною світла",
        en="a landline is asked whether to be called before its power changes",
        ready=_power_consent,
    ),
    "equipment": Conversation(
        uk="дзвінок відповідальному про обладнання (about: його назва)",
        en="somebody is told of equipment that is out of order (about: its name)",
        ready=_equipment,
    ),
    "alarm": Conversation(
        uk="дзвінок черговому, поки заявник чекає (about: номер заявника; «gone» — уже поклав слухавку)",
        en="a duty contact is rung while a caller holds (about: the caller's number; `gone`: hung up)",
        ready=_alarm,
    ),
    "informing": Conversation(
        uk="дзвінок-повідомлення мешканцеві (about: його текст)",
        en="a resident is told something (about: the text)",
        ready=_informing,
    ),
}


def _number(scene: Scene, usual: str | None) -> str | None:
    """Give the number of the other side: the scene's, or the usual one; None: hidden."""
    return scene.caller if scene.number else usual


async def _appeal(storage: Storage, scene: Scene, states: frozenset[AppealState]) -> Appeal:
    """Find the appeal that a call is about: the one that is told, or the first in such a state."""
    if scene.about:
        found = await storage.appeals.find(scene.about)
        if found is None:
            raise NoScene(NO_APPEAL, number=scene.about)
        return found
    listed = await storage.appeal_lists.find(AppealFilter(states=states), order=Order.OLDEST, limit=1)
    if listed:
        return listed[0].appeal
    raise NoScene(NO_APPEAL_FITS)
