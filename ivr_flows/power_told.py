"""When there is power at an address by the schedule of its queue, beside the outages that are told there."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.isolation import read_isolated
from hotline.power.forecast import Forecast, forecast
from hotline.power.queues import power_queues
from ivr_flows import power_phrases as said
from ivr_flows.ports import FlowPorts


async def power_at(call: Call, city: FlowPorts, address: Address) -> Forecast | None:
    """Look up what is known of the power there; None where nobody knows the queue, or it cannot be read."""
    queues = power_queues().at(address)
    if not queues:
        return None
    known = await read_isolated(
        city.power.known(), f"power schedules not looked up call_id={call.id}", otherwise=None
    )
    if known is None:
        return None
    now = city.clock.now()
    outages = [one for one in await city.outages.now(now) if one.utility is Utility.POWER]
    return forecast(known, queues, outages, now=now, zone=city.timezone, address=address)


async def tell_power(call: Call, city: FlowPorts, there: Forecast) -> None:
    """Tell it, and note it once it was heard to its end."""
    phrases = said.told(there, city.timezone, now=city.clock.now())
    if phrases and await call.announce(*phrases):
        await call.note(Step.INFORMED, about="power-schedule", queues=" ".join(there.queues))
