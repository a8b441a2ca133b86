"""A few citizens with a real ear among the many of sipp: they tell how soon the voice reaches a caller."""

import asyncio

from hotline.errors import TelephonyError
from telephony.phone.phone import Phone
from tests.bench.hotline import BenchHotline
from tests.bench.progress import tell

NUMBER = "+380457000001"
LISTEN_SECONDS = 10


async def ms_to_voice(hotline: BenchHotline, *, calls: int, every_seconds: float) -> list[float]:
    """Call again and again; for each call the time from SIP's answer to the first audible packet."""
    heard = []
    async with Phone(user=NUMBER) as phone:
        for _ in range(calls):
            await asyncio.sleep(every_seconds)
            try:
                heard.append(await _one(phone, hotline))
            except (TelephonyError, TimeoutError) as error:
                tell(f"a probe call heard nothing: {error or type(error).__name__}")
    return heard


async def _one(phone: Phone, hotline: BenchHotline) -> float:
    settings = hotline.settings
    call = await phone.call(settings.number, to=(settings.sip.host, settings.sip_port))
    try:
        answered = await call.answered(LISTEN_SECONDS)
        voice = await call.heard_voice(timeout=LISTEN_SECONDS)
    finally:
        await call.hang_up()
    return (voice - answered.monotonic) * 1000
