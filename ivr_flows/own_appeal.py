"""An appeal of the caller's own telephone: told whole; confirmed, disputed, a "no" taken back, by a key."""

from collections.abc import Awaitable, Callable, Sequence

from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import NotYours
from hotline.appeals.acts.applicants_word import Confirm, Dispute, TakeNoBack, no_back_until
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.applicants import by_call, dispute_until, may_confirm, may_dispute, still_asked
from hotline.appeals.handling import Overtaken
from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next, Spoken
from hotline.errors import ForbiddenTransition, TelephonyError
from hotline.voice.speech import Phrase
from ivr_flows import appeal_phrases as said
from ivr_flows import prompts
from ivr_flows.applicants_code import keys_code, may_key_code, shown_as_theirs
from ivr_flows.in_writing import WRITING, in_writing, writing_offered
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import yes_or_no

MISTAKES_BORNE = 3
LONGEST_REMARK_SECONDS = 120
DONE, NOT_DONE, AGAIN, HEAR, ANOTHER, DISPATCHER = "1", "2", "3", "5", "9", "0"
RATINGS, TAKE_BACK = "12345", "*"
NO_REMARK = Spoken(message="", seconds=0.0)
_TakesWord = Callable[[Call, FlowPorts, Appeal], Awaitable[Next | None]]


async def own_appeal(call: Call, city: FlowPorts, appeal: Appeal, *, shown: bool = False) -> Next:
    """Say its state; read the answer and take the word by code. Silence leads back to the menu.

    `shown`: they have shown by its code that it is theirs.
    """
    await call.note(Step.APPEAL_ASKED, appeal=appeal.number, theirs=True)
    await _tell(call, city, appeal)
    mistakes = 0
    while mistakes < MISTAKES_BORNE:
        offered = await _offered(call, city, appeal, shown=shown)
        match await _choice(call, city, appeal, offered, mistaken=mistakes > 0):
            case None:
                return Next.MENU
            case key if key == ANOTHER:
                return Next.APPEAL_STATE
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case key if key == WRITING and writing_offered(call, city):
                await in_writing(call, city, Next.APPEAL_STATE, about=appeal.number)
                continue
            case key if key == HEAR and key in offered:
                shown = shown or await keys_code(call, city, appeal)
                await _read_answer(call, appeal, shown=shown)
                mistakes = 0
                continue
            case key if key in offered:
                if (going := await _take_word(call, city, appeal, key, shown=shown)) is not None:
                    return going
            case key if key != AGAIN:
                mistakes += 1
                continue
        mistakes = 0
        appeal = await city.appeals.find(appeal.number) or appeal
        await _tell(call, city, appeal)
    return Next.DISPATCHER


async def _tell(call: Call, city: FlowPorts, appeal: Appeal) -> None:
    told = await told_of(appeal, city)
    if said.written_answer(appeal) and not await may_key_code(city, appeal):
        told = [*told, said.ANSWER_DISPATCHER]
    if await call.announce(*told):
        await call.note(Step.INFORMED, about="appeal", appeal=appeal.number)


async def _read_answer(call: Call, appeal: Appeal, *, shown: bool) -> None:
    """Read it to the applicant; a caller who cannot show that it is theirs is sent to a dispatcher for it."""
    await call.announce(*(said.written_answer(appeal) if shown else [said.ANSWER_DISPATCHER]))


async def told_of(appeal: Appeal, city: FlowPorts) -> Sequence[Phrase]:
    """Say all that an applicant hears of it now without a code."""
    now, rules = city.clock.now(), city.rules
    executor = None if appeal.executor_id is None else await city.executors.get(appeal.executor_id)
    until = dispute_until(appeal, now, rules)
    return said.for_applicant(appeal, executor, rules.timezone, now=now, dispute_until=until)


async def _offered(call: Call, city: FlowPorts, appeal: Appeal, *, shown: bool) -> str:
    """Give the keys by which they hear the answer, and may say whether it is done."""
    by = by_call(call.id)
    hear = HEAR if said.written_answer(appeal) and (shown or await may_key_code(city, appeal)) else ""
    confirm = DONE if may_confirm(appeal, by) else ""
    now = city.clock.now()
    dispute = NOT_DONE if may_dispute(appeal, by, now, city.rules) else ""
    take_back = DONE if no_back_until(appeal, now, city.rules) else ""
    return hear + confirm + dispute + take_back


async def _choice(call: Call, city: FlowPorts, appeal: Appeal, offered: str, *, mistaken: bool) -> str | None:
    takes_back = appeal.state is AppealState.DISPUTED
    asked = said.choices(
        appeal,
        may_hear=HEAR in offered,
        may_confirm=DONE in offered and not takes_back,
        may_dispute=NOT_DONE in offered,
        may_take_back=DONE in offered and takes_back,
    )
    before = [prompts.WRONG_KEY] if mistaken else []
    writes = writing_offered(call, city)
    keys = f"{offered}{AGAIN}{ANOTHER}{DISPATCHER}{WRITING if writes else ''}"
    return await call.choose(*before, *asked, *writes, keys=keys)


async def _take_word(call: Call, city: FlowPorts, appeal: Appeal, key: str, *, shown: bool) -> Next | None:
    """Carry out their choice; None to say the state again, since nothing changed or others acted."""
    if not shown and (going := await shown_as_theirs(call, city, appeal)) is not None:
        return going
    try:
        return await _word_by(key, appeal)(call, city, appeal)
    except Overtaken:
        await call.play(said.CHANGED_MEANWHILE)
        return None
    except (ForbiddenTransition, NotYours, ActFault):
        await call.play(said.NOT_POSSIBLE_NOW)
        return Next.DISPATCHER


def _word_by(key: str, appeal: Appeal) -> _TakesWord:
    if key == NOT_DONE:
        return _dispute
    return _take_no_back if appeal.state is AppealState.DISPUTED else _confirm


async def _confirm(call: Call, city: FlowPorts, appeal: Appeal) -> Next | None:
    by = by_call(call.id)
    try:
        key = await call.choose(said.RATE_WORK, keys=f"{RATINGS}{TAKE_BACK}#")
    except TelephonyError:  # who hangs up instead of rating has said that it is done
        await _carry_out(call, city, appeal, Confirm(by=by, at=city.clock.now()))
        raise
    if key == TAKE_BACK:
        return None
    rating = int(key) if key and key in RATINGS else None
    await _carry_out(call, city, appeal, Confirm(by=by, at=city.clock.now(), rating=rating))
    await call.play(said.APPEAL_CONFIRMED)
    return Next.MENU


async def _dispute(call: Call, city: FlowPorts, appeal: Appeal) -> Next | None:
    sure = await yes_or_no(call, city.understanding, said.DISPUTE_SURE, yes=NOT_DONE, no=AGAIN)
    if sure != NOT_DONE:
        return None
    by = by_call(call.id)
    try:
        remark = await _remark(call, appeal)
    except TelephonyError:  # who hangs up instead of explaining has said twice that it is not done
        await _carry_out(call, city, appeal, Dispute(by=by, at=city.clock.now()))
        raise
    act = Dispute(by=by, at=city.clock.now(), remark=remark.message, reason=remark.words)
    then = await _carry_out(call, city, appeal, act)
    await call.play(*said.returned(then, city.rules.timezone, now=city.clock.now()))
    return Next.MENU


async def _take_no_back(call: Call, city: FlowPorts, appeal: Appeal) -> Next | None:
    if await call.choose(said.TAKE_NO_BACK_SURE, keys=f"{DONE}{AGAIN}") != DONE:
        return None
    await _carry_out(call, city, appeal, TakeNoBack(by=by_call(call.id), at=city.clock.now()))
    await call.play(said.NO_TAKEN_BACK)
    return Next.MENU


async def _remark(call: Call, appeal: Appeal) -> Spoken:
    """Record the remark, or have it written; NO_REMARK when there is none, or they refuse to be recorded."""
    if call.recording_refused:
        return NO_REMARK
    await call.play(said.DISPUTE_REMARK)
    spoken = await call.record(most_seconds=LONGEST_REMARK_SECONDS, appeal=appeal.number)
    return spoken if spoken.seconds or spoken.words else NO_REMARK


async def _carry_out(call: Call, city: FlowPorts, appeal: Appeal, act: Act) -> Appeal:
    """Do it once. What others did meanwhile does not matter where the applicant's word still answers it."""
    version = appeal.version
    while True:
        try:
            then = await city.handling.carry_out(appeal.number, act, version=version)
        except Overtaken as overtaken:
            if not still_asked(overtaken.since):
                raise
            version = overtaken.appeal.version
        else:
            await call.note(Step.APPEAL_ANSWERED, appeal=appeal.number, act=act.name)
            return then
