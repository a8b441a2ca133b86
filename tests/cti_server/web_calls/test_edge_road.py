"""Where a guest's messages go is the edge's word and never the browser's."""

import pytest

from cti_server.web_calls.edge_road import EdgeRoad
from cti_server.web_calls.sip_filter import Refused
from tests.cti_server.web_calls.test_sip_filter import THERE, US, request

NODE = "sip:192.0.2.11:5060"
BY_UDP, BY_SOCKET = "<sip:192.0.2.1:5060;r2=on;lr>", "<sip:192.0.2.1:5066;transport=ws;r2=on;lr>"
ANSWER = "\r\n".join(
    [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/WS x1.invalid;branch=z9hG4bK1",
        f"Record-Route: {BY_UDP}",
        f"Record-Route: {BY_SOCKET}",
        f"To: <{US}>{THERE}",
        "CSeq: 7 INVITE",
        f"Contact: <{NODE}>",
        "Content-Length: 3",
        "",
        "v=0",
    ]
)


def test_what_is_within_the_call_takes_the_road_of_its_answer_whatever_the_browser_wrote() -> None:
    road = EdgeRoad(US)
    heard = road.comes(ANSWER)
    assert "Record-Route" not in heard
    assert heard.endswith("\r\n\r\nv=0")
    for method in ("ACK", "BYE", "INFO"):
        said = road.goes(request(method, tag=THERE, uri="sip:201@198.51.100.9"))
        assert said.split("\r\n")[:3] == [
            f"{method} {NODE} SIP/2.0",
            f"Route: {BY_SOCKET}",
            f"Route: {BY_UDP}",
        ]
        assert "198.51.100.9" not in said


def test_nothing_is_within_a_call_before_it_was_answered() -> None:
    road = EdgeRoad(US)
    road.comes("SIP/2.0 100 Trying\r\nTo: <sip:1580@hotline>\r\nCSeq: 7 INVITE\r\nContact: <sip:a@b>\r\n\r\n")
    with pytest.raises(Refused):
        road.goes(request("BYE", tag=THERE, uri=NODE))


def test_the_beginning_of_a_call_and_answers_are_said_as_they_are() -> None:
    road = EdgeRoad(US)
    for said in (request(), request("CANCEL"), request("ACK", tag=THERE, uri=US), ANSWER):
        assert road.goes(said) == said


def test_a_call_that_was_changed_keeps_its_road_though_the_answer_records_none() -> None:
    road = EdgeRoad(US)
    road.comes(ANSWER)
    recorded = f"Record-Route: {BY_UDP}\r\nRecord-Route: {BY_SOCKET}\r\n"
    road.comes(ANSWER.replace(recorded, "").replace("CSeq: 7", "CSeq: 8"))
    assert road.goes(request("ACK", tag=THERE, uri=NODE)).split("\r\n")[1:3] == [
        f"Route: {BY_SOCKET}",
        f"Route: {BY_UDP}",
    ]
