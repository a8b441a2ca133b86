"""Texts of `hotline speech`, in Ukrainian and English."""

from dataclasses import dataclass

from service.terminal_language import in_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language; braces name the values filled in."""

    none: str
    headings: tuple[str, str, str, str]
    usable: str
    is_a: str
    bound: str
    whole: str
    own_rate: str
    resampled: str
    not_installed: str
    no_voice: str
    speaking: str
    loaded: str
    quick: str
    errs: str
    unsure: str
    worst: str
    honest: str


UKRAINIAN = Words(
    none="Жодної моделі не задано: голосові повідомлення лише прослуховують (HOTLINE_SPEECH_MESSAGES_UK).",
    headings=("Для чого", "Мова", "Модель", "Стан"),
    usable="готова: {engine}",
    is_a="{name}: модель для {engine}{kind}",
    bound="її можна обмежити переліком слів",
    whole="обмежити її переліком слів не можна",
    own_rate="звук телефону (8 кГц) приймає сама",
    resampled="слухає на {rate} кГц: звук телефону (8 кГц) для неї перетворюємо",
    not_installed="пакета, який її читає, немає: запустіть ./start --speech",
    no_voice="речення для перевірки нема кому промовити: {error}",
    speaking="слухає {number} речень ({language}), які промовив голос гарячої лінії якістю телефону …",
    loaded="завантажується за {seconds:.1f} с, займає до {peak} МБ",
    quick="секунда мови коштує {factor:.2f} с одного ядра",
    errs="помилок у словах: {errors:.0%}",
    unsure="сама не впевнена у {unsure:.0%} слів",
    worst="  сказано:  {said}\n  почуто:   {heard}\n",
    honest="Це чіткий синтезований голос без шуму: людей модель розумітиме гірше.",
)
ENGLISH = Words(
    none="No model is set: voice messages are only listened to (HOTLINE_SPEECH_MESSAGES_UK).",
    headings=("For", "Language", "Model", "State"),
    usable="ready: {engine}",
    is_a="{name}: a model of {engine}{kind}",
    bound="it can be bound to a list of words",
    whole="it cannot be bound to a list of words",
    own_rate="it takes the telephone's sound (8 kHz) by itself",
    resampled="it hears at {rate} kHz: the telephone's sound (8 kHz) is resampled for it",
    not_installed="the package that reads it is not installed: run ./start --speech",
    no_voice="nobody can speak the sentences to try it on: {error}",
    speaking="listening to {number} sentences ({language}), spoken by the hotline's voice as by telephone …",
    loaded="loaded in {seconds:.1f} s, up to {peak} MB",
    quick="a second of speech takes {factor:.2f} s of one core",
    errs="word error rate: {errors:.0%}",
    unsure="unsure by itself of {unsure:.0%} of the words",
    worst="  said:   {said}\n  heard:  {heard}\n",
    honest="That is a clear synthetic voice without noise: it will understand people less well.",
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)
