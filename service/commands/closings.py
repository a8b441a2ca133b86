"""`hotline closings`: whether the published ends of appeals are what was signed; the keys that sign them."""

import argparse
import asyncio
import os
import sys
from gettext import NullTranslations

from cti_server.frame.language import words as catalogue
from cti_server.portal.closing_words import BROKEN, ENDED_BY, FLAWS, HEAD_KEPT, ROTATED, SOUND
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from service.portal.signing import add_key
from service.portal.verifying import verify_published
from service.settings.settings import Settings
from service.terminal_language import in_locale, locale_of
from service.wiring.portal import closings_key


async def verify(_settings: Settings, given: argparse.Namespace) -> int:
    """Print what is wrong, then what was counted; 1 when anything is wrong."""
    gettext = _words().gettext
    found = await verify_published(given.source, given.head)
    for flaw in found.flaws:
        sys.stdout.write(gettext(FLAWS[flaw.kind]) % {"subject": flaw.subject} + "\n")
    if found.flaws:
        sys.stdout.write(gettext(BROKEN) + "\n")
        return 1
    said = {"days": found.days, "closings": sum(found.counts.values())}
    sys.stdout.write(gettext(SOUND) % said + "\n")
    for by, text in ENDED_BY.items():
        if found.counts.get(by):
            sys.stdout.write(f"{found.counts[by]:>7}  {gettext(text)}\n")
    if found.head is not None:
        sys.stdout.write(gettext(HEAD_KEPT) % {"file": given.head} + "\n")
    return 0


async def rotate(settings: Settings, _given: argparse.Namespace) -> None:
    """Make a key that signs from the next digest on; the file keeps the old one, which signs it."""
    file, today = closings_key(settings), SystemClock().now().astimezone(settings.timezone).date()
    try:
        await asyncio.to_thread(add_key, file, today)
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}.") from error
    sys.stdout.write(_words().gettext(ROTATED) % {"file": file} + "\n")


def _words() -> NullTranslations:
    return catalogue(in_locale(locale_of(os.environ), ukrainian="uk", english="en"))
