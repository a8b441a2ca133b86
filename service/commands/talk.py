"""`hotline talk`: any conversation of the hotline in the terminal, without telephony."""

import argparse
import difflib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from hotline.clock import SystemClock
from hotline.errors import HotlineError
from hotline.voice.speech import Language
from service.commands.talk_words import Words, words_for
from service.settings.settings import Settings
from service.talk import words as spoken_words
from service.talk.cues import Cue, NotACue, read_cues
from service.talk.playing import Played, play, scripted
from service.talk.recorded import NotReplayed, recorded
from service.talk.replay import as_test, golden, otherwise, replay
from service.talk.scene import (
    FACTS,
    NoScene,
    Scene,
    Script,
    read_fact,
    read_script,
    written_scene,
    written_script,
)
from service.talk.spoken import speak_to
from service.talk.terminal import Left, Terminal
from service.talk.transcript import Transcript
from service.terminal_language import locale_of
from storage.store import open_storage
from telephony.voice.engines import find_engines
from telephony.voice.synthesis import RHVoice

_DONE, _DIFFERS = 0, 1
_LEFT = 130
"""The exit code after Ctrl-C."""


class TalkError(HotlineError):
    """The command cannot do it; the message says why, in the terminal's language."""

    code: ClassVar[str] = "talk"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options, with help in the terminal's language."""
    words = words_for(locale_of(os.environ))
    parser.description, parser.epilog = words.what, words.epilog
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("conversation", nargs="?", default=None, help=words.options["conversation"])
    for name, fact in FACTS.items():
        if name != "conversation":
            action = "append" if fact.many else "store"
            parser.add_argument(f"--{name}", metavar=name.upper(), action=action, help=words.options[name])
    parser.add_argument("--keys", default="", help=words.options["keys"])
    parser.add_argument("--script", type=Path, metavar="FILE", help=words.options["script"])
    parser.add_argument("--journey", metavar="CALL", help=words.options["journey"])
    parser.add_argument("--save", type=Path, metavar="FILE", help=words.options["save"])
    parser.add_argument("--title", default="", help=words.options["title"])
    parser.add_argument("--spoken", type=Path, metavar="WAV", help=words.options["spoken"])


async def talk(settings: Settings, given: argparse.Namespace) -> int:
    """Hold the conversation that is asked for; 1 when a written one has become another."""
    words = words_for(given.lang or locale_of(os.environ))
    logging.disable(logging.INFO)  # the person at the terminal reads what the hotline says, and nothing else
    try:
        return await _talk(settings, given, words)
    except NoScene as fault:
        raise TalkError(words.faults.get(fault.text, fault.text), **fault.values) from fault
    except Left:
        return _LEFT
    finally:
        logging.disable(logging.NOTSET)


async def _talk(settings: Settings, given: argparse.Namespace, words: Words) -> int:
    if given.save is not None and given.save.exists():
        raise TalkError(words.exists.format(file=given.save))
    if given.journey is not None:
        return await _replay(settings, given, words)
    if given.script is not None:
        return await _again(settings, given.script, given.spoken, words)
    scene = _scene(settings, given)
    caller = Terminal(
        sys.stdin,
        _keys(given.keys, words),
        tell=_tell,
        explain=words.explained,
    )
    _build_told(words)
    played = await play(scene, caller, _transcript(scene.lang, given), settings.timezone)
    await _keep(settings, given, scene, played, words)
    return _DONE


async def _again(settings: Settings, file: Path, spoken: Path | None, words: Words) -> int:
    """Play a written conversation, and tell what is otherwise now."""
    script = _read(file, settings, words)
    _build_told(words)
    transcript = Transcript(spoken_words.UKRAINIAN, _tell)
    played = await play(script.scene, scripted(script.lines), transcript, settings.timezone)
    if spoken is not None:
        await _speak(settings, spoken, played, words)
    changes = difference(script.lines, played.lines)
    _tell("")
    _tell(words.differs if changes else words.same)
    for line in changes:
        _tell(line)
    return _DIFFERS if changes else _DONE


async def _replay(settings: Settings, given: argparse.Namespace, words: Words) -> int:
    """Hold a real call again: the test to standard output, what goes otherwise to standard error."""
    zone = settings.timezone
    try:
        async with open_storage(settings.database_url, city=settings.city) as storage:
            was = await recorded(storage, given.journey, zone, settings.city)
    except NotReplayed as reason:
        why = words.not_replayed[str(reason)]
        raise TalkError(words.no_replay.format(call=given.journey, why=why)) from reason
    _build_told(words)
    played = await replay(was, spoken_words.UKRAINIAN, zone)
    title = given.title or words.call_of.format(at=was.at.astimezone(zone))
    if given.save is None:
        _tell(as_test(golden(was, played, title, zone), was.at.astimezone(zone)))
    else:
        _write(given.save, golden(was, played, title, zone), words)
    if given.spoken is not None:
        await _speak(settings, given.spoken, played, words)
    changes = otherwise(was, played)
    sys.stderr.write(f"{words.went_otherwise if changes else words.went_same}\n")
    sys.stderr.writelines(f"{line}\n" for line in changes)
    return _DIFFERS if changes else _DONE


def difference(was: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """Give the lines that differ, `-` before those of then and `+` before those of now."""
    return [
        line
        for line in difflib.unified_diff(was, now, lineterm="", n=1)
        if not line.startswith(("---", "+++", "@@"))
    ]


def _scene(settings: Settings, given: argparse.Namespace) -> Scene:
    """Read the options as facts; raises NoScene."""
    zone = settings.timezone
    facts: dict[str, Any] = {}
    for name, fact in FACTS.items():
        told = getattr(given, name)
        if told is None:
            continue
        facts[name] = (
            tuple(read_fact(name, one, zone) for one in told) if fact.many else read_fact(name, told, zone)
        )
    now = SystemClock().now().astimezone(zone).replace(second=0, microsecond=0)
    facts.setdefault("at", now)
    return Scene(**facts)


def _keys(typed: str, words: Words) -> Sequence[Sequence[Cue]]:
    try:
        return [read_cues(one) for one in typed.split()]
    except NotACue as unknown:
        raise TalkError(f"--keys: {words.explained(str(unknown))}") from unknown


def _transcript(language: Language, given: argparse.Namespace) -> Transcript:
    words = spoken_words.words_of(language) if given.lang else spoken_words.words_for(locale_of(os.environ))
    return Transcript(words, _tell)


def _read(file: Path, settings: Settings, words: Words) -> Script:
    try:
        return read_script(file.read_text(encoding="utf-8"), settings.timezone)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise TalkError(words.unreadable.format(file=file, why=why)) from error


async def _keep(
    settings: Settings, given: argparse.Namespace, scene: Scene, played: Played, words: Words
) -> None:
    if given.save is not None:
        facts = written_scene(scene, settings.timezone)
        _write(given.save, written_script(given.title or words.untitled, facts, played.lines), words)
    if given.spoken is not None:
        await _speak(settings, given.spoken, played, words)


def _write(file: Path, text: str, words: Words) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TalkError(words.unwritable.format(file=file, why=error.strerror)) from error
    sys.stderr.write(f"{words.kept.format(file=file)}\n")


async def _speak(settings: Settings, file: Path, played: Played, words: Words) -> None:
    folders = settings.folders
    voice = RHVoice(folders.prompts, find_engines(folders.private_root))
    try:
        await speak_to(file, played.said, voice)
    except OSError as error:
        raise TalkError(words.unwritable.format(file=file, why=error.strerror)) from error
    sys.stderr.write(f"{words.kept.format(file=file)}\n")


def _build_told(words: Words) -> None:
    """Say what takes a moment, to who looks on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{words.building}\n")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
