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
    talk_uk: Path | None = env.parsed(
        "HOTLINE_SPEECH_TALK_UK",
        "",
        "the folder of the model that hears what callers answer in Ukrainian",
        _folder,
        usual="none: they answer by keys",
    )
    talk_en: Path | None = env.parsed(
        "HOTLINE_SPEECH_TALK_EN",
        "",
        "the same for calls in English",
        _folder,
        usual="none: they answer by keys",
    )
    talk_at_once: int = env.whole(
        "HOTLINE_SPEECH_TALK_AT_ONCE",
        2,
        "how many callers of a language are heard at the same moment (all others answer by keys); each takes"
        " the memory of its model",
        least=1,
        because="without a model nobody is heard",
    )
    recordings: bool = env.yes(
        "HOTLINE_SPEECH_RECORDINGS",
        "1",
        "whether recorded talks are written down, too: 1 or 0",
    )
    recordings_uk: Path | None = env.parsed(
        "HOTLINE_SPEECH_RECORDINGS_UK",
        "",
        "another model for recorded talks in Ukrainian",
        _folder,
        usual="that of messages",
    )
    recordings_en: Path | None = env.parsed(
        "HOTLINE_SPEECH_RECORDINGS_EN", "", "the same for talks in English", _folder, usual="that of messages"
    )
    ears: int = env.whole(
        "HOTLINE_SPEECH_EARS", 1, "sounds that are written down at once, each on a core of its own", least=1
    )
    beside_uk: Path | None = env.parsed(
        "HOTLINE_SPEECH_BESIDE_UK",
        "",
        "the folder of the model that writes along, on the desk, what is said in a talk in Ukrainian",
        _folder,
        usual="none: desks show no words",
    )
    beside_en: Path | None = env.parsed(
        "HOTLINE_SPEECH_BESIDE_EN",
        "",
        "the same for calls in English",
        _folder,
        usual="none: desks show no words",
    )
    beside_at_once: int = env.whole(
        "HOTLINE_SPEECH_BESIDE_AT_ONCE",
        2,
        "how many talks are written along at the same moment, 0 for none; each takes the memory of its model,"
        " and of a core what `hotline speech check` says",
        least=0,
    )

    @property
    def models(self) -> Sequence[Model]:
        uk, en = Language.UKRAINIAN, Language.ENGLISH
        folders = {
            (Use.MESSAGES, uk): self.messages_uk,
            (Use.MESSAGES, en): self.messages_en,
            (Use.CONVERSATIONS, uk): self.talk_uk,
            (Use.CONVERSATIONS, en): self.talk_en,
            (Use.BESIDE, uk): self.beside_uk,
            (Use.BESIDE, en): self.beside_en,
        }
        if self.recordings:
            folders |= {
                (Use.RECORDINGS, uk): self.recordings_uk or self.messages_uk,
                (Use.RECORDINGS, en): self.recordings_en or self.messages_en,
            }
        return [
            Model(folder=folder, language=language, use=use)
            for (use, language), folder in folders.items()
            if folder is not None
        ]
