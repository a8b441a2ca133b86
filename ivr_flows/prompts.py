"""All phrases of the hotline by their meaning; the texts are in `catalogue/`."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from hotline.line.line import NAMED_PLACES
from hotline.voice.speech import Phrase
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
    question_phrases,
    survey_phrases,
)
from ivr_flows.languages import in_both as _in_both
from ivr_flows.languages import phrase as _phrase

LONGEST_WAIT = 60
"""In minutes; beyond this a caller hears only that the wait is long."""


EMERGENCY_NOTICE = _phrase("emergency-notice")
EMERGENCY_KEY = _phrase("emergency-key")
WELCOME = _phrase("welcome")
RECORDING_NOTICE = replace(_phrase("recording-notice"), once=True)
ENGLISH_ON_NINE = replace(_phrase("english-on-nine"), once=True)
"""The other language, offered in that language itself; it is read by that language's voice."""
RECORDING_REFUSED_OK = _phrase("recording-refused-ok")
LANGUAGE_CHOSEN = _phrase("language-chosen")
MENU = _phrase("menu")
MENU_SHORT = _phrase("menu-short")
"""For callers who have heard the whole menu lately, and the emergency's key in this greeting."""
MENU_FOR_HEADS = _phrase("menu-for-heads")
SAY_OR_PRESS = _phrase("say-or-press")
"""Said only where an ear listens, as are the next three."""
YES_OR_NO_ALOUD = _phrase("yes-or-no-aloud")
NOT_UNDERSTOOD = _phrase("not-understood")
BY_KEYS_NOW = _phrase("by-keys-now")
WRONG_KEY = _phrase("wrong-key")
NOTHING_PRESSED = _phrase("nothing-pressed")
CITY_MESSAGE = _phrase("city-message")
LEAVE_MESSAGE = _phrase("leave-message")
MESSAGE_KEPT = _phrase("message-kept")
MESSAGE_EMPTY = _phrase("message-empty")
CONNECTING_TO_DISPATCHER = _phrase("connecting-to-dispatcher")
YOU_ARE_IN_LINE = _phrase("you-are-in-line")
NOBODY_ON_DUTY = _phrase("nobody-on-duty")
RETURNED_TO_LINE = _phrase("returned-to-line")
RESUMED = _phrase("resumed")
WE_CALL = _phrase("we-call")
ONE_MOMENT = _phrase("one-moment")
PLEASE_WAIT = _phrase("please-wait")
TALK_OVER = _phrase("talk-over")
GOODBYE = _phrase("goodbye")
CALLBACK_OFFER = _phrase("callback-offer")
ASK_CALLBACK_NUMBER = _phrase("ask-callback-number")
NO_CALLBACK_TO_NUMBER = _phrase("no-callback-to-number")
WAIT_ON = _phrase("wait-on")
PLACE_KEPT = _phrase("place-kept")
YOU_ASKED_TO_BE_CALLED = _phrase("you-asked-to-be-called")
CUT_OFF_CALL = _phrase("cut-off-call")
CUT_OFF_PRESS = _phrase("cut-off-press")
CUT_OFF_TAKEN_OVER = _phrase("cut-off-taken-over")
CALLBACK_GIVEN_BACK = _phrase("callback-given-back")
PLACE_TAKEN_OVER = _phrase("place-taken-over")
FALLBACK_GREETING = _phrase("fallback-greeting")
FALLBACK_GREETING_ANY = _phrase("fallback-greeting-any")
FALLBACK_RECORDED = _phrase("fallback-recorded")
FALLBACK_MESSAGE = _phrase("fallback-message")
FALLBACK_GOODBYE = _phrase("fallback-goodbye")

FALLBACK = (
    *(FALLBACK_GREETING, FALLBACK_GREETING_ANY, FALLBACK_RECORDED),
    *(FALLBACK_MESSAGE, FALLBACK_GOODBYE),
)
"""Phrases that Asterisk plays by itself when the service is away, from files of exactly these names."""

GREETING = (EMERGENCY_NOTICE, EMERGENCY_KEY, WELCOME)
"""The first words of every call: danger and breakdowns before who answers."""

FIXED = (
    *GREETING,
    *(RECORDING_NOTICE, ENGLISH_ON_NINE, MENU_SHORT, MENU_FOR_HEADS),
    *(RECORDING_REFUSED_OK, LANGUAGE_CHOSEN, MENU, WRONG_KEY, NOTHING_PRESSED, CITY_MESSAGE),
    *(SAY_OR_PRESS, YES_OR_NO_ALOUD, NOT_UNDERSTOOD, BY_KEYS_NOW),
    *(LEAVE_MESSAGE, MESSAGE_KEPT, MESSAGE_EMPTY, CONNECTING_TO_DISPATCHER, YOU_ARE_IN_LINE, NOBODY_ON_DUTY),
    *(CALLBACK_OFFER, ASK_CALLBACK_NUMBER, NO_CALLBACK_TO_NUMBER, WAIT_ON, PLACE_KEPT),
    *(YOU_ASKED_TO_BE_CALLED, CALLBACK_GIVEN_BACK, PLACE_TAKEN_OVER),
    *(CUT_OFF_CALL, CUT_OFF_PRESS, CUT_OFF_TAKEN_OVER),
    *(RETURNED_TO_LINE, RESUMED, WE_CALL, ONE_MOMENT, PLEASE_WAIT, TALK_OVER, GOODBYE),
)


@cache
def position(place: int) -> Phrase:
    """Say the caller's position, `place` from 1: "Перед вами двоє людей."."""
    if place <= 1:
        return _phrase("position-first")
    if place > NAMED_PLACES:
        return _phrase("position-far")
    return _in_both(
        f"position-{place}",
        lambda said, words: said["position-behind"].format(people=words.people(place - 1)),
    )


@cache
def expected_wait(minutes: int) -> Phrase:
    """Say how long it may take, in whole minutes: "Час очікування — близько трьох хвилин."."""
    if minutes > LONGEST_WAIT:
        return _phrase("wait-long")
    return _in_both(
        f"wait-{max(minutes, 0)}",
        lambda said, words: said["wait"].format(duration=words.about_minutes(minutes)),
    )


def callback_number(number: str) -> Phrase:
    """Ask whether this is the number to call, by its last four digits."""
    last = number[-4:]
    return _in_both(
        f"callback-number-{last}",
        lambda said, words: said["callback-number"].format(digits=words.digits(last)),
    )


def every_phrase() -> Iterator[Phrase]:
    """All that is known ahead of a call, each once: what `hotline prompts` makes before the first one."""
    yield from FIXED
    yield from FALLBACK
    yield from appeal_phrases.FIXED
    yield from duty_phrases.FIXED
    yield from alarm_phrases.FIXED
    yield from equipment_phrases.FIXED
    yield from power_call_phrases.FIXED
    yield from outage_phrases.FIXED
    yield from map(outage_phrases.is_it_off, outage_phrases.REPORTED)
    yield from informing_phrases.FIXED
    yield from outage_over_phrases.FIXED
    yield from survey_phrases.before_any_call()
    yield from message_phrases.FIXED
    yield from question_phrases.FIXED
    yield from neighbour_phrases.FIXED
    yield from chat_phrases.FIXED
    yield from power_phrases.FIXED
    for place in range(1, NAMED_PLACES + 2):
        yield position(place)
    for minutes in range(LONGEST_WAIT + 2):
        yield expected_wait(minutes)
