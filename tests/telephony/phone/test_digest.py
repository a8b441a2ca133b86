import pytest

from telephony.phone.digest import Credentials, authorization

RFC_2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
MUFASA = Credentials(user="Mufasa", secret="Circle Of Life", nonce="0a4f113b")
MUFASA_7616 = Credentials(
    user="Mufasa", secret="Circle of Life", nonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
)
MD5, SHA_256 = (RFC_7616.format(algorithm) for algorithm in ("MD5", "SHA-256"))
SHA_256_RESPONSE = 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"'


def test_the_example_of_rfc_2617_is_answered() -> None:
    answer = authorization([RFC_2617], "GET", "/dir/index.html", MUFASA)
    assert answer is not None
    assert 'response="6629fae49393a05397450978507c4ef1"' in answer
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in answer


@pytest.mark.parametrize(
    ("challenges", "response"),
    [
        ([MD5], 'response="8ca523f5e9506fed4657c9700eebdbec"'),
        ([SHA_256], SHA_256_RESPONSE),
        ([MD5, SHA_256], SHA_256_RESPONSE),
    ],
)
def test_the_examples_of_rfc_7616_are_answered_the_better_one_first(
    challenges: list[str], response: str
) -> None:
    answer = authorization(challenges, "GET", "/dir/index.html", MUFASA_7616)
    assert answer is not None
    assert response in answer


def test_without_qop_the_short_form_of_rfc_2069_is_used() -> None:
    answer = authorization(['Digest realm="r", nonce="n"'], "REGISTER", "sip:h", MUFASA)
    assert answer is not None
    assert "qop" not in answer
    assert "cnonce" not in answer


def test_a_challenge_that_we_cannot_meet_is_left_unanswered() -> None:
    assert (
        authorization(['Digest realm="r", nonce="n", algorithm=SHA-512-256'], "BYE", "sip:h", MUFASA) is None
    )
    assert authorization(["nonsense"], "BYE", "sip:h", MUFASA) is None
