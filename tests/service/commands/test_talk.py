"""`hotline talk` as a flow's author uses it: fast, clumsily, with mistakes."""

import asyncio
import io
import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.calls.call import CallRecord, JourneyStep, Scalar, Step
from hotline.city.addresses import demo_streets
from service.command_line import main
from service.talk import town
from storage.store import open_storage
from tests.fakes.databases import empty_database
from tests.fakes.towns import copied

AT = ("--at", "2026-12-01 12:00", "--town", "empty")


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No secrets, no database, and a terminal that speaks Ukrainian."""
    for name in ("HOTLINE_ARI_SECRET", "HOTLINE_AMI_SECRET", "HOTLINE_DATABASE_URL", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("LANG", "uk_UA.UTF-8")


@pytest.fixture(autouse=True)
def _built_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The city is built anew by the first test alone: for the others it is copied."""
    if request.function is not test_a_conversation_is_held_without_secrets_and_leaves_nothing_behind:
        monkeypatch.setattr(town, "build", copied)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is typed; its end is Ctrl-D."""
    source = io.StringIO()
    monkeypatch.setattr("sys.stdin", source)
    return source


def types(typed: io.StringIO, *lines: str) -> None:
    typed.write("".join(f"{line}\n" for line in lines))
    typed.seek(0)


def test_a_conversation_is_held_without_secrets_and_leaves_nothing_behind(
    typed: io.StringIO, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    types(typed, "3", "s")
    assert main(["talk", *AT]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Загроза життю")
    assert lines[-5:] == [
        "> s (каже)",
        "Дякуємо. Ваше повідомлення збережено, диспетчер його прослухає.",
        "Дякуємо за дзвінок. На все добре!",
        "[слухавку покладено]",
        "[кінець: Залишено повідомлення]",
    ]
    assert not (tmp_path / "var").exists()


def test_what_is_no_key_is_told_and_asked_again(
    typed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    types(typed, "q", "?", "0")
    assert main(["talk", *AT]) == 0
    told = capsys.readouterr().out
    assert "«q» — не клавіша." in told
    assert told.count("Ctrl-D — кладе слухавку") == 2
    assert "[розмова: Диспетчер 201; закінчено]" in told


def test_the_end_of_input_hangs_up(typed: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    types(typed, "", "")  # silence in the menu, and in the line
    assert main(["talk", *AT, "--ahead", "5"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "> x (кладе слухавку)",
        "[кінець: Не дочекалися відповіді]",
    ]


def test_keys_given_beforehand_come_first_and_may_cut_in(
    typed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    types(typed, "x")
    assert main(["talk", *AT, "--keys", "!9 8"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "Загроза життю — телефонуйте сто дванадцять. …",
        "> !9 (перебиває)",
        "[Змінено мову: en]",
    ]
    assert "> 8" in lines


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["pizza"], "розмови «pizza» немає; є: incoming, in-menu"),
        (["--number", "12"], "number: «12» не вдається прочитати, треба так: +380457900001 | hidden"),
        (["--at", "завтра"], "at: «завтра» не вдається прочитати, треба так: 2026-12-01 12:00"),
        (["--dispatchers", "-1"], "dispatchers: «-1» не вдається прочитати"),
        (
            ["--outage", "water; emergency; 2026-12-01 11:00; -; вулиця Ніяка, 1"],
            "outage: «water; emergency;",
        ),
        (["--appeal", "1001; lost"], "appeal: «1001; lost» не вдається прочитати"),
        (["--known", "вулиця Ніяка, 1"], "known: у реєстрі вулиць немає «вулиця Ніяка, 1»"),
        (["duty", "--about", "77"], "about: у цьому місті немає звернення «77»"),
        (["survey"], "about: у цьому місті немає звернення для такого дзвінка"),
        (["outage"], "about: у цьому місті немає відключення для такого дзвінка"),
        (["called-back", "--number", "hidden"], "number: на прихований номер зателефонувати не можна"),
        (["--keys", "1q"], "--keys: «q» — не клавіша."),
        (["--keys", "1!"], "--keys: «!» — не клавіша."),
        (["--script", "/nowhere/at-all.txt"], "/nowhere/at-all.txt не можна прочитати"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_that_says_what_can(
    arguments: list[str], complaint: str, typed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    types(typed)
    assert main(["talk", *AT, *arguments]) == 1
    assert complaint in capsys.readouterr().err


def test_the_words_are_english_where_the_terminal_is(
    typed: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    types(typed)
    assert main(["talk", *AT, "duty", "--about", "77"]) == 1
    assert "this city has no appeal «77»" in capsys.readouterr().err
    assert main(["talk", *AT, "--lang", "en", "--keys", "0"]) == 0
    told = capsys.readouterr().out
    assert "One moment, please." in told
    assert "[the line is closed]" in told


def test_a_conversation_that_is_saved_can_be_played_again_and_differences_are_shown(
    typed: io.StringIO, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "talk.txt"
    types(typed, "8", "0")
    assert main(["talk", *AT, "--save", str(file), "--title", "Не та клавіша"]) == 0
    kept = file.read_text(encoding="utf-8")
    assert kept.startswith("# Не та клавіша\nconversation: incoming\ntown: empty\nat: 2026-12-01 12:00\n\n")
    assert main(["talk", "--script", str(file)]) == 0
    assert capsys.readouterr().out.endswith("Усе так, як записано.\n")
    file.write_text(kept.replace("Вибачте, такого пункту немає.", "Ой."), encoding="utf-8")
    assert main(["talk", "--script", str(file)]) == 1
    assert "-Ой. Послухайте, будь ласка, ще раз." in capsys.readouterr().out
    assert main(["talk", *AT, "--save", str(file)]) == 1
    assert "уже є" in capsys.readouterr().err


@pytest.mark.usefixtures("typed")
def test_what_was_said_is_spoken_where_the_voice_is_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "said.wav"
    if main(["talk", *AT, "informing", "--keys", "9", "--spoken", str(file)]) != 0:
        assert "RHVoice" in capsys.readouterr().err
        pytest.skip("no voice on this machine")
    with wave.open(str(file)) as sound:
        assert sound.getframerate() == 8000
        assert sound.getnframes() > 5 * 8000


async def _mariia_called(url: str) -> None:
    at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    greeting, menu = "emergency-notice emergency-key welcome", "english-on-nine menu"
    steps: list[tuple[Step, dict[str, Scalar]]] = [
        (Step.ARRIVED, {}),
        (Step.ANSWERED, {}),
        (Step.HEARD, {"phrases": greeting, "voice": 1}),
        (Step.HEARD, {"phrases": menu, "voice": 2}),
        (Step.WRONG_KEY, {"key": "8", "asked": menu}),
        (Step.HEARD, {"phrases": "sorry menu", "voice": 3}),
        (Step.PRESSED, {"key": "3", "asked": "sorry menu"}),
        (Step.HEARD, {"phrases": "leave-message", "voice": 4}),
        (Step.MESSAGE_LEFT, {"message": "hotline-1.1-ab"}),
        (Step.ENDED, {}),
    ]
    async with open_storage(url) as storage:
        await storage.streets.add(demo_streets())
        calls = storage.calls
        await calls.open(CallRecord(id="hotline-1.1", number="+380671234567", shown="", arrived_at=at))
        await calls.open(CallRecord(id="hotline-1.2", number=None, shown="", arrived_at=at))
        for number, (step, detail) in enumerate(steps, start=1):
            await calls.note(
                JourneyStep(call_id="hotline-1.1", number=number, at=at, step=step, detail=detail)
            )
        await calls.flush()


def test_a_real_call_is_printed_as_a_test_and_what_goes_otherwise_now_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = empty_database(tmp_path)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
    asyncio.run(_mariia_called(url))
    assert main(["talk", "--journey", "hotline-1.1"]) == 1
    printed = capsys.readouterr()
    assert "async def test_the_call_of_2026_12_01_at_12_00_goes_so(" in printed.out
    assert (
        "        # Дзвінок 01.12.2026 12:00\n        conversation: incoming\n        town: empty\n"
        in printed.out
    )
    assert "        > x (кладе слухавку)\n        [кінець: Залишено повідомлення]\n" in printed.out
    assert "+380671234567" not in printed.out + printed.err
    assert "-heard sorry menu\n+heard wrong-key menu\n" in printed.err
    kept = tmp_path / "call.txt"
    assert main(["talk", "--journey", "hotline-1.1", "--save", str(kept)]) == 1
    assert main(["talk", "--script", str(kept)]) == 0
    capsys.readouterr()
    for call, why in (("hotline-7.7", "такого немає"), ("hotline-1.2", "у ньому нічого не сказано")):
        assert main(["talk", "--journey", call]) == 1
        assert f"{call} не повторити: {why}" in capsys.readouterr().err
