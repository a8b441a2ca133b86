"""The catalogue is whole in both languages, and what is put together reads as people speak."""

import re
import string
from pathlib import Path

import pytest

from hotline.appeals.appeal import AppealState
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from hotline.voice.speech import Language, Phrase
from ivr_flows import (
    alarm_phrases,
    appeal_phrases,
    chat_phrases,
    duty_phrases,
    equipment_phrases,
    informing_phrases,
    message_phrases,
    neighbour_phrases,
    outage_over_phrases,
    outage_phrases,
    power_call_phrases,
    power_phrases,
    prompts,
    question_phrases,
    survey_phrases,
    term_phrases,
)
from ivr_flows.languages import CATALOGUES

MODULES = (
    prompts,
    appeal_phrases,
    outage_phrases,
    power_phrases,
    power_call_phrases,
    term_phrases,
    alarm_phrases,
    duty_phrases,
    equipment_phrases,
    informing_phrases,
    outage_over_phrases,
    survey_phrases,
    message_phrases,
    question_phrases,
    chat_phrases,
    neighbour_phrases,
)
UKRAINIAN, ENGLISH = CATALOGUES[Language.UKRAINIAN], CATALOGUES[Language.ENGLISH]


def constants() -> list[tuple[str, Phrase]]:
    named = [one for module in MODULES for one in vars(module).items()]
    return [(name, one) for name, one in named if isinstance(one, Phrase) and not name.startswith("_")]


def test_both_catalogues_have_the_same_keys_and_none_is_empty() -> None:
    assert UKRAINIAN.keys() == ENGLISH.keys()
    assert all(text.strip() for text in (*UKRAINIAN.values(), *ENGLISH.values()))


def test_both_languages_fill_in_the_same_parts() -> None:
    def parts(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: parts(text) for key, text in UKRAINIAN.items()} == {
        key: parts(text) for key, text in ENGLISH.items()
    }


def test_every_text_of_the_catalogue_is_used() -> None:
    sources = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in MODULES)
    used = set(re.findall(r'"([a-z-]+)"', sources))
    used |= {f"outage-{kind}{own}" for kind in OutageKind for own in ("", "-lifts", "-roads")}
    used |= {f"utility-{utility}" for utility in Utility}
    used |= {f"appeal-{state}" for state in AppealState}
    used |= {f"outage-call-{part}-{utility}" for part in ("topic", "back") for utility in Utility}
    assert UKRAINIAN.keys() <= used


def test_a_constant_is_called_as_its_phrase() -> None:
    named = [(name.lower().replace("_", "-"), phrase.name) for name, phrase in constants()]
    assert [one for one in named if not f"-{one[1]}".endswith(f"-{one[0]}")] == []


def test_all_constants_are_made_ahead_and_no_name_means_two_things() -> None:
    ahead = list(prompts.every_phrase())
    assert {phrase for _, phrase in constants()} <= set(ahead)
    assert len({phrase.name for phrase in ahead}) == len(ahead)


def test_what_is_known_ahead_has_no_digits_and_no_gaps() -> None:
    for phrase in prompts.every_phrase():
        for language in Language:
            assert not re.search(r"[0-9{}]", phrase.text(language)), phrase


@pytest.mark.parametrize(
    ("place", "uk", "en"),
    [
        (1, "Ви перші в черзі.", "You are first in line."),
        (2, "Перед вами одна людина.", "There is one person ahead of you."),
        (3, "Перед вами двоє людей.", "There are two people ahead of you."),
        (30, "Перед вами двадцять дев'ять людей.", "There are twenty-nine people ahead of you."),
    ],
)
def test_a_caller_is_told_how_many_are_ahead(place: int, uk: str, en: str) -> None:
    phrase = prompts.position(place)
    assert (phrase.uk, phrase.en) == (uk, en)


def test_beyond_thirty_one_phrase_is_enough() -> None:
    assert prompts.position(31) == prompts.position(600)
    assert "понад тридцять" in prompts.position(31).uk


def test_a_wait_is_a_sentence() -> None:
    assert prompts.expected_wait(3).uk == "Час очікування — близько трьох хвилин."
    assert prompts.expected_wait(3).en == "The waiting time is about three minutes."
    assert prompts.expected_wait(61) == prompts.expected_wait(500)
