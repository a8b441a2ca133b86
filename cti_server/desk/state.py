"""All that a desk shows at this moment, read from the database: for the page, and after every gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cti_server.desk.called_for import Called, TalkForHead, for_heads, read_called, talk_for_head
from cti_server.desk.listened import ListenedBy, read_listened
from cti_server.desk.missed import Missed, read_missed
from cti_server.desk.parts import part
from cti_server.desk.progressive_view import ProgressiveView, read_view
from cti_server.desk.services import SERVICES
from cti_server.desk.sources import Sources
from cti_server.desk.story import Story, find_story, read_story
from cti_server.frame.pages import Pages
from cti_server.frame.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.chats.chats import Chat
from hotline.desk.callers import WaitingCaller
from hotline.line.line import Dispatcher
from hotline.line.presence_states import CALLING_OUT
from hotline.line.queue_entry_states import QueueEntryState
from hotline.outages.alerts import Alert
from hotline.speech.live import LiveTalk

IN_HAND_FOR = timedelta(hours=12)
MOST_CARDS = 3
LONGEST_NOTES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A call in hand: being talked on, or not put aside yet."""

    story: Story
    notes: str
    talking: bool
    heard: LiveTalk | None = None
    """What is said in it, as far as it is written along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One desk. `ringing` is the caller offered right now, or who is being called from it.

    The latest of `cards` comes first.
    """

    me: Dispatcher
    line: Sequence[WaitingCaller]
    chats: Sequence[Chat]
    """Chats whose residents wait for a dispatcher, in the order in which the desk lists them."""
    missed: Missed
    progressive: ProgressiveView
    alerts: Sequence[Alert]
    ringing: Story | None
    cards: Sequence[Card]
    at: datetime
    listened: ListenedBy | None = None
    """The supervisor who listens to the present talk."""
    to_head: TalkForHead | None = None
    """The talk that goes on, as it stands with the head."""
    heads: Mapping[str, object]
    """Calls for help and threats, on a head's desk; empty on a dispatcher's."""
    forms: Sequence[str]
    """The calls whose appeal forms were left half filled in, the latest first."""

    @property
    def half_filled(self) -> str | None:
        """The call whose form is open when the desk opens: while somebody is on the line, only their own.

        Else of a call in hand before any other.
        """
        on_line = {card.story.call_id for card in self.cards if card.talking}
        if self.ringing:
            on_line.add(self.ringing.call_id)
        in_hand = on_line or {card.story.call_id for card in self.cards}
        return next((one for one in self.forms if one in in_hand or not in_hand), None)

    @property
    def stories(self) -> Sequence[Story]:
        """All callers of whom the desk shows more than the number."""
        ringing = [self.ringing] if self.ringing else []
        return [*ringing, *(card.story for card in self.cards)]

    @property
    def on_line(self) -> Story | None:
        """The caller who rings, is called, or is talked with."""
        return self.ringing or next((card.story for card in self.cards if card.talking), None)

    @property
    def context(self) -> dict[str, Any]:
        """The context of the templates."""
        return {
            "me": self.me,
            "line": self.line,
            "chats": self.chats,
            "missed": self.missed,
            "progressive": self.progressive,
            "alerts": self.alerts,
            "ringing": self.ringing,
            "on_line": self.on_line,
            "listened": self.listened,
            "to_head": self.to_head,
            **self.heads,
            "talking": self.ringing is None,
            "cards": self.cards,
            "at": self.at,
            "half_filled": self.half_filled,
            "longest_notes": LONGEST_NOTES,
            "SERVICES": SERVICES,
        } | dict(CONTEXT)


async def read_state(sources: Sources, user: User, dispatcher_id: int) -> State:
    """Read the whole state; raises NotFound for a desk that has gone."""
    now = sources.clock.now()
    line = await sources.callers.in_line()
    missed = (await read_missed(sources)).on_desk_of(user.id)
    me = await sources.dispatchers.get(dispatcher_id)
    called = await read_called(sources)
    seen = called if user.may(Permission.SUPERVISE) else Called()
    return State(
        me=me,
        line=line,
        chats=sources.chats_waiting(),
        missed=missed,
        progressive=await read_view(sources, dispatcher_id, missed.entries),
        alerts=await sources.alerts.open(),
        ringing=await _ringing(sources, me, line),
        cards=await read_cards(sources, user.id, dispatcher_id),
        at=now,
        listened=await read_listened(sources, dispatcher_id),
        to_head=talk_for_head(called, [one.entry for one in line], dispatcher_id, now),
        heads=for_heads(seen, {one.id: one for one in await sources.dispatchers.all()}),
        forms=await sources.forms.saved(user.id, now - IN_HAND_FOR),
    )


async def read_cards(sources: Sources, user_id: int, dispatcher_id: int) -> Sequence[Card]:
    """Read the calls in hand, the latest first."""
    in_hand = await sources.drafts.in_hand(user_id, dispatcher_id, sources.clock.now() - IN_HAND_FOR)
    return [
        Card(
            story=await find_story(sources, one.call_id),
            notes=one.notes,
            talking=one.ended_at is None,
            heard=sources.live.handed(one.call_id),
        )
        for one in in_hand[:MOST_CARDS]
    ]


def fragments(pages: Pages, language: str, state: State) -> str:
    """Write all parts of the desk, each under its own id; the latest card last, as it goes to the top."""
    names = ("listened", "for_head", "to_head", "presence", "line", "missed", "alerts")
    parts = [part(pages, language, name, **state.context) for name in names]
    parts.append(part(pages, language, "pop", story=state.ringing))
    parts += [card_part(pages, language, card, state.at) for card in reversed(state.cards)]
    shown = state.ringing or (state.cards[0].story if state.cards else None)
    parts.append(part(pages, language, "who", story=shown))
    parts.append(bar(pages, language, state.on_line, state.at, talking=state.ringing is None))
    return "".join(parts)


def bar(pages: Pages, language: str, on_line: Story | None, at: datetime, *, talking: bool) -> str:
    """Write who is on the line; `at` is since when, where the journey does not tell."""
    return part(pages, language, "bar", on_line=on_line, talking=talking, at=at)


def card_part(pages: Pages, language: str, card: Card, at: datetime) -> str:
    return part(
        pages,
        language,
        "card",
        story=card.story,
        notes=card.notes,
        talking=card.talking,
        heard=card.heard,
        call_id=card.story.call_id,
        at=at,
        longest_notes=LONGEST_NOTES,
    )


def called_by(me: Dispatcher, line: Sequence[WaitingCaller]) -> WaitingCaller | None:
    """Find the call that this dispatcher places, while nobody has answered it."""
    if me.reason != CALLING_OUT:
        return None
    theirs = (one for one in line if one.entry.dispatcher_id == me.id)
    return next((one for one in theirs if one.entry.state is QueueEntryState.TALKING), None)


async def _ringing(sources: Sources, me: Dispatcher, line: Sequence[WaitingCaller]) -> Story | None:
    offered = (one for one in line if one.entry.dispatcher_id == me.id)
    one = next((one for one in offered if one.entry.state is QueueEntryState.OFFERED), called_by(me, line))
    return None if one is None else await read_story(sources, one.entry.call_id, one.number)
