"""Ports of the flows in a chat: an act on an appeal is done once, however often the flow is held anew.

A place that was said is known from there on, as on the telephone, and a subscription is kept once
(`told_ahead`). What else flows write says the same when
it is said again: a report is one a chat and utility, a watcher one an outage.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from attrs import define

from hotline.appeals.acts.act import Act
from hotline.appeals.appeal import Appeal
from hotline.appeals.applicants import Guesses
from hotline.appeals.handling import Entry
from hotline.appeals.word_codes import CodeCheck
from hotline.city.addresses import Address
from hotline.city.known_places import KnownPlaces
from hotline.errors import NotFound
from ivr_flows.ports import AsksSurveys, FlowPorts
from service.chats.reports import ReportsOfChats
from service.chats.told_ahead import AsksAheadInChat, ahead_way
from service.chats.written_call import WrittenCall


class AsksChat(Protocol):
    """Gives each chat its own way to be asked (`service.chats.surveys.SurveysOfChats`)."""

    def of(self, call: WrittenCall) -> AsksSurveys: ...


def ports_of(
    call: WrittenCall,
    city: FlowPorts,
    guesses: Guesses,
    reports: ReportsOfChats | None = None,
    surveys: AsksChat | None = None,
) -> FlowPorts:
    """Give the city's ports for this chat; `guesses` counts what all chats ask about others' appeals."""

    async def ask_back(number: str, at: datetime) -> None:
        async def done() -> None:
            """Nothing: it is owed already."""

        await call.once("ask-back", lambda: city.ask_back(number, at), done)

    async def heard_menu(number: str, since: datetime) -> bool:
        """Nobody's menu is cut short in a chat: it is read, and not listened to."""
        del number, since
        return False

    return replace(
        city,
        known_places=_Places(call, city.known_places),
        heard_menu=heard_menu,
        handling=_Handling(call, city),
        ask_back=ask_back,
        guesses=_Guesses(call, guesses),
        word_codes=_Codes(call, city.word_codes),
        ahead=ahead_way(call.medium, call.address, call.number, city.watcher_ways),
        subscriptions=AsksAheadInChat(call, city.subscriptions),
        chats=None,
        links=None,
        reports=None if reports is None else reports.of(call),
        surveys=None if surveys is None else surveys.of(call),
    )


@define
class _Handling:
    """`ivr_flows.ports.ActsOnAppeals`."""

    _call: WrittenCall
    _city: FlowPorts

    async def carry_out(self, number: str, act: Act, *, version: int | None) -> Appeal:
        async def present() -> Appeal:
            found = await self._city.appeals.find(number)
            if found is None:
                raise NotFound("There is no appeal %(number)s.", number=number)
            return found

        handling = self._city.handling
        return await self._call.once(
            f"{act.name} {number}", lambda: handling.carry_out(number, act, version=version), present
        )

    async def history(self, number: str, *, hidden: bool) -> Sequence[Entry]:
        return await self._city.handling.history(number, hidden=hidden)


@define
class _Places:
    """`hotline.city.known_places.KnownPlaces`: held anew, a flow knows no place before it is said there."""

    _call: WrittenCall
    _places: KnownPlaces

    async def addresses_of(self, number: str | None) -> Sequence[Address]:
        found = await self._places.addresses_of(number)
        return [one for one in found if not self._call.will_do(_said(one))]

    async def remember(self, number: str, address: Address, *, call_id: str, at: datetime) -> None:
        async def remember() -> None:
            await self._places.remember(number, address, call_id=call_id, at=at)

        async def done() -> None:
            """Nothing: it is kept already."""

        if not self._call.will_do(_said(address)) and address in await self._places.addresses_of(number):
            await remember()  # known before this chat: the flow goes the same road with it
        else:
            await self._call.once(_said(address), remember, done)


def _said(address: Address) -> str:
    return f"place {address.text}"


@define
class _Guesses:
    """`ivr_flows.ports.CountsGuesses`."""

    _call: WrittenCall
    _guesses: Guesses

    def take(self, number: str | None, at: datetime) -> bool:
        return self._call.decided("may-guess", lambda: self._guesses.take(number, at))


@define
class _Codes:
    """`hotline.appeals.word_codes.CodeCheck`."""

    _call: WrittenCall
    _codes: CodeCheck

    def holds(self, history: Sequence[Entry], number: str, typed: str) -> bool:
        return self._call.decided("code", lambda: self._codes.holds(history, number, typed))
