"""Calls of campaigns: from a campaign's list of people to a telephone, from a key to "reached"."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.dialling.campaigns import TRIAL, CampaignCalls, Person
from hotline.dialling.dialler import Attempt, Errand, Result
from hotline.people.do_not_call import DoNotCall, Unwanted
from hotline.voice.speech import Language, Voice
from ivr_flows.informing_call import informing_call
from ivr_flows.informing_phrases import news
from telephony.ids import OUT_PREFIX
from telephony.voice.engines import SynthesisError

NAME = "campaign"


class CampaignErrands:
    """Implements `hotline.dialling.dialler.Source` on running campaigns."""

    name = NAME

    def __init__(self, people: CampaignCalls, do_not_call: DoNotCall, *, voice: Voice, clock: Clock) -> None:
        self._people = people
        self._do_not_call = do_not_call
        self._voice = voice
        self._clock = clock
        self._called: dict[str, Person] = {}

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        return [self._errand(person) for person in await self._people.claim(at, most)]

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        await self._people.renew([_person_id(one) for one in errands], at)

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        self._called.pop(errand.name, None)
        call_id = OUT_PREFIX + errand.call
        await self._people.ended(_person_id(errand), result, at, attempt=errand.attempt, call_id=call_id)

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        self._called.pop(errand.name, None)
        await self._people.put_off(_person_id(errand), until, at, attempt=errand.attempt)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        return await self._people.left_behind(renewed_before, at)

    async def prepare(self, errand: Errand) -> None:
        campaign = self._called[errand.name].campaign
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(news(campaign), Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Say the campaign's text. What a key says is on disk before the answer to it is heard."""
        person = self._called[attempt.errand.name]

        async def heard() -> None:
            attempt.settled = True
            now, attempt_of = self._clock.now(), attempt.errand.attempt
            await self._people.ended(person.id, Result.SETTLED, now, attempt=attempt_of, call_id=call.id)

        async def call_no_more() -> None:
            unwanted = Unwanted(number=person.number, reason="", at=self._clock.now(), call_id=call.id)
            if person.about != TRIAL:
                await self._do_not_call.add(unwanted)
            await heard()

        await informing_call(call, news(person.campaign), heard=heard, call_no_more=call_no_more)

    def _errand(self, person: Person) -> Errand:
        campaign = person.campaign
        errand = Errand(
            name=f"{NAME}-{person.id}",
            attempt=person.attempt,
            claimed_at=person.changed_at,
            number=person.number,
            kind=campaign.kind,
            exempt=campaign.exempt,
        )
        self._called[errand.name] = person
        return errand


def _person_id(errand: Errand) -> int:
    return int(errand.name.removeprefix(f"{NAME}-"))
