"""The golden conversations in writing: with the same answers the same is done and told as by voice."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.calls.call import Scalar, Step
from hotline.calls.conversation import Next
from hotline.chats.chats import PREFIX, LineKind, NewLine
from hotline.chats.keywords import short_answer
from hotline.errors import CallGone
from ivr_flows.chat_road import converse_in_chat
from ivr_flows.outage_phrases import SAY_ADDRESS
from ivr_flows.said_address import BY_KEYS
from service.chats.held_flows import TO_MENU
from service.chats.ports import ports_of
from service.chats.written_call import WrittenCall, key_of
from service.talk.conversations import CONVERSATIONS
from service.talk.cues import HANG_UP, SPEECH, Cue, read_cues
from service.talk.playing import Played, play, scripted
from service.talk.scene import Scene, Script, read_script
from service.talk.town import Stage, staged
from service.talk.transcript import Transcript, typed_in
from service.talk.words import UKRAINIAN
from tests.fakes.towns import KYIV, town_of
from tests.ivr_flows.test_golden_conversations import FILES, flow_of, flows, longest_by_day

_TABLE = Path(__file__).parents[2] / "docs" / "design" / "text.md"


def held_by(medium: str) -> Mapping[str, str]:
    """Each flow → what the table of the design says of it in this column."""
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in _TABLE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    head = next(row for row in rows if "Flows" in row)
    flows_at, at = head.index("Flows"), head.index(medium)
    return {
        name: row[at]
        for row in rows
        if len(row) == len(head)
        for name in re.findall("`(.*?)`", row[flows_at])
    }


OF_TELEPHONE = frozenset(name for name, how in held_by("Page").items() if how.startswith("no"))
"""Flows that no chat holds: a dispatcher takes a chat over, and nothing in it is recorded."""
IN_WRITING = [
    file
    for file in FILES
    if flow_of(file) not in OF_TELEPHONE and "conversation: in-" not in file.read_text(encoding="utf-8")
]
DONE = frozenset(
    {
        *(Step.APPEAL_ASKED, Step.APPEAL_ANSWERED, Step.REPORTED_OFF, Step.PLACE_SAID),
        *(Step.ASKED_TO_BE_TOLD, Step.LANGUAGE_CHOSEN),
    }
)
Steps = Sequence[tuple[Step, dict[str, Scalar]]]


class Writes:
    """Writes what the script's caller presses and says, answer by answer.

    In writing everybody may use words. Who uses keys in the script asks for them (`#`) where words are asked.
    """

    def __init__(self, script: Script) -> None:
        read = (read_cues(signs) for line in script.lines if (signs := typed_in(line)) is not None)
        self._lines: deque[deque[Cue]] = deque(deque(one) for one in read)
        self._by_keys = not script.scene.hears
        self.held: list[tuple[NewLine, str]] = []
        """Each question with its answer; empty: they are gone."""

    async def answer(self, question: NewLine) -> NewLine:
        self.held.append((question, ""))
        text = self._text(question)
        self.held[-1] = question, text
        return NewLine(kind=LineKind.ANSWERED, text=text)

    def _text(self, question: NewLine) -> str:
        """Give a number whole where one is asked for, else one sign; who has nothing left is gone."""
        if self._by_keys and SAY_ADDRESS.name in question.asked.split():
            return BY_KEYS
        while self._lines and not self._lines[0]:
            self._lines.popleft()
        if not self._lines:
            raise CallGone("nothing is left of the script")
        line = self._lines[0]
        first = line.popleft()
        text = first.says or first.sign
        if first.sign == HANG_UP:
            raise CallGone("they hang up")
        if first.sign == SPEECH and not first.says:
            text = "Без розбору"
        number = set("0123456789#") <= set(question.asked.rpartition(" ")[2])
        while number and not first.says and line and text != "#":
            text += line.popleft().sign
        return text.removesuffix("#") or "#"


async def in_writing(scene: Scene, writes: Writes, stage: Stage) -> WrittenCall:
    """Hold the same conversation in writing, up to where a dispatcher would take over."""
    conversation = CONVERSATIONS[scene.conversation]
    talk = await conversation.ready(stage, scene)

    async def save(lines: Sequence[NewLine]) -> None:
        del lines

    async def arrive(going: Next | None) -> None:
        del going

    call = WrittenCall(
        f"{PREFIX}1",
        number=talk.number,
        language=scene.lang,
        past=(),
        save=save,
        hears=True,
        answers=writes.answer,
    )
    with suppress(CallGone):
        if scene.conversation == "incoming":
            city = ports_of(call, stage.city, Guesses(GuessingRules()))
            await converse_in_chat(None, call, city, arrive)
        else:
            await talk.speak(call, Transcript(UKRAINIAN))
    return call


def before_the_line(played: Played) -> Steps:
    steps = [(one.step, dict(one.detail)) for one in played.journey]
    line = next((at for at, (step, _) in enumerate(steps) if step is Step.JOINED_LINE), len(steps))
    return steps[:line]


@pytest.mark.parametrize("file", longest_by_day(IN_WRITING), ids=lambda file: file.stem)
async def test_in_writing_the_same_is_done_and_told(file: Path) -> None:
    script = read_script(file.read_text(encoding="utf-8"), KYIV)
    scene = replace(script.scene, dispatchers=0, ahead=0)
    async with town_of(script.scene) as built:
        by_voice = await play(script.scene, scripted(script.lines), Transcript(UKRAINIAN), KYIV, built)
    async with town_of(scene) as built, staged(scene, KYIV, built) as stage:
        call = await in_writing(scene, Writes(script), stage)
    spoken = before_the_line(by_voice)
    assert [one for one in call.steps if one[0] in DONE] == [one for one in spoken if one[0] in DONE]
    told = [detail for step, detail in call.steps if step is Step.INFORMED]
    assert [one for step, one in spoken if step is Step.INFORMED and one not in told] == []
    for line in call.pending:
        shown = f"{line.text} {' '.join(one.label for one in line.buttons)}".casefold()
        assert line.text or line.buttons, line.asked
        assert not [word for word in ("натисні", "press ", "слухавк", "hang up") if word in shown], shown
        if line.buttons:
            assert_given_by_messengers(line)


def assert_given_by_messengers(line: NewLine) -> None:
    """Telegram's button and the sign of a short message both mean the choice that the page offers."""
    short = short_answer([line.text], line.buttons)
    for one in line.buttons:
        assert f"{one.key} {one.label}" in short
        assert len(one.label) <= 64, "Telegram shows no more of a button"
        assert one.key == TO_MENU or key_of(one.label.rstrip(".!").casefold(), line.buttons) == one.key


def test_each_flow_is_held_in_writing_or_is_of_the_telephone_alone() -> None:
    assert {flow_of(file) for file in IN_WRITING} | OF_TELEPHONE == flows() == set(held_by("Voice"))
