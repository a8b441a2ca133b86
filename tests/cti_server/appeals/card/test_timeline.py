"""The history of an appeal tells how the applicant's word came, and leads to where it stands."""

import pytest

from cti_server.appeals.card.timeline import Names, timeline
from cti_server.frame.language import words
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.appeal import AppealState
from hotline.appeals.handling import Entry
from tests.storage.conftest import NOON


@pytest.mark.parametrize(
    ("source", "who", "chat"),
    [
        ("chat:17", "у чаті", "17"),
        ("telegram:17", "у Telegram", "17"),
        ("viber:17", "у Viber", "17"),
        ("whatsapp:17", "у WhatsApp", "17"),
        ("sms:17", "через SMS", "17"),
        ("call:c-17", "телефоном", ""),
    ],
)
def test_a_word_in_a_chat_names_its_medium_and_leads_to_the_chat(source: str, who: str, chat: str) -> None:
    entry = Entry(
        number="2600011",
        version=9,
        at=NOON,
        act="confirm",
        part=ActorRole.APPLICANT,
        before=AppealState.BEING_CHECKED,
        after=AppealState.CLOSED,
        facts={"source": source},
    )
    (line,) = timeline([entry], Names(users={}, executors={}), words("uk"))
    assert line.who.endswith(who)
    assert line.chat == chat
