"""Signatures, by the example that Standard Webhooks publishes."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.webhooks.addresses import WrongAddress, checked
from hotline.webhooks.signing import headers, new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'


def test_a_receiver_that_goes_by_the_standard_finds_it_right() -> None:
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_another_moment_body_id_or_secret_is_another_signature() -> None:
    one = signature(SECRET, "a", AT, BODY)
    others = [
        signature(SECRET, "b", AT, BODY),
        signature(SECRET, "a", AT + timedelta(seconds=1), BODY),
        signature(SECRET, "a", AT, BODY + b" "),
        signature(new_secret(), "a", AT, BODY),
    ]
    assert one not in others


def test_both_secrets_sign_while_one_is_changed() -> None:
    new = new_secret()
    given = headers([new, SECRET], "a", AT, BODY)
    assert given["webhook-signature"].split() == [
        signature(new, "a", AT, BODY),
        signature(SECRET, "a", AT, BODY),
    ]
    assert (given["webhook-id"], given["webhook-timestamp"]) == ("a", "1614265330")


@pytest.mark.parametrize(
    "address",
    [
        *("http://system.example/", "ftp://system.example/", "https://", "https:///hook", "system.example"),
        *(
            "https://user:word@system.example/",
            "https://system.example/#part",
            "https://system.example:99999/",
        ),
        *("https://приклад.укр/", "https://system.example/\nx", "https://system.example/a b"),
        "https://system.example/" + "x" * 500,
    ],
)
def test_what_is_no_address_for_a_webhook_is_refused(address: str) -> None:
    with pytest.raises(WrongAddress):
        checked(address, http=False)


def test_an_address_is_taken_as_it_is_and_without_encryption_where_that_is_allowed() -> None:
    assert checked(" https://system.example:8443/hook?city=1 ", http=False) == (
        "https://system.example:8443/hook?city=1"
    )
    assert checked("http://10.0.0.7/hook", http=True) == "http://10.0.0.7/hook"
