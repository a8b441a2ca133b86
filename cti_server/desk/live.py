"""Turns events into fragments on the desks they concern, each written once however many browsers show it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

from cti_server.audit import Action
from cti_server.desk.around import Around, read_around
from cti_server.desk.called_for import Called, for_heads, read_called, talk_for_head
from cti_server.desk.expected import Expected
from cti_server.desk.handed import Handed, read_handed
from cti_server.desk.heard import asked_about, know_all, news_of
from cti_server.desk.listened import read_listened
from cti_server.desk.missed import Missed, read_missed
from cti_server.desk.parts import EVERYONE, Parts, part
from cti_server.desk.progressive_next import ProgressiveDesks
from cti_server.desk.progressive_view import OFF, ProgressiveView
from cti_server.desk.sources import Sources
from cti_server.desk.state import Card, bar, called_by, card_part, read_cards
from cti_server.desk.story import Story, find_story, read_story
from cti_server.frame.language import LANGUAGES
from cti_server.frame.pages import Pages
from hotline.access.users import AuditEntry, AuditLog
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.desk.callers import CallerCard, WaitingCaller
from hotline.events import (
    AppealChanged,
    AppealRegistered,
    CallArrived,
    CallEnded,
    ConsultBegan,
    ConsultEnded,
    DispatcherOffered,
    Event,
    LineChanged,
    ListeningChanged,
    OfferWithdrawn,
    OutageChanged,
    RecordingErased,
    RecordingFinished,
    RecordingPaused,
    RecordingResumed,
    TalkEnded,
    TalkHeard,
    TalkStarted,
    TalkTakenUp,
)
from hotline.isolation import run_isolated
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import ENGAGED, Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.outages.alerts import Alert
from hotline.speech.live import LiveTalk

LANES = 8
"""Events of one dispatcher stay in order in their lane; lanes do not wait for one another."""
ROOM = 256
LINE_SECONDS = 1.0
"""How soon a change that another process made in the line is shown."""
LINE_PAUSE_SECONDS = 0.25
"""Changes within this time are shown together; the caller who is being offered comes first."""
ASIDE_EVERY = timedelta(seconds=3)
WHOLE_RESTS_TIMES = 20
"""The rest after all call-backs were read, in times of what that took: seconds, with ten thousand of them."""
WHOLE_RESTS_AT_MOST = timedelta(minutes=1)
"""Also after a database that was away, whose reading took as long as it was."""
AROUND_EVERY = timedelta(seconds=15)

DeskEvent = (
    DispatcherOffered
    | OfferWithdrawn
    | TalkStarted
    | TalkEnded
    | TalkHeard
    | ConsultBegan
    | ConsultEnded
    | ListeningChanged
    | RecordingPaused
    | RecordingResumed
)
MAY_BE_CONSULTED = ENGAGED | {Presence.AWAY}
"""A colleague who is away may be asked, and stays away."""
Write = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Aside:
    """The lists beside the line, with the moment of reading and the number of desks opened until then."""

    at: datetime
    opened: int
    missed: Missed
    alerts: Sequence[Alert]
    whole_at: datetime
    """From then on all call-backs are read again; until then those that are known."""


class LiveDesks:
    """Keeps the open desks of this process up to date."""

    def __init__(self, sources: Sources, pages: Pages, audit: AuditLog) -> None:
        self._sources = sources
        self._pages = pages
        self._parts = Parts(pages)
        self._audit = audit
        self._progressive = ProgressiveDesks(sources, audit)
        self._lanes: list[asyncio.Queue[DeskEvent]] = [asyncio.Queue(ROOM) for _ in range(LANES)]
        self._expected = Expected(sources.callers, sources.clock)
        self._line_changed = asyncio.Event()
        self._ringing: dict[int, str] = {}
        self._urgent: dict[int, str] = {}
        """On whose desk the ring of which call is said to be an emergency's."""
        self._consulted: dict[int, str] = {}
        """Who is asked by a colleague, and about which call."""
        self._doubtful: set[int] = set()
        self._aside_read: Aside | None = None
        self._around_read: tuple[datetime, Around] | None = None

    def tell(self, event: Event) -> None:
        """Queue the event; returns at once.

        Desks whose lane is full are dropped: they read everything again.
        """
        if isinstance(event, CallArrived):
            self._expected.expect(event)
            return
        if isinstance(event, AppealRegistered | AppealChanged):
            self._expected.forget(event.appeal if isinstance(event, AppealChanged) else None)
            return
        if isinstance(event, CallEnded | OutageChanged | RecordingFinished | RecordingErased | TalkTakenUp):
            return  # no desk shows them by itself
        if isinstance(event, LineChanged):
            self._line_changed.set()
            return
        try:
            self._lanes[event.dispatcher_id % LANES].put_nowait(event)
        except asyncio.QueueFull:
            self._drop(event.dispatcher_id)

    async def run(self) -> None:
        """Show events for ever."""
        self._rehearse()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_expecting(), name="desk-expected")
            for lane in self._lanes:
                tasks.create_task(self._follow(lane), name="desk-lane")
            tasks.create_task(self._keep_line(), name="desk-line")

    def _rehearse(self) -> None:
        """Show an imaginary caller to nobody: the first real one does not wait for templates to be read."""
        nobody = Story(call_id="", card=CallerCard(number=None), steps=(), outages=())
        for language in LANGUAGES:
            self._pop(language, nobody, nobody)

    async def _keep_expecting(self) -> NoReturn:
        while True:
            await self._guarded(self._expected.read_next())

    async def _follow(self, lane: "asyncio.Queue[DeskEvent]") -> NoReturn:
        while True:
            event = await lane.get()
            # Words of a talk go to the desk of a colleague who is consulted, too: not the dispatcher's alone.
            if isinstance(event, TalkHeard) or self._sources.screens.of(event.dispatcher_id):
                await self._guarded(self._show(event), event.dispatcher_id)

    async def _guarded(self, show: Awaitable[None], *dispatchers: int) -> None:
        """Show the event; after an error its desks reconnect."""
        if not await run_isolated(lambda: show, f"desk not brought up to date dispatchers={dispatchers}"):
            for dispatcher_id in dispatchers:
                self._drop(dispatcher_id)

    def _drop(self, dispatcher_id: int) -> None:
        for screen in self._sources.screens.of(dispatcher_id):
            screen.drop()

    async def _show(self, event: DeskEvent) -> None:  # noqa: C901 - one case an event
        match event:
            case DispatcherOffered():
                await self._offered(event)
            case OfferWithdrawn():
                await self._withdrawn(event)
            case TalkStarted():
                await self._talk_started(event)
            case TalkHeard():
                self._heard(event)
            case ConsultBegan():
                await self._consult_began(event)
            case ConsultEnded():
                if self._consulted.get(event.dispatcher_id) == event.call_id:
                    await self._nobody_rings(event.dispatcher_id)
            case ListeningChanged():
                await self._listened(event)
            case RecordingPaused() | RecordingResumed():
                await self._recorded(event)
            case TalkEnded():
                await self._ended(event)

    async def _listened(self, event: ListeningChanged) -> None:
        listened = await read_listened(self._sources, event.dispatcher_id)
        self._put(event.dispatcher_id, lambda language: self._part(language, "listened", listened=listened))

    async def _recorded(self, event: RecordingPaused | RecordingResumed) -> None:
        story = await find_story(self._sources, event.call_id)
        facts = {"story": story, "talking": True, "at": event.at}
        self._put(event.dispatcher_id, lambda language: self._part(language, "facts", **facts))

    async def _ended(self, event: TalkEnded) -> None:
        story = await find_story(self._sources, event.call_id)
        facts = {"story": story, "talking": False, "at": event.at}
        self._put(
            event.dispatcher_id,
            lambda language: (
                self._part(language, "facts", **facts)
                + bar(self._pages, language, None, event.at, talking=False)
            ),
        )

    async def _withdrawn(self, event: OfferWithdrawn) -> None:
        if self._ringing.get(event.dispatcher_id, event.call_id) == event.call_id:
            await self._nobody_rings(event.dispatcher_id)

    async def _offered(self, event: DispatcherOffered) -> None:
        self._ringing[event.dispatcher_id] = event.call_id
        card = self._expected.take(event.call_id)
        story = await read_story(self._sources, event.call_id, event.number, card)
        if story.emergency:
            self._urgent[event.dispatcher_id] = event.call_id
        story = self._as_by_now(event, story)
        self._put(event.dispatcher_id, lambda language: self._pop(language, story, None))
        await asyncio.sleep(0)  # it is sent before who this may be is written, which takes longest
        self._put(event.dispatcher_id, lambda language: self._part(language, "who", story=story))
        await asyncio.sleep(0)  # and that before the audit log
        await self._seen(event.dispatcher_id, event.call_id, event.at, "screen-pop")
        if story.talk_began_at is not None:
            await self._hand_over(event, story)

    def _as_by_now(self, event: DispatcherOffered, story: Story) -> Story:
        """Give the story of an emergency where `_turn_urgent` has seen one since it was read."""
        turned = self._urgent.get(event.dispatcher_id) == event.call_id
        return replace(story, urgent=True) if turned else story

    async def _hand_over(self, event: DispatcherOffered, story: Story) -> None:
        """Show what a colleague has begun on this call, while it rings."""
        handed = await self._handed(event.dispatcher_id, event.call_id)
        if handed and self._ringing.get(event.dispatcher_id) == event.call_id:
            story = self._as_by_now(event, story)
            self._put(event.dispatcher_id, lambda language: self._pop(language, story, story, handed=handed))

    async def _consult_began(self, event: ConsultBegan) -> None:
        self._consulted[event.dispatcher_id] = event.call_id
        story = await read_story(self._sources, event.call_id, event.number)
        handed = await self._handed(event.dispatcher_id, event.call_id)
        heard = self._sources.live.handed(event.call_id)
        for screen in self._sources.screens.of(event.dispatcher_id):
            know_all(screen, heard, asked_about(event.call_id))
        self._put(
            event.dispatcher_id,
            lambda language: self._pop(language, story, story, consulted=True, handed=handed, heard=heard),
        )
        await self._seen(event.dispatcher_id, event.call_id, event.at, "consulted")

    async def _handed(self, dispatcher_id: int, call_id: str) -> Handed | None:
        """Read what a colleague has begun on this call, as this desk's user will have it."""
        for screen in self._sources.screens.of(dispatcher_id)[:1]:  # all its windows are one user's
            return await read_handed(self._sources, screen.user_id, call_id)
        return None

    async def _nobody_rings(self, dispatcher_id: int) -> None:
        self._ringing.pop(dispatcher_id, None)
        self._consulted.pop(dispatcher_id, None)
        screens = self._sources.screens.of(dispatcher_id)
        if not screens:
            return
        cards = await read_cards(self._sources, screens[0].user_id, dispatcher_id)
        latest = cards[0].story if cards else None
        talking = next((one.story for one in cards if one.talking), None)
        self._put(dispatcher_id, lambda language: self._pop(language, None, latest, talking=talking))

    async def _talk_started(self, event: TalkStarted) -> None:
        self._ringing.pop(event.dispatcher_id, None)
        self._consulted.pop(event.dispatcher_id, None)
        user_id = self._sources.screens.of(event.dispatcher_id)[0].user_id
        story = await find_story(self._sources, event.call_id)
        notes = await self._sources.drafts.text(user_id, event.call_id)
        heard = self._sources.live.handed(event.call_id)
        card = Card(story=story, notes=notes, talking=True, heard=heard)

        def write(language: str) -> str:
            card_now = card_part(self._pages, language, card, event.at)
            return card_now + self._pop(language, None, story, talking=story)

        self._put(event.dispatcher_id, write)
        await self._seen(event.dispatcher_id, event.call_id, event.at, "working-card")

    def _heard(self, event: TalkHeard) -> None:
        """Add what it does not show yet of what is said to each desk, that of who is asked about it, too."""
        talk = self._sources.live.of(event.call_id, event.dispatcher_id)
        if talk is None:
            return  # everybody who talked in it is done with it
        for screen in self._sources.screens.of(event.dispatcher_id):
            screen.put(news_of(self._pages, screen, talk, talk.call_id))
        if event.dispatcher_id == talk.dispatchers[-1]:
            asked = [one for one, call_id in self._consulted.items() if call_id == talk.call_id]
            for screen in (screen for one in asked for screen in self._sources.screens.of(one)):
                screen.put(news_of(self._pages, screen, talk, asked_about(talk.call_id)))

    async def _seen(self, dispatcher_id: int, call_id: str, at: datetime, detail: str) -> None:
        for user_id in {screen.user_id for screen in self._sources.screens.of(dispatcher_id)}:
            entry = AuditEntry(
                at=at,
                user_id=user_id,
                action=Action.VIEW,
                subject=f"call:{call_id}",
                address="",
                detail=detail,
            )
            await self._audit.append(entry)

    async def _keep_line(self) -> NoReturn:
        while True:
            try:
                async with asyncio.timeout(LINE_SECONDS):
                    await self._line_changed.wait()
            except TimeoutError:
                pass
            await asyncio.sleep(LINE_PAUSE_SECONDS)
            self._line_changed.clear()
            if dispatchers := self._sources.screens.dispatchers():
                await self._guarded(self._show_line(), *dispatchers)

    async def _show_line(self) -> None:
        line = await self._sources.callers.in_line()
        now = self._sources.clock.now()
        aside, around = await self._aside(now), await self._around(now)
        everyone = {one.id: one for one in await self._sources.dispatchers.all()}
        working = {one.dispatcher_id: one for one in await self._sources.progressive.working()}
        called = await read_called(self._sources)
        entries, heads = [one.entry for one in line], for_heads(called, everyone)
        chats = self._sources.chats_waiting()
        for dispatcher_id in self._sources.screens.dispatchers():
            self._put_news(dispatcher_id, "presence", dispatcher_id, {"me": everyone[dispatcher_id]})
            to_head = talk_for_head(called, entries, dispatcher_id, now)
            self._put_news(dispatcher_id, "to_head", dispatcher_id, {"to_head": to_head})
            if any(screen.supervises() for screen in self._sources.screens.of(dispatcher_id)):
                self._put_news(dispatcher_id, "for_head", EVERYONE, heads)
            else:
                self._put_news(dispatcher_id, "for_head", dispatcher_id, for_heads(Called(), everyone))
            self._put_news(dispatcher_id, "line", EVERYONE, {"line": line, "chats": chats})
            one, view = working.get(dispatcher_id), OFF
            if one is not None:
                view = await self._progressive.take(one, everyone[dispatcher_id], line, aside.missed, now)
            self._put_missed(dispatcher_id, aside.missed, view)
            self._put_news(dispatcher_id, "alerts", EVERYONE, {"alerts": aside.alerts})
            self._put_news(dispatcher_id, "around", EVERYONE, {"around": around})
            await self._called_out(everyone[dispatcher_id], line, now)
            await asyncio.sleep(0)  # a caller who is being offered does not wait for fifty desks
        await self._turn_urgent(line)
        await self._end_stale(line, everyone)

    async def _turn_urgent(self, line: Sequence[WaitingCaller]) -> None:
        """Have a ring say that it is an emergency's whose caller has pressed the key meanwhile."""
        for one in line:
            call_id, dispatcher_id = one.entry.call_id, one.entry.dispatcher_id
            if dispatcher_id is None or one.entry.priority is not Priority.EMERGENCY:
                continue
            if (
                self._ringing.get(dispatcher_id) != call_id
                or self._urgent.get(dispatcher_id) == call_id
                or one.entry.state is not QueueEntryState.OFFERED
            ):
                continue
            self._urgent[dispatcher_id] = call_id
            await self._put_urgent(dispatcher_id, call_id, one.number)

    async def _put_urgent(self, dispatcher_id: int, call_id: str, number: str | None) -> None:
        read = await read_story(self._sources, call_id, number)
        story, handed = replace(read, urgent=True), None
        if read.talk_began_at is not None:
            handed = await self._handed(dispatcher_id, call_id)
        if self._ringing.get(dispatcher_id) == call_id:
            self._put(dispatcher_id, lambda language: self._pop(language, story, story, handed=handed))

    async def _called_out(self, me: Dispatcher, line: Sequence[WaitingCaller], at: datetime) -> None:
        """Show the person whom this dispatcher calls, as soon as their number is on record."""
        called = called_by(me, line)
        known = called is not None and (called.number is not None or called.shown == FROM_INTERPRETER)
        if called is None or not known or self._ringing.get(me.id) == called.entry.call_id:
            return
        self._ringing[me.id] = called.entry.call_id
        story = await read_story(self._sources, called.entry.call_id, called.number)
        self._put(me.id, lambda language: self._pop(language, story, story))
        await self._seen(me.id, called.entry.call_id, at, "calling-out")

    def _put_missed(self, dispatcher_id: int, missed: Missed, view: ProgressiveView) -> None:
        """Show the call-backs: alike on all desks, unless one is arranged, next, or called from here."""
        for screen in self._sources.screens.of(dispatcher_id)[:1]:  # all windows of a desk are one user's
            shown = missed.on_desk_of(screen.user_id)
            whose = dispatcher_id if missed.due or shown.mine or view.on else EVERYONE
            self._put_news(dispatcher_id, "missed", whose, {"missed": shown, "progressive": view})

    async def _aside(self, now: datetime) -> Aside:
        """Read the call-backs and the alerts, though not with every change in the line.

        Who is called by now or settled goes within seconds, lest a second desk calls them; who is new may
        take longer to come.
        """
        opened, last = self._sources.screens.opened, self._aside_read
        if last is not None and (now < last.at or opened != last.opened):
            last = None
        if last is not None and now < last.at + ASIDE_EVERY:
            return last
        known = last if last is not None and now < last.whole_at else None
        began = self._sources.clock.now()
        missed = await read_missed(self._sources, None if known is None else known.missed)
        rests = min(WHOLE_RESTS_TIMES * (self._sources.clock.now() - began), WHOLE_RESTS_AT_MOST)
        whole_at = now + rests if known is None else known.whole_at
        alerts = await self._sources.alerts.open()
        last = self._aside_read = Aside(now, opened, missed, alerts, whole_at=whole_at)
        return last

    async def _around(self, now: datetime) -> Around:
        """Read the city at a glance, four times a minute: nobody acts on it within seconds."""
        if self._around_read is None or now - self._around_read[0] >= AROUND_EVERY:
            self._around_read = (now, await read_around(self._sources))
        return self._around_read[1]

    async def _end_stale(self, line: Sequence[WaitingCaller], everyone: Mapping[int, Dispatcher]) -> None:
        """Remove callers whose offer ended without an event, as when Asterisk is lost: seen twice.

        A caller in talk goes when their card comes.
        """
        there = {
            (one.entry.dispatcher_id, one.entry.call_id)
            for one in line
            if one.entry.state in {QueueEntryState.OFFERED, QueueEntryState.TALKING}
        }
        stale = {one for one, call_id in self._ringing.items() if (one, call_id) not in there}
        stale |= {one for one in self._consulted if everyone[one].presence not in MAY_BE_CONSULTED}
        for dispatcher_id in stale & self._doubtful:
            await self._nobody_rings(dispatcher_id)
        self._doubtful = stale - self._doubtful

    def _put_news(self, dispatcher_id: int, name: str, whose: int, context: Mapping[str, object]) -> None:
        for screen in self._sources.screens.of(dispatcher_id):
            written = self._parts.text(screen.language, name, whose, context)
            if screen.shown.get(name) != written:
                screen.shown[name] = written
                screen.put(written)

    def _put(self, dispatcher_id: int, write: Write) -> None:
        written: dict[str, str] = {}
        for screen in self._sources.screens.of(dispatcher_id):
            if screen.language not in written:
                written[screen.language] = write(screen.language)
            screen.put(written[screen.language])

    def _pop(
        self,
        language: str,
        ringing: Story | None,
        shown: Story | None,
        *,
        talking: Story | None = None,
        consulted: bool = False,
        handed: Handed | None = None,
        heard: LiveTalk | None = None,
    ) -> str:
        pop = self._part(language, "pop", story=ringing, consulted=consulted, handed=handed, heard=heard)
        who = self._part(language, "who", story=shown)
        now = self._sources.clock.now()
        return pop + who + bar(self._pages, language, ringing or talking, now, talking=ringing is None)

    def _part(self, language: str, name: str, **context: object) -> str:
        return part(self._pages, language, name, **context)
