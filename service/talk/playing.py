"""Holds one conversation from its scene to its end, with a script or with somebody at the terminal."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.calls.call import JourneyStep, Outcome, Step, outcome_of
from hotline.errors import CallGone
from hotline.voice.speech import Language, Phrase
from service.talk.conversations import CONVERSATIONS
from service.talk.cues import HANGS_UP, Cue, read_cues
from service.talk.scene import NO_CONVERSATION, NoScene, Scene
from service.talk.town import Stage, staged
from service.talk.transcript import Transcript, typed_in
from service.talk.typed_call import CALL_ID, Asking, Caller, TypedCall


class Scripted:
    """A caller who does what a script says, line by line, and then hangs up."""

    shown = False

    def __init__(self, lines: Iterable[Sequence[Cue]]) -> None:
        self._lines = deque(lines)

    @property
    def left(self) -> int:
        """How many lines have not been done."""
        return len(self._lines)

    def next(self, asking: Asking) -> Sequence[Cue]:  # noqa: ARG002 - the script knows
        return self._lines.popleft() if self._lines else [HANGS_UP]

    def cutting_in(self, phrases: str, *, question: bool) -> Sequence[Cue]:  # noqa: ARG002 - the script knows
        return self._lines.popleft() if self._lines and self._lines[0][0].cuts_in else []


def scripted(lines: Sequence[str]) -> Scripted:
    """Give the caller of a written conversation; what the hotline says in it is not read. Raises NotACue."""
    return Scripted(read_cues(signs) for line in lines if (signs := typed_in(line)) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A conversation that was held: its lines, its journey, the phrases said."""

    number: str | None
    lines: Sequence[str]
    journey: Sequence[JourneyStep]
    outcome: Outcome
    said: Sequence[tuple[Phrase, Language]]


async def play(
    scene: Scene, caller: Caller, transcript: Transcript, zone: ZoneInfo, built: Path | None = None
) -> Played:
    """Hold the conversation in a city of its own; `built` is the file of one. Raises NoScene."""
    async with staged(scene, zone, built) as stage:
        return await hold(stage, scene, caller, transcript)


async def hold(stage: Stage, scene: Scene, caller: Caller, transcript: Transcript) -> Played:
    """Hold the conversation in this city. Raises NoScene."""
    conversation = CONVERSATIONS.get(scene.conversation)
    if conversation is None:
        raise NoScene(NO_CONVERSATION, name=scene.conversation, all=", ".join(CONVERSATIONS))
    talk = await conversation.ready(stage, scene)
    call = TypedCall(
        caller,
        transcript,
        stage.clock,
        stage.desk,
        number=talk.number,
        language=scene.lang,
        outgoing=talk.begun is not Step.ARRIVED,
        place_kept=talk.place_kept,
        asked_about=talk.asked_about,
        recording_refused=scene.refused,
        hears=scene.hears,
        talks=scene.talks,
    )
    try:
        await talk.speak(call, transcript)
    except CallGone:
        pass
    else:
        transcript.happened(transcript.words.hung_up)
    journey = _journey(talk.begun, call, stage)
    outcome = outcome_of(journey)
    transcript.happened(transcript.words.over.format(outcome=transcript.words.outcome(outcome)))
    return Played(
        number=talk.number, lines=transcript.lines, journey=journey, outcome=outcome, said=call.said
    )


def _journey(begun: Step, call: TypedCall, stage: Stage) -> Sequence[JourneyStep]:
    steps = [(begun, {}), *([(Step.ANSWERED, {})] if call.outgoing else []), *call.steps]
    return [
        JourneyStep(call_id=CALL_ID, number=number, at=stage.clock.now(), step=step, detail=detail)
        for number, (step, detail) in enumerate(steps, start=1)
    ]
