"""Phrases about an appeal: the applicant hears more than others, and its state decides on the next step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.city.classifier import Category, classifier
from hotline.enterprises.executors import Executor
from hotline.voice.read_aloud import as_far_as, read_aloud
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import in_both, phrase
from ivr_flows.term_phrases import APPEAL_DUE_TODAY, term

LONGEST_ANSWER = 600
"""Letters of an answer that the machine reads: about three quarters of a minute."""

ASK_APPEAL_NUMBER = phrase("ask-appeal-number")
SAY_APPEAL_NUMBER = phrase("say-appeal-number")
NO_SUCH_APPEAL = phrase("no-such-appeal")
TOO_MANY_NUMBERS = phrase("too-many-numbers")
YOUR_APPEALS = phrase("your-appeals")
YOUR_APPEALS_ELSE = phrase("your-appeals-else")
KEYS_DONE = phrase("keys-done")
KEYS_ANSWERED = phrase("keys-answered")
KEYS_CLOSED = phrase("keys-closed")
KEYS_CODE = phrase("keys-code")
KEYS_ALWAYS = phrase("keys-always")
RATE_WORK = phrase("rate-work")
APPEAL_CONFIRMED = phrase("appeal-confirmed")
DISPUTE_SURE = phrase("dispute-sure")
DISPUTE_REMARK = phrase("dispute-remark")
APPEAL_RETURNED = phrase("appeal-returned")
KEYS_DISPUTED = phrase("keys-disputed")
TAKE_NO_BACK_SURE = phrase("take-no-back-sure")
NO_TAKEN_BACK = phrase("no-taken-back")
CHANGED_MEANWHILE = phrase("changed-meanwhile")
NOT_POSSIBLE_NOW = phrase("not-possible-now")
CODE_ASKED = phrase("code-asked")
CODE_WRONG = phrase("code-wrong")
CODE_CALL_BACK = phrase("code-call-back")
CODE_WE_CALL = phrase("code-we-call")
CODE_DISPATCHER = phrase("code-dispatcher")
KEYS_ANSWER = phrase("keys-answer")
ANSWER_DISPATCHER = phrase("answer-dispatcher")

_EXECUTOR = phrase("appeal-executor")
_ANSWER = phrase("appeal-answer")
_REASON = phrase("appeal-reason")
_GOES_ON = phrase("appeal-answer-goes-on")
_ANSWERED = phrase("appeal-answered")
_STATES = {state: phrase(f"appeal-{state}") for state in AppealState}
_YOURS = {
    AppealState.CLOSED: phrase("appeal-yours-closed"),
    AppealState.CLOSED_UNCONFIRMED: phrase("appeal-yours-closed-unconfirmed"),
    AppealState.DISPUTED: phrase("appeal-yours-disputed"),
    AppealState.REJECTED: phrase("appeal-yours-rejected"),
    AppealState.WITHDRAWN: phrase("appeal-yours-withdrawn"),
}
_NOT_DONE: Mapping[ResultKind | None, Phrase] = {
    ResultKind.REFUSED: phrase("appeal-yours-refused"),
    ResultKind.EXPLAINED: phrase("appeal-yours-explained"),
}
"""Results of the executor other than "done"."""
_WORK = phrase("appeal-next-work")
_WORD = phrase("appeal-next-answer")
_NEXT = {
    AppealState.REGISTERED: phrase("appeal-next-registered"),
    AppealState.ASSIGNED: phrase("appeal-next-assigned"),
    AppealState.ACCEPTED: _WORK,
    AppealState.IN_WORK: _WORK,
    AppealState.DONE: _WORD,
    AppealState.BEING_CHECKED: _WORD,
    AppealState.DISPUTED: _WORK,
    AppealState.FORWARDED: phrase("appeal-next-forwarded"),
}
_BY_EXECUTOR = frozenset(AppealState) - {
    *(AppealState.REGISTERED, AppealState.FORWARDED, AppealState.REJECTED, AppealState.WITHDRAWN)
}
_ASKED = frozenset({AppealState.DONE, AppealState.BEING_CHECKED})
_ANSWERS = _ASKED | {AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED}
_REASONS = frozenset({AppealState.FORWARDED, AppealState.REJECTED})

FIXED = (
    *(
        ASK_APPEAL_NUMBER,
        SAY_APPEAL_NUMBER,
        NO_SUCH_APPEAL,
        TOO_MANY_NUMBERS,
        YOUR_APPEALS,
        YOUR_APPEALS_ELSE,
    ),
    *(KEYS_DONE, KEYS_ANSWERED, KEYS_CLOSED, KEYS_ALWAYS, RATE_WORK, APPEAL_CONFIRMED),
    *(DISPUTE_SURE, DISPUTE_REMARK, APPEAL_RETURNED, CHANGED_MEANWHILE, NOT_POSSIBLE_NOW),
    *(CODE_ASKED, CODE_WRONG, CODE_CALL_BACK, CODE_WE_CALL, CODE_DISPATCHER),
    *(KEYS_ANSWER, ANSWER_DISPATCHER, KEYS_CODE),
    *(KEYS_DISPUTED, TAKE_NO_BACK_SURE, NO_TAKEN_BACK),
    *(_EXECUTOR, _ANSWER, _REASON, _GOES_ON, APPEAL_DUE_TODAY, _ANSWERED),
    *_STATES.values(),
    *_YOURS.values(),
    *_NOT_DONE.values(),
    *dict.fromkeys(_NEXT.values()),
)


def to_choose(appeal: Appeal, key: str) -> Phrase:
    """Offer one of several by a key: "Не світить ліхтар, номер один нуль, нуль один. Натисніть два."."""
    about = _category(appeal)
    text = "your-appeal-number" if about is None else "your-appeal-about"
    return in_both(
        f"your-appeal-{appeal.number}-{key}",
        lambda said, words: said[text].format(
            about=about.name(words.LANGUAGE) if about else "",
            number=words.digits(appeal.number),
            key=words.key(key),
        ),
    )


def for_anybody(appeal: Appeal, zone: ZoneInfo, *, now: datetime) -> list[Phrase]:
    """Tell what a stranger may hear: number, state, term. Nothing of the person, the place or the answer."""
    refused = appeal.state in _ASKED and appeal.result in _NOT_DONE
    state = _ANSWERED if refused else _STATES[appeal.state]
    return [_number(appeal), state, *term(appeal, zone, now)]


def for_applicant(
    appeal: Appeal, executor: Executor | None, zone: ZoneInfo, *, now: datetime, dispute_until: date | None
) -> list[Phrase]:
    """Tell what a telephone may hear from which it was reported: state, who has it, term, what comes next.

    The answer, in which a person may be named, is not among it: a caller's number can be forged.
    `dispute_until` is the last day on which they may say that a closed one is not done, if there is one.
    """
    return [
        _number(appeal) if _category(appeal) is None else _about(appeal),
        _state_of_theirs(appeal),
        *_who(appeal, executor),
        *term(appeal, zone, now),
        *_next(appeal, dispute_until),
    ]


def choices(
    appeal: Appeal, *, may_hear: bool, may_confirm: bool, may_dispute: bool, may_take_back: bool = False
) -> list[Phrase]:
    """Say which keys there are now."""
    hear = [KEYS_ANSWER] if may_hear else []
    if may_confirm:
        return [*hear, KEYS_ANSWERED if appeal.result in _NOT_DONE else KEYS_DONE, KEYS_ALWAYS]
    if may_take_back:
        return [*hear, KEYS_DISPUTED, KEYS_ALWAYS]
    return [*hear, *([KEYS_CLOSED] if may_dispute else []), KEYS_ALWAYS]


def is_it_appeal(number: str) -> Phrase:
    """Ask whether that is the appeal, by its number as it was heard."""
    return in_both(
        f"is-it-appeal-{number}", lambda said, words: said["is-it-appeal"].format(number=words.digits(number))
    )


def returned(appeal: Appeal, zone: ZoneInfo, *, now: datetime) -> list[Phrase]:
    """Say that the executor has it again, and until when."""
    return [APPEAL_RETURNED, *term(appeal, zone, now)]


def _category(appeal: Appeal) -> Category | None:
    return classifier(appeal.classifier).categories.get(appeal.category)


def _number(appeal: Appeal) -> Phrase:
    return in_both(
        f"appeal-number-{appeal.number}",
        lambda said, words: said["appeal-number"].format(number=words.digits(appeal.number)),
    )


def _about(appeal: Appeal) -> Phrase:
    category = classifier(appeal.classifier).categories[appeal.category]
    return about(appeal.number, category.name, f"appeal-about-{appeal.number}")


def about(number: str, category: Callable[[Language], str], name: str) -> Phrase:
    """Say whose appeal it is, and of which category: its name in each language."""
    return in_both(
        name,
        lambda said, words: said["appeal-about"].format(
            number=words.digits(number), about=category(words.LANGUAGE)
        ),
    )


def _state_of_theirs(appeal: Appeal) -> Phrase:
    if appeal.state in _ASKED and appeal.result in _NOT_DONE:
        return _NOT_DONE[appeal.result]
    return _YOURS.get(appeal.state, _STATES[appeal.state])


def _who(appeal: Appeal, executor: Executor | None) -> Sequence[Phrase]:
    if executor is None or appeal.state not in _BY_EXECUTOR:
        return []
    return carried_out_by(executor.name, f"executor-{executor.id}")


def carried_out_by(name: str, phrase_name: str) -> Sequence[Phrase]:
    """Say which enterprise has it."""
    return [_EXECUTOR, _as_written(phrase_name, name)]


def written_answer(appeal: Appeal) -> Sequence[Phrase]:
    """Read the answer, or why there is none; nothing while nothing is written."""
    whole, name = appeal.answer.strip(), f"appeal-answer-{appeal.number}"
    if not whole or appeal.state not in _ANSWERS | _REASONS:
        return []
    return reason(whole, name) if appeal.state in _REASONS else answer(whole, name)


def answer(text: str, name: str) -> Sequence[Phrase]:
    """Read an answer, as far as anybody listens."""
    return [_ANSWER, *_read(text.strip(), name)]


def reason(text: str, name: str) -> Sequence[Phrase]:
    """Read why it was forwarded or left without consideration."""
    return [_REASON, *_read(text.strip(), name)]


def _read(whole: str, name: str) -> Sequence[Phrase]:
    read = as_far_as(whole, LONGEST_ANSWER)
    goes_on = [] if read == whole else [_GOES_ON]
    return [_as_written(name, read), *goes_on]


def _next(appeal: Appeal, dispute_until: date | None) -> Sequence[Phrase]:
    if appeal.state is AppealState.CLOSED and dispute_until is not None:
        return [
            in_both(
                f"appeal-next-closed-{appeal.number}",
                lambda said, words: said["appeal-next-closed"].format(day=words.day(dispute_until)),
            )
        ]
    return [_NEXT[appeal.state]] if appeal.state in _NEXT else []


def _as_written(name: str, text: str) -> Phrase:
    """Read what people wrote: a phrase of its own, as the voice is chosen by the letters of a phrase."""
    aloud = read_aloud(text, asides=False)  # a remark in brackets is for the file, such as a name
    return Phrase(name=name, uk=aloud, en=aloud, read=lambda _language: text)
