"""Names of dispatchers' endpoints, and what Asterisk is told of them."""

from dataclasses import replace

import pytest

from telephony.desks.endpoints import (
    DeskPlan,
    browser_addresses,
    browser_fields,
    desk_addresses,
    desk_fields,
    extension_of,
    is_browser,
)

PLAN = DeskPlan(proxy="sip:proxy:5060", silence_seconds=3, hold_silence_seconds=60)


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        *(("desk-201", "201"), ("web-201", "201"), ("PJSIP/desk-201-0000002a", "201")),
        *(("PJSIP/web-202-0000002b", "202"), ("PJSIP/citizens-00000001", None), ("desk-", None)),
    ],
)
def test_an_endpoint_or_channel_tells_whose_it_is(name: str, extension: str | None) -> None:
    assert extension_of(name) == extension


def test_a_browser_is_told_from_a_desk_phone() -> None:
    assert is_browser("PJSIP/web-201-0000002a")
    assert is_browser("web-201")
    assert not is_browser("PJSIP/desk-201-0000002a")


@pytest.mark.parametrize("tells_transfers", [True, False])
def test_both_phones_are_guarded_alike_and_only_the_browser_is_encrypted(*, tells_transfers: bool) -> None:
    desk = desk_fields("desk-201", PLAN, tells_transfers=tells_transfers)
    browser = browser_fields("web-201", PLAN, tells_transfers=tells_transfers)
    assert desk["context"] == browser["context"] == "from-dispatchers"
    assert not {"rtp_timeout", "rtp_timeout_hold"} & (desk.keys() | browser.keys())  # by the wall clock
    assert (browser["webrtc"], "webrtc" in desk) == ("yes", False)
    assert ("allow_transfer" in browser) is not tells_transfers


def test_a_desk_phones_sound_is_encrypted_if_it_can_or_always() -> None:
    offered = desk_fields("desk-201", replace(PLAN, srtp_offered=True), tells_transfers=True)
    demanded = replace(PLAN, srtp_offered=True, srtp_demanded=True)
    assert (offered["media_encryption"], offered["media_encryption_optimistic"]) == ("sdes", "yes")
    assert desk_fields("desk-201", demanded, tells_transfers=True)["media_encryption_optimistic"] == "no"
    assert "media_encryption" not in desk_fields("desk-201", PLAN, tells_transfers=True)
    assert "media_encryption" not in browser_fields("web-201", demanded, tells_transfers=True)


def test_sound_of_a_desk_phone_goes_by_the_one_address_and_a_browsers_by_any() -> None:
    bound = replace(PLAN, sound_address="192.0.2.10")
    desk = desk_fields("desk-201", bound, tells_transfers=True)
    assert (desk["media_address"], desk["bind_rtp_to_media_address"]) == ("192.0.2.10", "yes")
    assert "media_address" not in browser_fields("web-201", bound, tells_transfers=True)
    assert "media_address" not in desk_fields("desk-201", PLAN, tells_transfers=True)


def test_only_a_desk_phone_is_behind_the_proxy() -> None:
    assert desk_fields("desk-201", PLAN, tells_transfers=True)["outbound_proxy"] == "sip:proxy:5060"
    assert "outbound_proxy" not in browser_fields("web-201", PLAN, tells_transfers=True)


def test_a_browsers_password_is_good_through_our_own_socket_only() -> None:
    near = replace(PLAN, browsers_from="127.0.0.1")
    browser = browser_fields("web-201", near, tells_transfers=True)
    assert (browser["deny"], browser["permit"]) == ("0.0.0.0/0,::/0", "127.0.0.1")
    assert "deny" not in desk_fields("desk-201", near, tells_transfers=True)
    assert "deny" not in browser_fields("web-201", PLAN, tells_transfers=True)


def test_a_desk_phones_password_is_good_in_the_networks_of_the_desks_only() -> None:
    plan = replace(PLAN, desks_from="10.0.0.0/8,fc00::/7")
    desk = desk_fields("desk-201", plan, tells_transfers=True)
    assert (desk["deny"], desk["permit"]) == ("0.0.0.0/0,::/0", "10.0.0.0/8,fc00::/7")
    nowhere = desk_fields("desk-201", replace(PLAN, desks_from=""), tells_transfers=True)
    assert "deny" in nowhere
    assert "permit" not in nowhere, "no network is none, not any"
    assert "deny" not in browser_fields("web-201", plan, tells_transfers=True)


def test_each_phone_has_an_address_by_each_kamailio_and_a_browser_only_where_it_registers_there() -> None:
    paired = replace(PLAN, registrars=["192.0.2.1:5060", "192.0.2.2:5060"])
    desk = desk_addresses("desk-201", paired)
    assert desk["contact"] == "sip:desk-201@192.0.2.1:5060,sip:desk-201@192.0.2.2:5060"
    assert "contact" not in browser_addresses("web-201", paired)
    browser = browser_addresses("web-201", replace(paired, browsers_at_edge=True))
    assert browser["contact"] == desk["contact"].replace("desk-", "web-")
    assert "max_contacts" not in browser, "nothing is registered at Asterisk"
