"""What is spoken ahead of the callers: messages, outages, and what Asterisk's own dialplan plays."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.city.addresses import Area
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import NewRecording, Origin
from ivr_flows import prompts
from service.informing.announcements import Announcements
from service.wiring.voices import FALLBACK_MESSAGE, keep_fallback
from storage.store import Storage
from telephony.voice.chosen_voice import HumanVoice
from telephony.voice.engines import Engine
from telephony.voice.fallback_prompts import FallbackPrompts
from telephony.voice.synthesis import RHVoice
from tests.cti_server.announcements.conftest import SPEAKER
from tests.fakes.clock import SetClock
from tests.fakes.orders import standing_order

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
async def by(storage: Storage) -> MessageBy:
    head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    return MessageBy(user_id=head.id)


@pytest.fixture
def announcements(storage: Storage, clock: SetClock, tmp_path: Path) -> Announcements:
    engine = Engine(name="tone", rate=100, command=SPEAKER)
    synthesis = RHVoice(tmp_path / "prompts", dict.fromkeys(Language, engine))
    voice = HumanVoice(storage.voice_recordings, tmp_path / "voices", synthesis)
    return Announcements(
        synthesis=synthesis,
        voice=voice,
        outages=storage.outages,
        messages=storage.city_messages,
        articles=storage.articles,
        orders=storage.standing_orders,
        power=storage.power,
        fallback=partial(keep_fallback, storage, FallbackPrompts(voice, tmp_path / "prompts"), clock),
        clock=clock,
        timezone=KYIV,
    )


async def test_a_prepared_message_is_spoken_before_anybody_calls(
    storage: Storage, announcements: Announcements, by: MessageBy, tmp_path: Path
) -> None:
    message = await storage.city_messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    await announcements.once()
    assert len(list((tmp_path / "prompts").glob(f"{message.phrase.name}-*.alaw"))) == 1


async def test_the_fallback_says_the_message_while_it_is_on_and_nothing_afterwards(
    storage: Storage, announcements: Announcements, by: MessageBy, tmp_path: Path
) -> None:
    copy = tmp_path / "prompts" / f"{FALLBACK_MESSAGE}.alaw"
    message = await storage.city_messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    await announcements.once()
    assert set(copy.read_bytes()) == {0xD5}
    await storage.city_messages.switch_on(message.id, by)
    await announcements.once()
    (spoken,) = (tmp_path / "prompts").glob(f"{message.phrase.name}-*.alaw")
    assert copy.read_bytes() == spoken.read_bytes()
    await storage.city_messages.switch_off(by)
    await announcements.once()
    assert set(copy.read_bytes()) == {0xD5}


async def test_the_fallback_says_orders_for_the_whole_city_behind_the_message(
    storage: Storage, announcements: Announcements, by: MessageBy, clock: SetClock, tmp_path: Path
) -> None:
    prompts_of, copy = tmp_path / "prompts", tmp_path / "prompts" / f"{FALLBACK_MESSAGE}.alaw"
    message = await storage.city_messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)
    await storage.city_messages.switch_on(message.id, by)
    whole = await standing_order(storage, clock, "Воду кип'ятіть.")
    await standing_order(storage, clock, "Збори.", Area(street="Ризький квартал"))
    await announcements.once()
    spoken = [next(prompts_of.glob(f"{one.name}-*.alaw")) for one in (message.phrase, whole.phrase)]
    assert copy.read_bytes() == b"".join(one.read_bytes() for one in spoken)


async def test_a_recorded_greeting_is_the_fallbacks_as_well(
    storage: Storage, announcements: Announcements, by: MessageBy, tmp_path: Path
) -> None:
    await announcements.once()
    for suffix in (".alaw", ".sln16"):
        (tmp_path / "voices").mkdir(exist_ok=True)
        (tmp_path / "voices" / f"greeting{suffix}").write_bytes(b"recorded")
    await storage.voice_recordings.keep(
        NewRecording(
            phrase="fallback-greeting",
            language=Language.UKRAINIAN,
            basis=prompts.FALLBACK_GREETING.text(Language.UKRAINIAN),
            stem="greeting",
            seconds=1.0,
            origin=Origin.FILE,
            user_id=by.user_id,
        )
    )
    await announcements.once()
    assert (tmp_path / "prompts" / "fallback-greeting.alaw").read_bytes() == b"recorded"


async def test_the_fallback_is_not_silent_when_its_files_were_deleted(
    announcements: Announcements, tmp_path: Path
) -> None:
    await announcements.once()
    kept = {file.name for file in (tmp_path / "prompts").glob("fallback-*")}
    for file in (tmp_path / "prompts").iterdir():
        file.unlink()
    await announcements.once()
    assert {file.name for file in (tmp_path / "prompts").glob("fallback-*")} == kept
