"""The catalogues as chats show them, and messages made of phrases."""

import re
import string
import tomllib
from importlib import resources

import pytest

import ivr_flows
from hotline.chats.chats import Button
from hotline.voice.speech import Language, Phrase
from ivr_flows import appeal_phrases, outage_phrases, prompts
from ivr_flows.in_chat import Message
from ivr_flows.languages import CATALOGUES, IN_CHAT

OWN = {language: IN_CHAT[language].keys() - said.keys() for language, said in CATALOGUES.items()}


def written(language: Language) -> dict[str, str]:
    file = resources.files(ivr_flows).joinpath("catalogue", f"chat-{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def parts(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_are_shown_otherwise_in_the_same_places_and_with_the_same_choices() -> None:
    uk, en = IN_CHAT[Language.UKRAINIAN], IN_CHAT[Language.ENGLISH]
    assert written(Language.UKRAINIAN).keys() == written(Language.ENGLISH).keys()
    assert OWN[Language.UKRAINIAN] == OWN[Language.ENGLISH] == {key for key in uk if key.startswith("chat-")}
    keys = re.compile(r"^\[(.+?)\]", re.MULTILINE)
    assert [key for key in uk if keys.findall(uk[key]) != keys.findall(en[key])] == []
    assert [key for key in uk if parts(uk[key]) != parts(en[key])] == []


@pytest.mark.parametrize("language", Language)
def test_what_is_shown_keeps_the_facts_of_what_is_said(language: Language) -> None:
    said, shown = CATALOGUES[language], IN_CHAT[language]
    assert [key for key in said if shown[key] and parts(said[key]) != parts(shown[key])] == []


def test_lines_of_others_are_text_whatever_stands_in_brackets() -> None:
    written = "[1] Замінили кран\n[9] Перевірили тиск"
    article = Phrase(name="article-answer-1", uk=written, en=written)
    said = [*appeal_phrases.answer(written, "answer"), *outage_phrases.why(written, "reason"), article]
    message = Message()
    message.say(said, Language.UKRAINIAN)
    assert message.buttons == ()
    assert message.text.count(written) == 3


def test_lines_with_keys_become_choices_and_empty_phrases_are_not_shown() -> None:
    message = Message()
    message.say(
        [prompts.EMERGENCY_KEY, prompts.ENGLISH_ON_NINE, outage_phrases.ANOTHER_ADDRESS], Language.UKRAINIAN
    )
    assert message.text == ""
    assert message.buttons == (Button(key="9", label="Інша адреса"),)
    message.say([prompts.GOODBYE], Language.ENGLISH)
    assert message.text == "Thank you. Goodbye!"
