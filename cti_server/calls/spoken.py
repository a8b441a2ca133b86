"""Transcripts of a call: beside its sound, as a file, and put right by hand, each side apart."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from aiohttp import web
from aiohttp.helpers import content_disposition_header
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.sources import PAST_CALLS, message_in_path, recording_in_path
from cti_server.calls.words import clock_length
from cti_server.frame.language import words_of
from cti_server.frame.words import SECRETS, SPEAKERS
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.calls.call import Recording, VoiceMessage
from hotline.errors import NotFound
from hotline.speech.conversation import Turn, conversation
from hotline.speech.hearing import Use
from hotline.speech.shown_words import ShownWord
from hotline.speech.transcripts import Side, Speaker, Transcript

_taken_away = allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS, Permission.DOWNLOAD_RECORDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSide:
    """Transcript of one side as two texts: `text` as it stands now, `heard` as the machine heard it."""

    written: Transcript
    text: str
    heard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Transcript of one recording or message: the turns of its sides in order, and each side apart."""

    turns: Sequence[Turn]
    sides: Sequence[SpokenSide]
    masks: bool
    """The transcript has a masked number, such as that of a card."""

    def turn_at(self, seconds: float | None) -> int | None:
        """Give the number of the turn in which a word begins at this second."""
        turns = enumerate(self.turns)
        return next((at for at, one in turns if any(word.begins == seconds for word in one.words)), None)


async def spoken_in(
    request: web.Request,
    recordings: Sequence[Recording],
    messages: Sequence[VoiceMessage],
    *,
    unmasked: bool = False,
) -> Mapping[str, Spoken]:
    """Read the transcripts of these recordings and messages, by the id of the sound."""
    kept = request.app[PAST_CALLS].transcripts
    of_messages = await kept.of([one.id for one in messages])
    written = {**await kept.of_talks([one.id for one in recordings])}
    written |= {sound: [one] for sound, one in of_messages.items()}
    gettext = words_of(request).gettext
    made = partial(_spoken, gettext=gettext, unmasked=unmasked)
    # An hour of talk takes a tenth of a second of a processor: not of the loop, by which calls go.
    return {sound: await asyncio.to_thread(made, sides) for sound, sides in written.items()}


def _spoken(sides: Sequence[Transcript], gettext: Callable[[str], str], *, unmasked: bool) -> Spoken:
    return Spoken(
        turns=conversation(sides, unmasked=unmasked),
        sides=[
            SpokenSide(
                written=one,
                text=plain(one.shown(unmasked=unmasked), gettext),
                heard=plain(replace(one, corrected=None).shown(unmasked=unmasked), gettext),
            )
            for one in sides
        ],
        masks=any(one.hidden for one in sides),
    )


def plain(words: Sequence[ShownWord], gettext: Callable[[str], str]) -> str:
    """Write them as a text, what is hidden by its name in brackets."""
    return " ".join(f"[{gettext(SECRETS[word.secret])}]" if word.secret else word.text for word in words)


def side_of(request: web.Request) -> Side:
    """Read which side of which sound the address names."""
    named = request.match_info
    if "speaker" not in named:
        return Side(named["id"])
    if named["speaker"] not in set(Speaker):
        raise NotFound(f"Nobody in a talk is called {named['speaker']}.")
    return Side(named["id"], Use.RECORDINGS, Speaker(named["speaker"]))


@_taken_away
async def of_recording(request: web.Request) -> web.Response:
    """Give the transcript of the talk as a file, a line for each turn; numbers stay masked."""
    found = await recording_in_path(request)
    return await _text(request, await spoken_in(request, [found], ()), f"recording:{found.id}")


@_taken_away
async def of_message(request: web.Request) -> web.Response:
    found = await message_in_path(request)
    return await _text(request, await spoken_in(request, (), [found]), f"message:{found.id}")


async def _text(request: web.Request, spoken: Mapping[str, Spoken], subject: str) -> web.Response:
    sound = request.match_info["id"]
    if sound not in spoken:
        raise NotFound("Nothing was written down of it.")
    await audit(request, Action.EXPORT, subject, f"call:{request.match_info['call']} transcript")
    gettext = words_of(request).gettext
    lines = [
        f"{clock_length(turn.begins)} {gettext(SPEAKERS[turn.speaker])}: {plain(turn.words, gettext)}"
        for turn in spoken[sound].turns
    ]
    named = content_disposition_header("attachment", filename=f"{sound}.txt")
    return web.Response(text="\n".join([*lines, ""]), headers={"Content-Disposition": named})


def unmasks(request: web.Request) -> bool:
    """Tell if the reader asks to see masked numbers and has the right to."""
    return request.query.get("unmasked") == "1" and request[USER].may(Permission.HEAR_UNMASKED)


def sought(request: web.Request) -> tuple[str, float]:
    """Read which moment of which sound is asked for; no sound when none is."""
    try:
        return request.query.get("sound", ""), float(request.query.get("at", ""))
    except ValueError:
        return "", 0.0


def moment_of(sound: str, call_id: str, at: float) -> str:
    """Write the address of a moment of a call's sound."""
    place = URL("/calls") / call_id
    return str(place.with_query({"sound": sound, "at": f"{at:g}"}).with_fragment("here"))
