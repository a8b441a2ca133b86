"""The head switches the city's message by their own telephone: a key, a personal code, a few keys more."""

from hotline.access.phone_codes import LONGEST, CodeRefused
from hotline.access.users import User
from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.informing.city_messages import CityMessage, MessageBy
from hotline.voice.speech import Phrase
from hotline.voice.voice_recordings import SoundRefused
from ivr_flows import message_phrases as said
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts

TRIES = 3
TURNS = 20
"""A telephone left off the hook does not stay in this menu for ever."""
LONGEST_DICTATED = 90
KEYS = "123456789"


async def city_message_by_phone(call: Call, city: FlowPorts) -> Next:
    """Ask for the code; a caller without one goes to the menu like any other."""
    user = await _known(call, city)
    if user is None:
        return Next.MENU
    by = MessageBy(user_id=user.id, call_id=call.id)
    before: tuple[Phrase, ...] = ()
    for _ in range(TURNS):
        match await call.choose(*before, *await _state(city), said.KEYS, keys="123"):
            case "1":
                before = await _switch_on(call, city, by)
            case "2":
                before = await _switch_off(call, city, by)
            case "3":
                before = await _dictate(call, city, by)
            case None:
                break
            case _:
                before = (prompts.WRONG_KEY,)
    return Next.GOODBYE


async def _known(call: Call, city: FlowPorts) -> User | None:
    before: tuple[Phrase, ...] = ()
    for _ in range(TRIES):
        code = await call.digits(*before, said.ASK_CODE, most=LONGEST, secret=True)
        if not code:
            return None
        match await city.codes.whose(code, number=call.number, call_id=call.id):
            case CodeRefused.TOO_MANY:
                await call.note(Step.CODE_PRESSED, result=CodeRefused.TOO_MANY.value)
                await call.play(said.TOO_MANY_CODES)
                return None
            case CodeRefused.WRONG:
                await call.note(Step.CODE_PRESSED, result=CodeRefused.WRONG.value)
                before = (said.WRONG_CODE,)
            case User() as user:
                await call.note(Step.CODE_PRESSED, result="right")
                return user
    await call.play(said.WRONG_CODE)
    return None


async def _state(city: FlowPorts) -> tuple[Phrase, ...]:
    on = await city.messages.on(city.clock.now())
    return (said.IS_OFF,) if on is None else (said.IS_ON, on.phrase)


async def _switch_on(call: Call, city: FlowPorts, by: MessageBy) -> tuple[Phrase, ...]:
    """Let one be chosen, say it, and switch it on once that is confirmed."""
    offered = dict(zip(KEYS, await city.messages.all(), strict=False))
    if not offered:
        return (said.NONE_PREPARED,)
    choices = [said.choice(message, key) for key, message in offered.items()]
    chosen = offered.get(await call.choose(*choices, keys="".join(offered)) or "")
    if chosen is None or await call.choose(chosen.phrase, said.SURE, keys="12") != "1":
        return ()
    return await _on(call, city, by, chosen)


async def _switch_off(call: Call, city: FlowPorts, by: MessageBy) -> tuple[Phrase, ...]:
    was = await city.messages.switch_off(by)
    if was is not None:
        await call.note(Step.CITY_MESSAGE, act="off", message=was.id)
    return (said.SWITCHED_OFF,)


async def _dictate(call: Call, city: FlowPorts, by: MessageBy) -> tuple[Phrase, ...]:
    """Take a new one down, say it back, and switch it on once that is confirmed."""
    for _ in range(TRIES):
        await call.play(said.DICTATE)
        spoken = await call.dictate(most_seconds=LONGEST_DICTATED)
        try:
            message = await city.dictated(spoken.message, by)
        except SoundRefused:
            return (prompts.MESSAGE_EMPTY,)
        answer = await call.choose(message.phrase, said.DICTATED_KEYS, keys="123")
        if answer == "1":
            return await _on(call, city, by, message)
        await city.messages.remove(message.id, by)
        if answer != "2":
            break
    return ()


async def _on(call: Call, city: FlowPorts, by: MessageBy, message: CityMessage) -> tuple[Phrase, ...]:
    await city.messages.switch_on(message.id, by)
    await call.note(Step.CITY_MESSAGE, act="on", message=message.id)
    return (said.SWITCHED_ON,)
