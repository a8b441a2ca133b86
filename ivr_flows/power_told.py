"""When there is power at an address by the schedule of its queue, beside the outages that are told there."""

from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.isolation import read_isolated
from hotline.power.accounts import LONGEST_ACCOUNT
from hotline.power.forecast import Forecast, days_told, forecast
from hotline.power.queues import power_queues
from hotline.power.schedule import KnownPower
from ivr_flows import power_phrases as said
from ivr_flows.ports import FlowPorts


async def power_at(call: Call, city: FlowPorts, address: Address | None) -> Forecast | None:
    """Look up what is known of the power there; None where there is nothing to be told, or it cannot be read.

    Of a house whose queue nobody knows that is told while there are schedules. Without an address only
    emergency cuts are told, which hold for all.
    """
    known = await _known(call, city)
    if known is None:
        return None
    queues = () if address is None else power_queues().at(address)
    asked = address is not None and address.house and _of_today(known, city)
    if not (queues or asked or known.emergency):
        return None
    now = city.clock.now()
    outages = [one for one in await city.outages.now(now) if one.utility is Utility.POWER]
    return forecast(known, queues, outages, now=now, zone=city.timezone, address=address)


async def asked_by_schedules(call: Call, city: FlowPorts) -> bool:
    """Tell whether a caller without a known address is to be asked for it: schedules hold by house."""
    known = await _known(call, city)
    holds = known is not None and known.emergency is None and _of_today(known, city)
    return holds and bool(power_queues().queues)


async def tell_power(call: Call, city: FlowPorts, there: Forecast) -> None:
    """Tell it, and note it once it was heard to its end; of a house without a queue ask for the account."""
    phrases = said.told(there, city.timezone, now=city.clock.now())
    if phrases and await call.announce(*phrases):
        await call.note(Step.INFORMED, about="power-schedule", queues=" ".join(there.queues))
    if said.NO_QUEUE in phrases and (found := await _by_account(call, city)) is not None:
        await tell_power(call, city, found)


async def _by_account(call: Call, city: FlowPorts) -> Forecast | None:
    """Ask for the number of their account, where the supplier has told us of accounts; it is not noted."""
    if not await read_isolated(
        city.accounts.any(), f"accounts not looked for call_id={call.id}", otherwise=False
    ):
        return None
    typed = await call.digits(said.ASK_ACCOUNT, most=LONGEST_ACCOUNT, secret=True)
    if not typed:
        return None
    queue = await city.accounts.queue_of(typed)
    known = None if queue is None else await _known(call, city)
    if queue is None or known is None:
        await call.announce(said.NO_ACCOUNT)
        return None
    return forecast(known, [queue], (), now=city.clock.now(), zone=city.timezone)


async def _known(call: Call, city: FlowPorts) -> KnownPower | None:
    return await read_isolated(
        city.power.known(), f"power schedules not looked up call_id={call.id}", otherwise=None
    )


def _of_today(known: KnownPower, city: FlowPorts) -> bool:
    days = days_told(city.clock.now(), city.timezone)
    return any(day in days for _, day in known.schedules)
