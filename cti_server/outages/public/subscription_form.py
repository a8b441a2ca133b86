"""Reads what somebody who subscribes has typed: where, and to which mailbox or telephone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiohttp import web

from cti_server.frame.language import N_
from cti_server.frame.pages import PAGES
from cti_server.keys import SMS_PREFIXES
from cti_server.outages.public.address_query import LONGEST_ADDRESS
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.words import Words
from hotline.city.addresses import Address
from hotline.city.city_rules import Hours
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164, gets_sms, takes_sms
from hotline.errors import NotFound
from hotline.outages.outage import Outage
from hotline.outages.subscriptions import MINUTES_AHEAD, PowerAhead, SubscriptionRequest
from hotline.power.queues import power_queues
from hotline.voice.speech import Language

NO_ADDRESS = N_("We do not know such an address.")
NO_HOUSE = N_("Write the number of the house as well: each house has its queue.")
NO_QUEUE = N_("We do not know the queue of this house.")
NO_CONTACT = N_("Write an e-mail address or the number of a mobile telephone.")
INTERPRETERS_NUMBER = N_("This is the interpreters' number: what we write would not reach you. Write yours.")
NO_SMS_THERE = N_("We send no short messages to this number: write an e-mail address, or another number.")
POWER = "power"
"""In the field `about`: they subscribe to the changes of the power."""
POWER_AT = N_("power by schedule, %(place)s")
HOURS = range(24)
_LONGEST_ID = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRequest:
    """The form as typed, the findings for it, and its faults, in English, by field."""

    address: str = ""
    contact: str = ""
    place: Address | None = None
    outage: Outage | None = None
    power: PowerAhead | None = None
    """When they are told of the power; None: they subscribe to outages."""
    way: tuple[Channel, str] | None = None
    """Channel and contact, as they are kept."""
    faults: Mapping[str, str] = field(default_factory=dict)

    def about(self, words: Words) -> str:
        """Return the subject of the subscription, in words."""
        if self.outage is not None:
            return f"{words.title(self.outage)} ({'; '.join(words.where(self.outage))})"
        place = self.place.text if self.place else ""
        return words.say(POWER_AT) % {"place": place} if self.power else place

    def wish(self, language: str) -> SubscriptionRequest | None:
        """Return the request; None for a form with faults."""
        if self.way is None or self.faults:
            return None
        channel, contact = self.way
        outage_id = self.outage.id if self.outage else None
        return SubscriptionRequest(
            channel=channel,
            contact=contact,
            language=Language(language),
            place=self.place,
            outage_id=outage_id,
            power=self.power,
        )


async def asked_for(request: web.Request, given: Mapping[str, object]) -> TypedRequest:
    """Find the place or the outage; raises NotFound for an outage that is not there, or over."""
    address, outage = str(given.get("address", "")), str(given.get("outage", ""))
    power = _ahead(given, request.app[PUBLIC].power_quiet) if given.get("about") == POWER else None
    typed = TypedRequest(address=" ".join(address.split())[:LONGEST_ADDRESS], power=power)
    if outage:
        if not (outage.isascii() and outage.isdecimal() and len(outage) <= _LONGEST_ID):
            raise NotFound("There is no such outage.")
        found = await request.app[PUBLIC].published.outages.get(int(outage))
        if found.over:
            raise NotFound("This outage is over.")
        return replace(typed, outage=found)
    if typed.address:
        return replace(typed, place=(await request.app[PUBLIC].streets.gazetteer()).locate(typed.address))
    return typed


async def filled_in(request: web.Request) -> TypedRequest:
    """Read the form that was sent."""
    form = await request.post()
    typed = await asked_for(request, form)
    contact = str(form.get("contact", "")).strip()[:LONGEST_ADDRESS]
    way, fault, faults = way_to(contact, request.app[SMS_PREFIXES]), contact_fault(request, contact), {}
    if typed.outage is None and typed.place is None:
        faults["address"] = NO_ADDRESS
    elif typed.power and typed.place and not power_queues().at(typed.place):
        faults["address"] = NO_QUEUE if typed.place.house else NO_HOUSE
    if fault:
        faults["contact"] = fault
    return replace(typed, contact=contact, way=way, faults=faults)


def _ahead(given: Mapping[str, object], quiet: Hours) -> PowerAhead:
    """Read how long before a change they are told, and when not; what is none of the choices is the usual."""
    usual = PowerAhead.usual(quiet)
    chosen = {name: str(given.get(name, "")) for name in ("minutes", "quiet_from", "quiet_until")}
    return PowerAhead(
        minutes=_among(chosen["minutes"], MINUTES_AHEAD, usual.minutes),
        quiet_from=_among(chosen["quiet_from"], HOURS, usual.quiet_from),
        quiet_until=_among(chosen["quiet_until"], HOURS, usual.quiet_until),
    )


def _among(text: str, choices: Sequence[int], otherwise: int) -> int:
    return next((one for one in choices if str(one) == text), otherwise)


def contact_fault(request: web.Request, contact: str) -> str:
    """Say why a resident cannot be told there; empty where they can."""
    number = e164(contact)
    if request.app[PAGES].interpreters.theirs(number):
        return INTERPRETERS_NUMBER
    if way_to(contact, request.app[SMS_PREFIXES]) is None:
        return NO_SMS_THERE if takes_sms(number) else NO_CONTACT
    return ""


def way_to(contact: str, prefixes: Sequence[str]) -> tuple[Channel, str] | None:
    """Read an e-mail address or a number to which short messages go; None for anything else."""
    if "@" in contact:
        mail = mail_address(contact)
        return (Channel.EMAIL, mail) if mail else None
    number = e164(contact)
    return (Channel.SMS, number) if number and gets_sms(number, prefixes) else None
