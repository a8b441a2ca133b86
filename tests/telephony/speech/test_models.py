"""What a folder of a model tells before anything of it is loaded."""

import json
from pathlib import Path

import pytest

from hotline.speech.hearing import Engine, NotHeard
from hotline.voice.speech import Language
from telephony.speech.models import TELEPHONE, WIDE, look_at, open_ear


def filled(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("conf", "rate"),
    [
        ("--allow-upsample=true\n--high-freq=7600\n", TELEPHONE),
        ("--sample-frequency=8000\n", TELEPHONE),
        ("--high-freq=7600\n", WIDE),  # such a model throws on the telephone's rate: it gets 16 kHz
    ],
)
def test_a_vosk_model_tells_at_which_rate_it_hears(tmp_path: Path, conf: str, rate: int) -> None:
    found = look_at(filled(tmp_path, am__final_dot_mdl="", conf__mfcc_dot_conf=conf))
    assert (found.engine, found.rate, found.bound) == (Engine.VOSK, rate, False)


def test_a_vosk_model_with_a_graph_of_two_parts_can_be_bound_to_words(tmp_path: Path) -> None:
    assert look_at(filled(tmp_path, am__final_dot_mdl="", graph__Gr_dot_fst="", graph__HCLr_dot_fst="")).bound


def test_whisper_in_ctranslate2s_form_is_known_by_its_files(tmp_path: Path) -> None:
    found = look_at(filled(tmp_path, model_dot_bin="", vocabulary_dot_txt=""))
    assert (found.engine, found.rate) == (Engine.WHISPER, WIDE)


def test_onnx_models_are_told_apart_by_their_config_or_their_parts(tmp_path: Path) -> None:
    ctc, tdt, told = (tmp_path / name for name in ("ctc", "tdt", "told"))
    found = look_at(filled(ctc, model_dot_onnx="", vocab_dot_txt=""))
    assert (found.engine, found.kind, found.quantised) == (Engine.ONNX, "nemo-conformer-ctc", "")
    parts = {"encoder-model_dot_int8_dot_onnx": "", "decoder_joint-model_dot_int8_dot_onnx": ""}
    found = look_at(filled(tdt, **parts))
    assert (found.kind, found.quantised) == ("nemo-conformer-tdt", "int8")
    config = json.dumps({"model_type": "t-one-ctc"})
    found = look_at(filled(told, model_dot_onnx="", config_dot_json=config))
    assert (found.kind, found.rate) == ("t-one-ctc", TELEPHONE)


def test_a_folder_that_is_no_model_is_refused_with_what_a_model_looks_like(tmp_path: Path) -> None:
    with pytest.raises(NotHeard, match="holds no model"):
        look_at(filled(tmp_path, readme_dot_txt=""))
    with pytest.raises(NotHeard, match="is no folder"):
        look_at(tmp_path / "away")
    with pytest.raises(NotHeard, match="cannot be read"):
        look_at(filled(tmp_path, model_dot_onnx="", config_dot_json="{"))


def test_a_model_without_its_package_says_what_sets_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.speech.models.find_spec", lambda _name: None)
    with pytest.raises(NotHeard, match=r"./start --speech"):
        open_ear(look_at(filled(tmp_path, am__final_dot_mdl="")), Language.UKRAINIAN)
