"""Parts that many desks show are written anew only when what they show has changed."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cti_server.desk.missed import Missed
from cti_server.desk.parts import Parts
from cti_server.desk.progressive_view import OFF
from cti_server.frame.pages import Pages
from hotline.calls.call import VoiceMessage
from hotline.line.callbacks import HiddenMiss, OwedCallback
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import Transcript
from hotline.voice.speech import Language

OLYA = Dispatcher(id=1, extension="201", name="Оля", secret="s", since=datetime(2026, 3, 2, tzinfo=UTC))


async def test_a_part_is_written_once_until_what_it_shows_changes() -> None:
    parts = Parts(Pages(ZoneInfo("Europe/Kyiv")))
    away = parts.text("uk", "presence", 1, {"me": OLYA})
    assert parts.text("uk", "presence", 1, {"me": replace(OLYA)}) is away
    assert parts.text("en", "presence", 1, {"me": OLYA}) != away
    ready = parts.text("uk", "presence", 1, {"me": replace(OLYA, presence=Presence.READY)})
    assert ready != away
    assert parts.text("uk", "presence", 1, {"me": OLYA}) == away


async def test_the_call_that_one_makes_oneself_is_not_somebody_elses() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    owed = OwedCallback(number="+380671234567", first_at=at, last_at=at, last_call_id="c1", calls=1)
    missed = Missed(owed=[owed], hidden=(), more=False, claimed={owed.number: 7}, due=())
    parts = Parts(Pages(ZoneInfo("Europe/Kyiv")))

    def shown_to(user: int) -> str:
        return parts.text("uk", "missed", user, {"missed": missed.on_desk_of(user), "progressive": OFF})

    assert "ви зараз дзвоните" in shown_to(7)
    assert "хтось" not in shown_to(7)
    assert "хтось уже дзвонить" in shown_to(8)


async def test_what_a_message_says_stands_beside_its_sound_on_the_desk() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    said = VoiceMessage(id="m1", call_id="c1", number=None, file="m1.wav", began_at=at, seconds=3.0)
    written = Transcript(
        sound="m1",
        text="немає води",
        words=(
            HeardWord(text="немає", begins=0, ends=1, confidence=0.9),
            HeardWord(text="води", begins=1, ends=2, confidence=0.2),
        ),
        engine=Engine.WHISPER,
        model="base",
        language=Language.UKRAINIAN,
        made_at=at,
    )
    hidden = HiddenMiss(call_id="c1", at=at, messages=[said], transcripts={"m1": written})
    missed = Missed(owed=(), hidden=[hidden], more=False, claimed={}, due=())
    parts = Parts(Pages(ZoneInfo("Europe/Kyiv")))
    page = parts.text("uk", "missed", 1, {"missed": missed, "progressive": OFF})
    assert 'немає <mark title="почуто непевно">води</mark>' in page
