"""Our own phone against a real Asterisk: what loopback tests cannot show of registration and transfers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.node.asterisk_node import prepare
from service.settings.settings import read_settings
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.signalling import Address
from telephony.phone.sip import uri_of
from telephony.phone.sound import tone
from telephony.phone.timeline import EventKind, Who
from tests.system.node import node_environ, running

pytestmark = pytest.mark.system

DESKS = """
[desk](!)
type = endpoint
context = phone-test
disallow = all
allow = alaw
direct_media = no
dtmf_mode = rfc4733
"""
DESK = """
[{name}](desk)
auth = {name}
aors = {name}
[{name}]
type = auth
auth_type = digest
supported_algorithms_uas = {algorithm}
username = {name}
password = tajemnytsia
[{name}]
type = aor
max_contacts = 1
remove_existing = yes
"""
MODULES = ("app_dial", "app_read", "app_senddtmf", "res_pjsip_refer")
DIALPLAN = """
[phone-test]
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
exten => 200,1,Answer()
 same => n,Read(KEYS,,4,,1,5)
 same => n,SendDTMF(${KEYS})
 same => n,Wait(1)
 same => n,Hangup(17)
exten => 201,1,Hangup(17)
"""


@pytest.fixture
async def registrar(tmp_path: Path) -> AsyncIterator[Address]:
    """An Asterisk with desks 101 (MD5), 102 and 103 (SHA-256), and a few numbers to dial."""
    environ = node_environ(tmp_path)
    settings = read_settings(environ)
    prepare(settings)
    etc = settings.folders.asterisk / "etc"
    _append(etc / "extensions.conf", DIALPLAN)
    _append(etc / "modules.conf", "".join(f"load = {name}.so\n" for name in MODULES))
    _append(etc / "pjsip.conf", DESKS)
    for name, algorithm in (("101", "MD5"), ("102", "SHA-256"), ("103", "SHA-256,MD5")):
        _append(etc / "pjsip.conf", DESK.format(name=name, algorithm=algorithm))
    async with running(settings, environ):
        yield "127.0.0.1", settings.sip_port


def desk(name: str, registrar: Address, secret: str = "tajemnytsia") -> Phone:  # noqa: S107
    return Phone(user=name, secret=secret, registrar=registrar)


async def test_a_wrong_secret_is_refused(registrar: Address) -> None:
    async with desk("101", registrar, "wrong") as phone:
        with pytest.raises(RegistrationRefused):
            await phone.register()


async def test_registered_phones_talk_and_transfer(registrar: Address) -> None:
    async with desk("101", registrar) as one, desk("102", registrar) as two, desk("103", registrar) as three:
        for phone in (one, two, three):
            await phone.register()
        call = await one.call("102", sound=tone(440))
        incoming = await two.next_call()
        await incoming.ring()
        await incoming.answer(tone(620))
        await call.heard_tone(620)
        await incoming.heard_tone(440)
        await incoming.hold()
        await incoming.resume()
        await call.heard_tone(620)
        assert await incoming.transfer("103") == 202
        last = await _answer(three, 850)
        await call.heard_tone(850)
        await last.heard_tone(440)
        assert await incoming.transfer_outcome() == 200
        await incoming.hang_up()
        await last.heard_tone(440)


async def test_an_attended_transfer_joins_the_two_others(registrar: Address) -> None:
    async with desk("101", registrar) as one, desk("102", registrar) as two, desk("103", registrar) as three:
        for phone in (one, two, three):
            await phone.register()
        call = await one.call("102", sound=tone(440))
        incoming = await _answer(two, 620)
        await call.answered()
        await incoming.hold()
        consultation = await two.call("103", sound=tone(620))
        last = await _answer(three, 850)
        await consultation.answered()
        await last.heard_tone(620)
        assert await incoming.transfer_attended(consultation) == 202
        await call.heard_tone(850)
        await last.heard_tone(440)
        assert (await consultation.ended()).code == 200


async def test_asterisk_reads_our_keys_and_we_read_its(registrar: Address) -> None:
    async with desk("101", registrar) as phone:
        call = await phone.call("200")
        await call.answered()
        await call.press("19*0")
        await call.heard_digits("19*0")
        end = await call.ended()
        assert (end.who, "cause=17" in end.reason) == (Who.PEER, True)


async def test_asterisks_refusal_and_giving_up_are_told_apart(registrar: Address) -> None:
    async with desk("101", registrar) as one, desk("102", registrar) as two:
        await two.register()
        assert (await (await one.call("201")).ended()).code == 486
        call = await one.call("102")
        incoming = await two.next_call()
        await incoming.ring()
        await call.hang_up()
        assert (await call.ended())[:2] == (Who.US, 487)
        assert (await incoming.ended())[:2] == (Who.PEER, 487)
        assert EventKind.PROVISIONAL in {moment.kind for moment in call.timeline.moments}


async def _answer(phone: Phone, hertz: int) -> IncomingCall:
    incoming = await phone.next_call()
    await incoming.answer(tone(hertz))
    assert uri_of(incoming.invite.first("Contact"))
    return incoming


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
