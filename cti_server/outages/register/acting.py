"""Acts on an outage in one step: its end moved, ended, cancelled, reopened."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web
from multidict import MultiMapping

from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.frame.moments import read_moment
from cti_server.outages.register.audience import Audience, Run
from cti_server.outages.register.card import ActFault, ActRefused, show_card
from cti_server.outages.register.form import to_card
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.typed import LONGEST_TEXT
from hotline.errors import ForbiddenTransition, Outdated
from hotline.outages.outage import Outage

HOURS: Mapping[str, int] = {"1": 1, "2": 2, "4": 4}
"""By how many hours the end is moved at one click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRequest:
    """An act that is asked for: on which outage, by which form, at which moment."""

    request: web.Request
    audience: Audience
    outage: Outage
    form: MultiMapping[object]
    now: datetime

    def text(self, name: str) -> str:
        return str(self.form.get(name, "")).strip()

    def moment(self, name: str) -> datetime | None:
        return read_moment(self.text(name), self.request.app[OUTAGES].timezone)

    @property
    def note(self) -> str:
        if len(self.text("note")) > LONGEST_TEXT:
            raise ActFault(N_("Write no more than 300 characters."), "note")
        return self.text("note")

    @property
    def reason(self) -> str:
        if not self.note:
            raise ActFault(N_("Write why, in a few words."), "note")
        return self.note

    def require_seen(self) -> None:
        """Raise Outdated when it has changed since the actor saw it."""
        if self.text("version") != str(self.outage.version):
            raise Outdated("Somebody has changed this outage meanwhile.")


async def move(asked: ActRequest) -> None:
    """Move the expected end: by hours from the later of it and now, to a moment, or to "not known"."""
    asked.require_seen()
    outage, hours = asked.outage, HOURS.get(asked.text("by"))
    if hours is not None:
        end: datetime | None = max(asked.now, outage.expected_end or asked.now) + timedelta(hours=hours)
    elif asked.text("by") == "unknown":
        end = None
    else:
        end = asked.moment("ends")
        if end is None:
            raise ActFault(N_("Write the moment as a date and a time."), "ends")
        if end <= outage.starts_at:
            raise ActFault(N_("It would end before it begins."), "ends")
    outages, by = asked.request.app[OUTAGES].outages, asked.audience.by(asked.request)
    await outages.change(outage, replace(outage, expected_end=end), by, asked.note)


async def end(asked: ActRequest) -> None:
    """Say that it is over, now or since a moment that was not long ago."""
    outage = asked.outage
    at = asked.moment("ended") if asked.text("ended") else asked.now
    if outage.starts_at > asked.now:
        raise ActFault(N_("It has not begun yet: take it back instead."))
    if at is None or not outage.starts_at <= at <= asked.now + timedelta(minutes=1):
        raise ActFault(N_("Write a moment between its beginning and now."), "ended")
    outages, by = asked.request.app[OUTAGES].outages, asked.audience.by(asked.request)
    await outages.end(outage.id, min(at, asked.now), by, asked.note)


async def cancel(asked: ActRequest) -> None:
    """Take it back: it never came, or was entered by mistake."""
    by = asked.audience.by(asked.request)
    await asked.request.app[OUTAGES].outages.cancel(asked.outage.id, by, asked.reason)


async def reopen(asked: ActRequest) -> None:
    """Let it go on: it was said to be over, and was not."""
    by = asked.audience.by(asked.request)
    await asked.request.app[OUTAGES].outages.reopen(asked.outage.id, by, asked.reason)


ACTS: Mapping[str, Callable[[ActRequest], Awaitable[None]]] = {
    "move": move,
    "end": end,
    "cancel": cancel,
    "reopen": reopen,
}


def runs() -> Mapping[str, Run]:
    """Give what handles each act by its name."""
    return {name: _run(name, act) for name, act in ACTS.items()}


def _run(name: str, act: Callable[[ActRequest], Awaitable[None]]) -> Run:
    async def run(request: web.Request, audience: Audience) -> web.Response:
        form, outage = await request.post(), await audience.asked_for(request)
        now = request.app[OUTAGES].clock.now()
        asked = ActRequest(request=request, audience=audience, outage=outage, form=form, now=now)
        typed = {name: asked.text(name) for name in ("note", "ends", "ended")}
        try:
            await act(asked)
        except ActFault as fault:
            refused = ActRefused(act=name, typed=typed, fault=fault)
            return await show_card(request, audience, outage, refused=refused, status=422)
        except (Outdated, ForbiddenTransition):
            refused, present = ActRefused(act=name, typed=typed), await audience.asked_for(request)
            return await show_card(request, audience, present, refused=refused, status=HTTPStatus.CONFLICT)
        await audit(request, Action.CHANGE, f"outage:{outage.id}", name)
        return to_card(audience, outage.id, name)

    return run
