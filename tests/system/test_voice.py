"""The real voice: RHVoice of this machine or of the private root, as a caller hears it at 8 kHz."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr

from hotline.voice.speech import Language, Phrase
from ivr_flows import prompts
from telephony.voice.engines import Engine, find_engines
from telephony.voice.synthesis import RHVoice
from tests.effort import by_day
from tests.words import Listener, likeness

pytestmark = pytest.mark.system

MAIN = (
    *(prompts.EMERGENCY_NOTICE, prompts.WELCOME, prompts.RECORDING_NOTICE, prompts.MENU),
    *(prompts.LEAVE_MESSAGE, prompts.YOU_ARE_IN_LINE, prompts.FALLBACK_GREETING),
)

Hear = Callable[[Phrase, Language], np.ndarray]


@pytest.fixture(scope="module")
def engines() -> dict[Language, Engine]:
    return find_engines(Path(os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root")).absolute())


@pytest.fixture(scope="module")
def hear(engines: dict[Language, Engine], tmp_path_factory: pytest.TempPathFactory) -> Hear:
    """Give a phrase's samples as an 8 kHz telephone plays them."""
    folder = tmp_path_factory.mktemp("prompts")

    def samples(phrase: Phrase, language: Language) -> np.ndarray:
        media = asyncio.run(RHVoice(folder, engines).media(phrase, language))
        return expanded(Path(media.removeprefix("sound:") + ".alaw").read_bytes())

    return samples


def expanded(a_law: bytes) -> np.ndarray:
    """Decode G.711 A-law to 16-bit samples."""
    code = np.frombuffer(a_law, dtype=np.uint8).astype(np.int32) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = np.where(exponent > 0, (mantissa * 16 + 264) << np.maximum(exponent - 1, 0), mantissa * 16 + 8)
    return np.where(code & 0x80, value, -value).astype(np.int16)


def processor_seconds() -> float:
    """What we and our programs have computed so far: unlike a clock, it does not count others' work."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def test_ukrainian_is_read_by_rhvoice(engines: dict[Language, Engine]) -> None:
    assert engines[Language.UKRAINIAN].name == "rhvoice-natalia"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("phrase", by_day(prompts.MENU, MAIN), ids=lambda phrase: phrase.name)
def test_main_prompts_begin_at_once_and_are_evenly_loud(
    hear: Hear, phrase: Phrase, language: Language
) -> None:
    samples = hear(phrase, language).astype(np.float64) / 32768
    power = (samples[: len(samples) // 40 * 40].reshape(-1, 40) ** 2).mean(axis=1)
    spoken = power > power.max() * 10**-4.5
    assert np.flatnonzero(spoken)[0] * 0.005 <= 0.04
    assert 10 * np.log10(power[spoken].mean()) == pytest.approx(-20, abs=1.5)
    assert np.abs(samples).max() <= 10 ** (-2.8 / 20)


def test_the_city_is_stressed_as_its_people_do(hear: Hear) -> None:
    def city(text: str) -> bytes:
        return hear(Phrase(name="city", uk=text, en=text), Language.UKRAINIAN).tobytes()

    assert city("Славутича") == city("Слав+утича") != city("Славут+ича")


def test_a_new_announcement_costs_less_work_than_makes_a_caller_impatient(hear: Hear) -> None:
    text = "Аварійне відключення води. Відновлення очікується сьогодні до двадцятої години."
    before = processor_seconds()
    hear(Phrase(name="outage", uk=text, en=text), Language.UKRAINIAN)
    assert 0 < processor_seconds() - before < 2


@pytest.mark.nightly
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("phrase", MAIN, ids=lambda phrase: phrase.name)
def test_main_prompts_are_understood_over_the_telephone(
    hear: Hear, listen: Listener, phrase: Phrase, language: Language
) -> None:
    wide = soxr.resample(hear(phrase, language), 8_000, 16_000)
    heard = listen(wide, language)
    assert likeness(phrase.text(language), heard) > 0.8, heard
