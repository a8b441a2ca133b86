"""Asterisk's refusals as our errors: a caller who has just hung up is gone, whatever status says so."""

import pytest

from hotline.errors import CallGone
from telephony.ari.errors import AriRefused, raise_for


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "Channel not found"),
        (409, "Channel not in Stasis application"),
        (422, '{"message":"Channel not in Stasis application"}'),
        (422, '{"message":"Channel not in this bridge"}'),
        (400, '{"message":"Channel not found"}'),
        (400, '{"message":"Provided originator channel was not found"}'),
    ],
)
def test_a_channel_that_has_just_gone_is_gone(status: int, reason: str) -> None:
    with pytest.raises(CallGone):
        raise_for(status, "POST /channels/ring-1", reason)


def test_any_other_refusal_is_one() -> None:
    with pytest.raises(AriRefused):
        raise_for(400, "POST /channels/ring-1", '{"message":"Endpoint not found"}')
