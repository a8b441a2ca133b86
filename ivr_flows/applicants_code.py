"""The caller shows that the appeal is theirs, by the code of our message; or we call the applicant back."""

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.applicants_word import WrongCode
from hotline.appeals.appeal import Appeal
from hotline.appeals.word_codes import DIGITS, taken
from hotline.calls.conversation import Call, Next
from hotline.errors import HotlineError
from hotline.surveys.completion import can_be_called
from ivr_flows import appeal_phrases as said
from ivr_flows.ports import FlowPorts

TRIES = 2
AGREE, DISPATCHER = "1", "0"


async def shown_as_theirs(call: Call, city: FlowPorts, appeal: Appeal) -> Next | None:
    """Ask for the code; None once it was right, else where the call goes on."""
    return None if await keys_code(call, city, appeal) else await _called_back(call, city, appeal)


async def keys_code(call: Call, city: FlowPorts, appeal: Appeal) -> bool:
    """Ask for the code, twice at most; whether the caller has it."""
    before = [said.CODE_ASKED]
    for _ in range(TRIES):
        history = await city.handling.history(appeal.number, hidden=True)
        if not taken(history):
            break
        typed = await call.digits(*before, most=DIGITS, secret=True)
        if not typed:
            break
        if city.word_codes.holds(history, appeal.number, typed):
            return True
        await _note_wrong(call, city, appeal)
        before = [said.CODE_WRONG, said.CODE_ASKED]
    return False


async def may_key_code(city: FlowPorts, appeal: Appeal) -> bool:
    return taken(await city.handling.history(appeal.number, hidden=True))


async def _note_wrong(call: Call, city: FlowPorts, appeal: Appeal) -> None:
    act = WrongCode(by=SERVICE, at=city.clock.now(), call_id=call.id)
    try:
        await city.handling.carry_out(appeal.number, act, version=None)
    except HotlineError:  # somebody decided in this very moment, and no code is needed any more
        return


async def _called_back(call: Call, city: FlowPorts, appeal: Appeal) -> Next:
    """Offer to call the number that the register has, which nobody else answers."""
    now = await city.appeals.find(appeal.number) or appeal
    if not can_be_called(now, city.rules):
        await call.play(said.CODE_DISPATCHER)
        return Next.DISPATCHER
    if await call.choose(said.CODE_CALL_BACK, keys=f"{AGREE}{DISPATCHER}") != AGREE:
        return Next.DISPATCHER
    await city.ask_back(appeal.number, city.clock.now())
    await call.play(said.CODE_WE_CALL)
    return Next.HANG_UP
