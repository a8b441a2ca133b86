"""A guest's browser says what our page says; whatever else is said is refused before Asterisk reads it."""

import pytest

from cti_server.web_calls.sip_filter import LONGEST_MESSAGE, MOST_INVITES, GuestFilter, Refused

WHO, US = "sip:guest-1a2b@hotline", "sip:1580@hotline"
VOICE = (
    "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"
)
THERE = ";tag=as1"


def request(
    method: str = "INVITE",
    *,
    uri: str = US,
    to: str = US,
    tag: str = "",
    who: str = WHO,
    call: str = "c1",
    body: str = "",
    kind: str = "application/sdp",
    length: int | None = None,
    more: str = "",
    sequence: str = "",
) -> str:
    """A request as JsSIP writes it."""
    lines = [
        f"{method} {uri} SIP/2.0",
        "Via: SIP/2.0/WS x1.invalid;branch=z9hG4bK1",
        "Max-Forwards: 69",
        f"To: <{to}>{tag}",
        f"From: <{who}>;tag=f1",
        f"Call-ID: {call}",
        f"CSeq: {sequence or f'7 {method}'}",
        "Contact: <sip:q1@x1.invalid;transport=ws;ob>",
        *([f"Content-Type: {kind}"] if body else []),
        *([more] if more else []),
        "Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY,SUBSCRIBE",
        f"Content-Length: {len(body.encode()) if length is None else length}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def begun() -> GuestFilter:
    """A guest who is in a call."""
    one = GuestFilter(WHO, US)
    one.admit(request(body=VOICE))
    return one


def test_a_whole_call_of_our_page_passes() -> None:
    one = begun()
    one.admit(request(body=VOICE, more='Authorization: Digest username="guest-1a2b", response="00"'))
    for method in ("ACK", "UPDATE", "OPTIONS", "BYE"):
        one.admit(request(method, tag=THERE, uri="sip:127.0.0.1:5060;transport=ws"))
    one.admit(request("INFO", tag=THERE, body="Signal=5\r\nDuration=120\r\n", kind="application/dtmf-relay"))
    one.admit(request("INVITE", tag=THERE, body=VOICE))
    one.admit(request("CANCEL"))
    answer = request("BYE", who=US, to=WHO, tag=THERE)
    one.admit(answer.replace(f"BYE {US} SIP/2.0", "SIP/2.0 200 OK", 1))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(request("REGISTER", to=WHO), id="registers"),
        pytest.param(request("REFER", tag=THERE, more="Refer-To: <sip:101@hotline>"), id="transfers"),
        pytest.param(request("REFER", tag=THERE), id="transfers-in-the-call"),
        pytest.param(request("MESSAGE"), id="writes"),
        pytest.param(request("SUBSCRIBE", tag=THERE), id="subscribes"),
        pytest.param(request("INVITE", uri="sip:201@hotline", body=VOICE), id="calls-a-desk"),
        pytest.param(request("INVITE", to="sip:0501234567@hotline", body=VOICE), id="calls-out"),
        pytest.param(request("INVITE", who="sip:web-201@hotline", body=VOICE), id="anothers-name"),
        pytest.param(request("INVITE", call="c2", body=VOICE), id="a-second-call"),
        pytest.param(request("BYE", tag=THERE, call="c2"), id="ends-anothers-call"),
        pytest.param(request("BYE", tag=THERE, sequence="7 REFER"), id="two-methods"),
        pytest.param(request(body=VOICE, more="P-Asserted-Identity: <sip:101@hotline>"), id="asserts"),
        pytest.param(request(body=VOICE, more="Replaces: c9;to-tag=a;from-tag=b"), id="replaces"),
        pytest.param(request(body=VOICE, more="f: <sip:web-201@hotline>;tag=z"), id="a-name-in-short"),
        pytest.param(request(body=VOICE, more="Call-ID: c1"), id="a-header-twice"),
        pytest.param(request(body=VOICE, more="User-Agent: a\r\n folded: b"), id="a-folded-line"),
        pytest.param(request(body=VOICE, more="User-Agent: a\nREGISTER b"), id="a-bare-line-break"),
        pytest.param(request(body=VOICE, length=5) + request("REGISTER"), id="another-behind-the-body"),
        pytest.param(request("BYE", tag=THERE) + request("REGISTER"), id="another-behind"),
        pytest.param(request(body=VOICE.replace("m=audio", "m=video")), id="pictures"),
        pytest.param(request(body=VOICE + "a=candidate:2\r\n" * 20), id="many-addresses"),
        pytest.param(request(body=VOICE.replace("10.0.0.1", "a.example", 1)), id="sound-at-a-name"),
        pytest.param(
            request(body=VOICE.replace("10.0.0.1", "10.0.0.1\x0b.a.example", 1)), id="a-hidden-name"
        ),
        pytest.param(request(body=VOICE, kind="message/sip"), id="a-message-inside"),
        pytest.param(request(body="x" * LONGEST_MESSAGE), id="long"),
        pytest.param("REGISTER sip:hotline SIP/2.0", id="half"),
        pytest.param("\x00\r\n\r\n", id="noise"),
        pytest.param(request().replace("INVITE sip", "invite sip", 1), id="small-letters"),
        pytest.param(
            request(body=VOICE).replace("q1@x1.invalid;transport=ws;ob", "q1@10.0.0.7;transport=udp"),
            id="reached-elsewhere",
        ),
        pytest.param(
            request("INVITE", who=US, to=WHO, tag=THERE).replace(f"INVITE {US} SIP/2.0", "SIP/2.0 302 Moved"),
            id="sends-us-elsewhere",
        ),
    ],
)
def test_what_our_page_never_says_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        begun().admit(said)


def test_nobody_calls_again_and_again() -> None:
    one = GuestFilter(WHO, US)
    for _ in range(MOST_INVITES):
        one.admit(request(body=VOICE))
    with pytest.raises(Refused):
        one.admit(request(body=VOICE))
