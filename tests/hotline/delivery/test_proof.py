"""The proof that somebody was told; a message that was only handed over proves nothing."""

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import IN_A_FILE, Proof, proof_of, strongest
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Result
from hotline.informing.orders import InformedPerson, Way


def person(**known: object) -> InformedPerson:
    return InformedPerson(id=1, name="", number="+380671112201", email=None, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channel", "state", "provider_id", "proof"),
    [
        (Channel.SMS, NoticeState.SENT, "g1", Proof.HANDED_OVER),
        (Channel.SMS, NoticeState.SENT, f"{IN_A_FILE}1.txt", Proof.WRITTEN),
        (Channel.SMS, NoticeState.DELIVERED, "g1", Proof.DELIVERED),
        (Channel.EMAIL, NoticeState.SENT, "", Proof.HANDED_OVER),
        (Channel.PAGE, NoticeState.SENT, "", Proof.DELIVERED),
        (Channel.CALL, NoticeState.SENT, "", Proof.HEARD),
        (Channel.SMS, NoticeState.UNSURE, "", Proof.NONE),
        (Channel.SMS, NoticeState.FAILED, "", Proof.NONE),
        (Channel.SMS, NoticeState.OWED, "", Proof.NONE),
    ],
)
def test_a_notice_proves_what_its_gateway_says_and_no_more(
    channel: Channel, state: NoticeState, provider_id: str, proof: Proof
) -> None:
    assert proof_of(channel, state, provider_id) is proof


@pytest.mark.parametrize(
    ("known", "proof"),
    [
        ({}, Proof.NONE),
        ({"called": PersonState.REACHED, "result": Result.SETTLED}, Proof.HEARD),
        (
            {"called": PersonState.REACHED, "result": Result.SETTLED, "wants_no_more": True},
            Proof.HEARD_PARTLY,
        ),
        ({"called": PersonState.GIVEN_UP, "result": Result.UNHEARD}, Proof.HEARD_PARTLY),
        ({"called": PersonState.GIVEN_UP, "result": Result.MACHINE}, Proof.HEARD_PARTLY),
        ({"called": PersonState.GIVEN_UP, "result": Result.BUSY}, Proof.NONE),
        ({"heard_in": "c1"}, Proof.HEARD),
        ({"notices": {Way.SMS: NoticeState.SENT}}, Proof.HANDED_OVER),
        ({"notices": {Way.SMS: NoticeState.SENT}, "written": frozenset({Way.SMS})}, Proof.WRITTEN),
        ({"notices": {Way.SMS: NoticeState.SENT, Way.EMAIL: NoticeState.DELIVERED}}, Proof.DELIVERED),
        ({"notices": {Way.SMS: NoticeState.DELIVERED}, "result": Result.UNHEARD}, Proof.DELIVERED),
    ],
)
def test_a_person_is_told_by_the_strongest_proof(known: dict[str, object], proof: Proof) -> None:
    assert person(**known).proof is proof


def test_handed_over_proves_nothing_and_nothing_is_the_weakest() -> None:
    assert [one for one in Proof if one.proved] == [Proof.HEARD, Proof.DELIVERED]
    assert strongest([]) is Proof.NONE
    assert strongest([Proof.NONE, Proof.WRITTEN, Proof.HANDED_OVER]) is Proof.HANDED_OVER
