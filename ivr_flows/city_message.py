"""The message to the whole city, told to everybody who calls while it is on."""

from hotline.calls import Step
from hotline.conversation import Call
from hotline.speech import Phrase
from ivr_flows import prompts
from ivr_flows.city import City


async def news(call: Call, city: City) -> list[Phrase]:
    """Find what is to be told to this caller before anything else; nothing when they were told it before."""
    message = await city.messages.on(city.clock.now())
    if message is None or call.was_told(message.phrase):
        return []
    return [prompts.CITY_MESSAGE, message.phrase]


async def tell_news(call: Call, city: City) -> None:
    """Tell it, also to those who pressed a key in the greeting; a new key cuts it short."""
    told = await news(call, city)
    if told and await call.announce(*told, insist=True):
        await call.note(Step.INFORMED, about="city-message")
