"""`hotline calls`: the call log, for the administrator. Numbers are masked unless asked for."""

import argparse
from datetime import datetime, tzinfo

from hotline.contact.numbers import masked
from hotline.errors import NotFound
from service.commands.tables import write_table
from service.settings.settings import Settings
from storage.store import open_storage


async def list_calls(settings: Settings, given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        recent = await storage.calls.recent(given.most)
    rows = [
        (
            call.id,
            _local(call.arrived_at, settings.timezone),
            masked(call.number),
            call.outcome or "…",
            _seconds(call.arrived_at, call.ended_at),
        )
        for call in recent
    ]
    write_table([("call", "arrived", "from", "outcome", "seconds"), *rows])


async def show_call(settings: Settings, given: argparse.Namespace) -> None:
    """Print the journey, then the recordings; raises NotFound."""
    async with open_storage(settings.database_url) as storage:
        call = await storage.calls.find(given.id)
        if call is None:
            raise NotFound(f"There is no call {given.id}: see `hotline calls list`.")
        journey = sorted(await storage.calls.journey(call.id), key=lambda step: (step.at, step.number))
        recordings = await storage.calls.recordings(call.id)
    write_table(
        [
            ("second", "step", "detail"),
            *(
                (
                    _seconds(call.arrived_at, step.at),
                    step.step,
                    " ".join(f"{name}={value}" for name, value in step.detail.items()),
                )
                for step in journey
            ),
        ]
    )
    for recording in recordings:
        write_table(
            [
                (
                    "recording",
                    recording.listening_file or recording.caller_file,
                    _length(recording.seconds),
                )
            ]
        )


async def list_messages(settings: Settings, _given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        messages = await storage.calls.messages()
    rows = [
        (_local(one.began_at, settings.timezone), masked(one.number), _length(one.seconds), one.file)
        for one in messages
    ]
    write_table([("left", "from", "seconds", "file"), *rows])


def _local(at: datetime, timezone: tzinfo) -> str:
    return at.astimezone(timezone).strftime("%d.%m.%Y %H:%M:%S")


def _length(seconds: float | None) -> str:
    return "…" if seconds is None else f"{seconds:.1f}"


def _seconds(begin: datetime, end: datetime | None) -> str:
    return "…" if end is None else f"{(end - begin).total_seconds():.2f}"
