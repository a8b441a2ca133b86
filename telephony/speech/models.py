"""Models as folders: which engine reads one, at what rate it hears, and whether it can be bound to words."""

import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hotline.speech.hearing import Ear, Engine, NotHeard
from hotline.voice.speech import Language

TELEPHONE = 8000
WIDE = 16000
PACKAGES = {Engine.VOSK: "vosk", Engine.ONNX: "onnx_asr", Engine.WHISPER: "faster_whisper"}
SET_UP = "./start --speech sets it up"
_OPTION = re.compile(r"^--([\w-]+)=(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder's model as its files tell of it; nothing of it is loaded."""

    folder: Path
    engine: Engine
    rate: int
    """Samples a second at which it is to be given sound; at TELEPHONE it needs no resampling by us."""
    bound: bool
    """Whether it can be bound to a list of words."""
    kind: str = ""
    """The kind of an ONNX model, as `onnx-asr` calls it."""
    quantised: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether the package is there that reads it."""
        return find_spec(PACKAGES[self.engine]) is not None


def look_at(folder: Path) -> Found:
    """Tell what model lies there; raises NotHeard where it is none that an engine reads."""
    if not folder.is_dir():
        raise NotHeard(f"{folder} is no folder: name the one in which the model's files lie.")
    try:
        return _looked_at(folder)
    except (OSError, ValueError) as error:
        raise NotHeard(f"{folder} cannot be read: {error}") from error


def _looked_at(folder: Path) -> Found:
    if (conf := _mfcc(folder)) is not None:
        return _vosk(folder, conf)
    names = {file.name for file in folder.iterdir()}
    if "model.bin" in names and names & {"vocabulary.txt", "vocabulary.json", "tokenizer.json"}:
        return Found(folder=folder, engine=Engine.WHISPER, rate=WIDE, bound=False)
    if any(name.endswith(".onnx") for name in names):
        return _onnx(folder, names)
    raise NotHeard(
        f"{folder} holds no model that is known here: Vosk has am/final.mdl, Whisper (CTranslate2) "
        "model.bin, ONNX *.onnx with vocab.txt or config.json."
    )


def open_ear(found: Found, language: Language) -> Ear:
    """Load the model: that takes seconds, and hundreds of megabytes.

    Raises NotHeard without the package, and whatever an engine likes for a model that it cannot load.
    """
    if not found.is_installed:
        raise NotHeard(f"The package for {found.engine} models is not installed: {SET_UP}.")
    ear: Ear = importlib.import_module(f"telephony.speech.{found.engine}_ear").opened(found, language)
    return ear


def _mfcc(folder: Path) -> Mapping[str, str] | None:
    """Read how a Vosk model takes its sound; None where there is no such model."""
    if not any((folder / place).is_file() for place in ("am/final.mdl", "final.mdl")):
        return None
    conf = next((folder / at for at in ("conf/mfcc.conf", "mfcc.conf") if (folder / at).is_file()), None)
    return dict(_OPTION.findall(conf.read_text(encoding="utf-8"))) if conf else {}


def _vosk(folder: Path, conf: Mapping[str, str]) -> Found:
    """A model that may not raise the rate by itself throws at the telephone's: we resample for it."""
    own = int(float(conf.get("sample-frequency", WIDE)))
    takes_telephone = own == TELEPHONE or conf.get("allow-upsample") == "true"
    # A graph of two parts is joined as it is used, so that words can be chosen; HCLG.fst is whole.
    bound = any((folder / place / "Gr.fst").is_file() for place in ("graph", ""))
    return Found(folder=folder, engine=Engine.VOSK, rate=TELEPHONE if takes_telephone else own, bound=bound)


def _onnx(folder: Path, names: set[str]) -> Found:
    told = json.loads((folder / "config.json").read_text(encoding="utf-8")) if "config.json" in names else {}
    kind = str(told.get("model_type", "")) if isinstance(told, dict) else ""
    if not kind:
        parts = any(name.startswith("decoder_joint") for name in names)
        kind = "nemo-conformer-tdt" if parts else "nemo-conformer-ctc"
    whole = {name for name in names if name.endswith(".onnx")}
    only_int8 = all("int8" in name for name in whole)
    return Found(
        folder=folder,
        engine=Engine.ONNX,
        rate=TELEPHONE if kind == "t-one-ctc" else WIDE,
        bound=False,
        kind=kind,
        quantised="int8" if only_int8 else "",
    )
