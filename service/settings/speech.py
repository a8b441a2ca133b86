"""The settings of hearing: the models by use and language, each a folder. None is set: nothing listens."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.speech.hearing import Model, Use
from hotline.voice.speech import Language
from service import environment as env


def _folder(_name: str, given: str) -> Path | None:
    return Path(given).absolute() if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSettings:
    """Folders of models. `hotline speech check FOLDER` tells what one is good for."""

    messages_uk: Path | None = env.parsed(
        "HOTLINE_SPEECH_MESSAGES_UK",
        "",
        "the folder of the model that writes down voice messages in Ukrainian",
        _folder,
        usual="none: messages are only listened to",
    )
    messages_en: Path | None = env.parsed(
        "HOTLINE_SPEECH_MESSAGES_EN",
        "",
        "the same for calls in English",
        _folder,
        usual="none: messages are only listened to",
    )
    words: Path | None = env.parsed(
        "HOTLINE_SPEECH_WORDS",
        "",
        "a folder with the city's own words for what callers say (docs/design/hearing.md)",
        _folder,
        usual="those of the product",
    )

    @property
    def models(self) -> Sequence[Model]:
        folders = {Language.UKRAINIAN: self.messages_uk, Language.ENGLISH: self.messages_en}
        return [
            Model(folder=folder, language=language, use=Use.MESSAGES)
            for language, folder in folders.items()
            if folder is not None
        ]
