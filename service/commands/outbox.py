"""`hotline outbox`: owed notices, for the administrator; and a test message."""

import argparse
import secrets
import sys

from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address, masked_mail
from hotline.contact.numbers import e164, masked
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Notice
from hotline.errors import NotFound, SettingsError
from hotline.voice.speech import Language
from service.commands.tables import write_table
from service.settings.settings import Settings
from service.wiring.delivery import carriers, wording
from storage.store import open_storage


async def list_notices(settings: Settings, given: argparse.Namespace) -> None:
    """List what a person has to decide, or all of one appeal. Addresses are masked."""
    words = wording(settings)
    async with open_storage(settings.database_url) as storage:
        outbox = storage.outbox
        found = await (outbox.of_appeal(given.appeal) if given.appeal else outbox.undecided(given.most))
        waiting = await outbox.waiting()
    rows = [
        (
            one.id,
            f"{one.owed_at.astimezone(settings.timezone):%d.%m.%Y %H:%M}",
            one.state,
            one.channel,
            _masked(one),
            words.line(one, Language.UKRAINIAN),
            one.fault,
        )
        for one in found
    ]
    write_table([("id", "owed", "state", "by", "to", "what", "why"), *rows])
    sys.stdout.write("\n")
    write_table([("by", "state", "notices"), *((*kind, number) for kind, number in waiting.items())])


async def retry(settings: Settings, given: argparse.Namespace) -> None:
    """Have one that failed or is unsure sent again."""
    await _decide(settings, given.id, NoticeEvent.SEND_AGAIN)


async def settle(settings: Settings, given: argparse.Namespace) -> None:
    """Say that one that failed or is unsure is known to its recipient, and needs no sending."""
    await _decide(settings, given.id, NoticeEvent.DECIDE)


async def test(settings: Settings, given: argparse.Namespace) -> None:
    """Send a test message now, past the outbox; raises what the other side says."""
    channel = Channel(given.channel)
    address = mail_address(given.address) if channel is Channel.EMAIL else e164(given.address)
    if address is None:
        raise SettingsError(f"{given.address!r} is no address for {channel}: give one that is whole.")
    key, now = f"test-{secrets.token_hex(6)}", SystemClock().now()
    message = wording(settings).test(channel, address, Language(given.language), key, now)
    async with carriers(settings) as ways:
        name = await ways[channel].hand_over(message)
    sys.stdout.write(f"handed over: {name or 'without a name of its own'}\n")


async def _decide(settings: Settings, notice_id: int, event: NoticeEvent) -> None:
    async with open_storage(settings.database_url) as storage:
        if await storage.outbox.find(notice_id) is None:
            raise NotFound(f"There is no notice {notice_id}: see `hotline outbox list`.")
        await storage.outbox.decide(notice_id, event, SystemClock().now())


def _masked(notice: Notice) -> str:
    if not notice.address:
        return notice.to
    return masked_mail(notice.address) if notice.channel is Channel.EMAIL else masked(notice.address)
