import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.phone.sip import Request, Response, SipSyntaxError, parse, tag_of, uri_of, user_of

NAMES = st.sampled_from(["From", "To", "Via", "X-Anything", "Subject"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).map(str.strip)
HEADERS = st.lists(st.tuples(NAMES, VALUES.filter(bool)))


@given(headers=HEADERS, body=st.binary())
def test_a_request_survives_a_round_trip(headers: list[tuple[str, str]], body: bytes) -> None:
    request = Request(method="INVITE", uri="sip:1580@127.0.0.1", headers=headers, body=body)
    assert parse(request.encode()) == request


@given(code=st.integers(100, 699), headers=HEADERS, body=st.binary())
def test_a_response_survives_a_round_trip(code: int, headers: list[tuple[str, str]], body: bytes) -> None:
    response = Response(code=code, reason="So It Is", headers=headers, body=body)
    assert parse(response.encode()) == response


@given(st.binary())
def test_garbage_is_a_syntax_error_if_not_by_chance_a_message(garbage: bytes) -> None:
    with contextlib.suppress(SipSyntaxError):
        parse(garbage)


@given(st.binary())
def test_garbage_after_a_start_line_is_read_somehow(garbage: bytes) -> None:
    message = parse(b"BYE sip:a@b SIP/2.0\r\n" + garbage)
    assert isinstance(message, Request)
    assert message.branch is not None
    assert message.sequence >= 0


def test_compact_names_folded_lines_and_bare_line_feeds_are_understood() -> None:
    message = parse(b"BYE sip:a@b SIP/2.0\nf: <sip:x@y>;tag=1\nSubject: one\n  two\nl: 2\n\nokrest")
    assert message.first("From") == "<sip:x@y>;tag=1"
    assert message.first("subject") == "one two"
    assert message.body == b"ok"


def test_lists_in_one_header_are_parted_but_not_inside_names() -> None:
    message = parse(b'BYE sip:a@b SIP/2.0\r\nRecord-Route: <sip:p;lr>, "a, b" <sip:q,r;lr>\r\n\r\n')
    assert message.every("Record-Route") == ["<sip:p;lr>", '"a, b" <sip:q,r;lr>']


@pytest.mark.parametrize(
    ("value", "uri", "tag", "user"),
    [
        ('"A <x>;tag=no" <sip:+380@h:5060;tag=u>;tag=yes', "sip:+380@h:5060;tag=u", "yes", "+380"),
        ("sip:101@h;tag=t", "sip:101@h", "t", "101"),
        ("<sip:h>", "sip:h", "", ""),
        ('"say \\"hi\\"" <sip:1@h> ; TAG = q', "sip:1@h", "q", "1"),
    ],
)
def test_addresses_are_taken_apart(value: str, uri: str, tag: str, user: str) -> None:
    assert (uri_of(value), tag_of(value), user_of(value)) == (uri, tag, user)
