"""A call that reaches this phone: it can be left to ring, answered or rejected."""

from telephony.phone import sound as sounds
from telephony.phone.call import Call
from telephony.phone.line import Dialog, PhoneLine
from telephony.phone.media import Media
from telephony.phone.sdp import TYPE
from telephony.phone.signalling import Address
from telephony.phone.sip import Request, tag_of, user_of
from telephony.phone.timeline import End, EventKind, Timeline, Who

_REASONS = {480: "Temporarily Unavailable", 486: "Busy Here", 603: "Decline"}
_OK = 200


class IncomingCall(Call):
    """Handed out by `Phone.next_call`; until something is done with it, the caller hears nothing."""

    def __init__(
        self,
        line: PhoneLine,
        media: Media,
        dialog: Dialog,
        timeline: Timeline,
        invite: tuple[Request, Address],
    ) -> None:
        super().__init__(line, media, dialog, timeline)
        self.invite, self._source = invite
        """The INVITE as it came, with all its headers."""
        timeline.add(EventKind.RUNG, self.caller)

    @property
    def caller(self) -> str:
        """The user part of From."""
        return user_of(self.invite.first("From"))

    async def ring(self) -> None:
        """Tell the caller that it rings here (180). Raises CallGone when they gave up."""
        self._reply(180, "Ringing")
        self._timeline.add(EventKind.RUNG, "180")

    async def answer(self, sound: sounds.Sound = sounds.SILENCE) -> None:
        """Take the call. Raises CallGone when the caller gave up, NoCommonSound."""
        self._media.say(sound)
        body = self._media.answer_to(self.invite.body) if self.invite.body else self._media.offer()
        self._reply(_OK, "OK", body)
        self._answered()

    async def reject(self, code: int = 486) -> None:
        """Refuse: 486 busy, 603 declined, 480 away. Raises CallGone when the caller gave up."""
        self._reply(code, _REASONS.get(code, "Rejected"))
        self._over(End(Who.US, code, ""))

    async def hang_up(self) -> End:
        if self.answered_at is None and self.end is None:
            await self.reject(603)
        return await super().hang_up()

    def on_cancel(self, cancel: Request, source: Address) -> None:
        """Notice that the caller gave up."""
        self._line.signalling.respond(cancel, source, _OK, "OK", tag=tag_of(self.dialog.local))
        if self.answered_at is None and self.end is None:
            self._reply(487, "Request Terminated")
            self._over(End(Who.PEER, 487, cancel.first("Reason")))

    def _reply(self, code: int, reason: str, body: bytes = b"") -> None:
        if self.end is not None or self.answered_at is not None:
            raise self._gone
        headers = [("Contact", self._line.contact)]
        if body:
            headers.append(("Content-Type", TYPE))
        self._line.signalling.respond(
            self.invite, self._source, code, reason,
            tag=tag_of(self.dialog.local), headers=headers, body=body,
        )  # fmt: skip
