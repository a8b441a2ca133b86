"""Reads one Asterisk's channels and bridges, for `hotline.line.invariants`; names tell their role."""

from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet

from hotline.errors import CallGone
from hotline.line.invariants import Bridge, InAsterisk, Living
from telephony.ari.actions import Ari
from telephony.ari.messages import Bridge as AriBridge
from telephony.ari.messages import Channel
from telephony.desks.endpoints import extension_of
from telephony.ids import (
    CONSULT_PREFIX,
    CONTACT_PREFIX,
    HEARING_PREFIX,
    SNOOP_PREFIX,
    TALK_PREFIX,
    WATCH_PREFIX,
    WATCHING_PREFIX,
    place_kept,
    snooped_by,
    watched_by,
)

UP = "Up"
BRIDGES = (TALK_PREFIX, CONSULT_PREFIX, CONTACT_PREFIX, HEARING_PREFIX, WATCHING_PREFIX)


async def seen(ari: Ari, followed: Callable[[], AbstractSet[str]] | None = None) -> InAsterisk:
    """Query Asterisk; raises AriUnavailable.

    The followed channels are read last: a new channel is followed a moment later.
    """
    try:
        ours = set((await ari.in_application()).channel_ids)
    except CallGone:  # no service is connected
        ours = set()
    channels, bridges = await ari.channels(), await ari.bridges()
    return in_asterisk(channels, bridges, ours, followed=followed() if followed is not None else None)


def in_asterisk(
    channels: Iterable[Channel],
    bridges: Iterable[AriBridge],
    ours: Collection[str],
    *,
    followed: AbstractSet[str] | None = None,
) -> InAsterisk:
    """Read what ARI tells; `ours` are the channels in our application."""
    bridges = list(bridges)
    talks = [one for one in bridges if not one.id.startswith(WATCHING_PREFIX)]
    talking = {channel for one in talks for channel in one.channels}
    return InAsterisk(
        channels={one.id: _living(one, ours, talks=one.id in talking) for one in channels},
        bridges=[
            Bridge(id=one.id, named_after=one.id.removeprefix(prefix), channels=frozenset(one.channels))
            for one in bridges
            for prefix in BRIDGES
            if one.id.startswith(prefix)
        ],
        followed=followed,
    )


def _living(channel: Channel, ours: Collection[str], *, talks: bool) -> Living:
    return Living(
        id=channel.id,
        desk=extension_of(channel.name),
        up=channel.state == UP,
        ours=channel.id in ours,
        calls_back=place_kept(channel.id),
        listens_to=None if talks else _listens_to(channel.id),
    )


def _listens_to(channel: str) -> str | None:
    if channel.startswith(SNOOP_PREFIX):
        return snooped_by(channel)[0]
    return watched_by(channel)[0] if channel.startswith(WATCH_PREFIX) else None
