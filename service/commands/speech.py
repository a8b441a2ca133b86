"""`hotline speech`: the models that are set, and what a folder's model is good for on this machine."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from hotline.speech.hearing import NotHeard
from hotline.voice.speech import Language
from service.commands.speech_words import Words, words_for
from service.commands.tables import write_table
from service.settings.settings import Settings
from service.terminal_language import locale_of
from telephony.speech.corpus import spoken
from telephony.speech.models import TELEPHONE, Found, look_at
from telephony.speech.trial import Trial, tried
from telephony.voice.engines import SynthesisError, find_engines


async def models(settings: Settings, _given: argparse.Namespace) -> int:
    """List them; 1 when one that is set cannot be used."""
    words = words_for(locale_of(os.environ))
    rows, broken = [], False
    for model in settings.speech.models:
        state = words.not_installed
        try:
            found = await asyncio.to_thread(look_at, model.folder)
            if found.is_installed:
                state = words.usable.format(engine=found.engine)
            broken = broken or not found.is_installed
        except NotHeard as error:
            state, broken = str(error), True
        rows.append((model.use.value, model.language.value, str(model.folder), state))
    if rows:
        write_table([words.headings, *rows])
    else:
        _line(words.none)
    return int(broken)


async def check(settings: Settings, given: argparse.Namespace) -> int:
    """Tell what the folder's model is, then try it; 1 when it cannot be tried. Raises NotHeard."""
    words, language = words_for(locale_of(os.environ)), Language(given.language)
    found = await asyncio.to_thread(look_at, given.folder.absolute())
    _describe(words, found)
    if not found.is_installed:
        _line(words.not_installed)
        return 1
    with tempfile.TemporaryDirectory(prefix="hotline-said-") as folder:
        try:
            said = await spoken(Path(folder), find_engines(settings.folders.private_root), language)
        except SynthesisError as error:
            _line(words.no_voice.format(error=error))
            return 1
        _line(words.speaking.format(number=len(said), language=language))
        _tell(words, await tried(found, language, said))
    return 0


def _describe(words: Words, found: Found) -> None:
    kind = f" ({found.kind})" if found.kind else ""
    _line(words.is_a.format(name=found.folder.name, engine=found.engine, kind=kind))
    _line(words.bound if found.bound else words.whole)
    _line(words.own_rate if found.rate == TELEPHONE else words.resampled.format(rate=found.rate // 1000))


def _tell(words: Words, trial: Trial) -> None:
    _line(words.loaded.format(seconds=trial.loaded_seconds, peak=trial.peak_mb))
    _line(words.quick.format(factor=trial.real_time_factor))
    _line(words.errs.format(errors=trial.word_errors))
    _line(words.unsure.format(unsure=trial.unsure))
    sys.stdout.writelines(words.worst.format(said=said, heard=heard) for said, heard in trial.worst)
    _line(words.honest)


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
