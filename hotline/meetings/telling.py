"""Notices to invitees: that they are invited, that it is moved or called off, that they need not come."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.meetings.meetings import Invitee, Meeting
from hotline.voice.speech import Language

INVITEE = "invitee"
"""The recipient: `invitee:12`; the link in the notice is theirs."""
INVITED = "meeting-invited"
MOVED = "meeting-moved"
CALLED_OFF = "meeting-called-off"
STRUCK = "meeting-struck"


@dataclass(frozen=True, slots=True)
class Told:
    """An invitee, and what they are told."""

    invitee: Invitee
    about: str


def notices(meeting: Meeting, told: Sequence[Told]) -> Sequence[NewNotice]:
    """Write a notice by each address that an invitee has; the closed account of a user is told nothing."""
    return [
        NewNotice(
            matter=f"meeting-{meeting.id}-{meeting.edition}",
            to=f"{INVITEE}:{one.invitee.id}",
            channel=channel,
            address=address,
            about=one.about,
            facts=_facts(meeting),
        )
        for one in told
        if not one.invitee.gone
        for channel, address in _ways(one.invitee)
    ]


def _ways(invitee: Invitee) -> Sequence[tuple[Channel, str]]:
    """Give the mail address; a short message goes only to those who have none."""
    if invitee.email:
        return [(Channel.EMAIL, invitee.email)]
    return [(Channel.SMS, invitee.number)] if invitee.number else []


def _facts(meeting: Meeting) -> dict[str, object]:
    agenda = "\n".join(
        f"{number}. {one.text}" + (f" ({one.speaker})" if one.speaker else "")
        for number, one in enumerate(meeting.agenda, 1)
    )
    texts = {
        "topic": meeting.topic,
        "place": meeting.place,
        "host": meeting.host,
        "agenda": agenda,
        "why": meeting.why,
    }
    return notice_facts(Language.UKRAINIAN, texts=texts, moments={"at": meeting.begins_at})
