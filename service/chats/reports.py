"""Reports that residents write in chats: registered by the one act that their pages use as well."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from attrs import define

from hotline.appeals.proposing import Proposals
from hotline.chats.chats import Medium, WrittenFrom, chat_of
from hotline.city.classifier import Category
from hotline.contact.channel import Channel
from hotline.portal.report import Contact, ResidentReport, Source
from hotline.portal.reporting import Accepted, Known, Reporting
from service.chats.photos import PhotosOfChats
from service.chats.written_call import WrittenCall

SOURCES: Mapping[Medium, Source] = {
    Medium.WEB: Source.CHAT,
    Medium.TELEGRAM: Source.TELEGRAM,
    Medium.SMS: Source.SMS,
    Medium.VIBER: Source.GATEWAY,
    Medium.WHATSAPP: Source.GATEWAY,
}
_KEY_LETTERS = 24


@define(eq=False, repr=False, kw_only=True)
class ReportsOfChats:
    """Gives each chat its own way to register."""

    reporting: Reporting
    proposals: Proposals
    photos: PhotosOfChats

    def of(self, call: WrittenCall) -> "ReportsOfChat":
        return ReportsOfChat(call=call, all=self)


@define(eq=False, repr=False, kw_only=True)
class ReportsOfChat:
    """`ivr_flows.ports.TakesReports` of one chat."""

    _call: WrittenCall
    _all: ReportsOfChats

    async def proposed(self, text: str) -> Sequence[Category]:
        return [one.category for one in await self._all.proposals.of(text)]

    async def known(self, category: str, address: str) -> Known:
        return await self._all.reporting.known(category, address)

    async def report(self, *, text: str, category: str, address: str, joins: str) -> Accepted:
        call = self._call
        said = hashlib.sha256(f"{text}\n{category}\n{address}".encode()).hexdigest()
        accepted = await self._all.reporting.report(
            ResidentReport(
                key=f"{call.id}-{said[:_KEY_LETTERS]}",
                source=SOURCES[call.medium],
                sender=f"{call.medium}:{call.address}",
                category=category,
                address=address,
                text=text,
                contact=self._contact(),
                language=call.language,
                written_from=self._written_from(),
                joins=joins,
            )
        )
        photos = await self._all.photos.go_along(chat_of(call.id), accepted.appeal.number)
        return replace(accepted, photos=photos)

    def _written_from(self) -> WrittenFrom | None:
        """Give where they are asked later; a browser alone is nobody who can be asked."""
        call = self._call
        if call.medium is Medium.WEB and call.number is None:
            return None
        return WrittenFrom(chat_id=chat_of(call.id), medium=call.medium, address=call.address)

    def _contact(self) -> Contact | None:
        """Give their own number; the sender of a short message may be forged, and confirms nothing."""
        if self._call.number is None:
            return None
        confirmed = self._call.medium is not Medium.SMS
        return Contact(channel=Channel.SMS, address=self._call.number, confirmed=confirmed)
