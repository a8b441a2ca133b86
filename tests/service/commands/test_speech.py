"""`hotline speech`: which models are set, and what a folder's model is good for, on a small real one."""

import re
from pathlib import Path

import pytest

from service.command_line import main
from tests.fakes.toy_onnx import toy_model, toy_tdt_model


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))


def test_without_a_model_one_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speech", "models"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "No model is set: voice messages are only listened to (HOTLINE_SPEECH_MESSAGES_UK)."
    ]


def test_models_are_listed_by_use_and_language_and_one_that_is_none_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    toy = toy_model(tmp_path / "toy")
    monkeypatch.setenv("HOTLINE_SPEECH_TALK_UK", str(toy))
    assert main(["speech", "models"]) == 0
    assert re.search(rf"conversations\s+uk\s+{toy}\s+ready: onnx", capsys.readouterr().out)
    monkeypatch.setenv("HOTLINE_SPEECH_MESSAGES_EN", str(tmp_path / "nowhere"))
    assert main(["speech", "models"]) == 1
    assert re.search(r"messages\s+en\s+\S+nowhere\s+\S+nowhere is no folder", capsys.readouterr().out)


@pytest.mark.nightly
def test_a_folder_is_told_what_it_is_how_it_hears_a_telephone_how_quick_and_how_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toy = toy_model(tmp_path / "toy")
    assert main(["speech", "check", str(toy), "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("toy: a model of onnx")
    assert "it cannot be bound to a list of words" in told
    assert "it hears at 16 kHz: the telephone's sound (8 kHz) is resampled for it" in told
    assert "listening to 10 sentences (en)" in told
    assert re.search(r"a second of speech takes \d+\.\d\d s of one core", told)
    assert re.search(r"word error rate: \d+%", told)
    assert told.count("heard:  ") == 3  # those that it understood worst


@pytest.mark.nightly
def test_a_model_in_parts_is_told_to_be_tdt_and_is_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["speech", "check", str(toy_tdt_model(tmp_path / "parakeet")), "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("parakeet: a model of onnx (nemo-conformer-tdt)")
    assert re.search(r"word error rate: \d+%", told)


def test_a_folder_that_holds_no_model_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["speech", "check", str(tmp_path)]) != 0
    told = capsys.readouterr()
    assert "holds no model that is known here" in told.out + told.err
