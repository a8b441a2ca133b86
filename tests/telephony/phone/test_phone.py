"""Two phones call each other on loopback, with no server between them."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import uvloop

from hotline.errors import CallGone
from telephony.phone import outgoing
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.pacer import Pacer
from telephony.phone.phone import Phone
from telephony.phone.sdp import Law
from telephony.phone.signalling import Address, Signalling
from telephony.phone.sip import Request, tag_of
from telephony.phone.sound import SILENCE, Sound, tone, tone_share, wav
from telephony.phone.timeline import End, EventKind, Who


@pytest.fixture
async def citizen() -> AsyncIterator[Phone]:
    async with Phone(user="+380671234567", display="Оксана") as phone:
        yield phone


@pytest.fixture
async def desk() -> AsyncIterator[Phone]:
    async with Phone(user="101") as phone:
        yield phone


async def talk(citizen: Phone, desk: Phone) -> tuple[OutgoingCall, IncomingCall]:
    """A call that both have answered: the citizen says 440 Hz, the desk 620 Hz."""
    call = await citizen.call("101", to=desk.address, sound=tone(440))
    incoming = await desk.next_call()
    await incoming.ring()
    await incoming.answer(tone(620))
    await call.answered()
    return call, incoming


async def test_both_sides_hear_each_other(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await asyncio.gather(call.heard_tone(620), incoming.heard_tone(440))
    assert not call.hears_tone(440)
    assert incoming.caller == "+380671234567"
    assert '"Оксана"' in incoming.invite.first("From")


async def test_a_talk_in_mu_law_sounds_the_same(citizen: Phone) -> None:
    async with Phone(user="101", laws=(Law.ULAW,)) as desk:
        call, incoming = await talk(citizen, desk)
        await asyncio.gather(call.heard_tone(620), incoming.heard_tone(440))


async def test_who_hangs_up_is_known_on_both_sides(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await incoming.hang_up()
    assert (await call.ended())[:2] == (Who.PEER, 200)
    assert (await incoming.ended())[:2] == (Who.US, 200)


async def test_keys_arrive_once_and_in_order(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await call.press("112*#0")
    await incoming.heard_digits("112*#0")
    assert incoming.digits == "112*#0"
    await incoming.press("5")
    await call.heard_digits("5")


async def test_who_presses_a_key_while_the_other_hangs_up_does_not_wait_for_ever(
    citizen: Phone, desk: Phone
) -> None:
    call, incoming = await talk(citizen, desk)
    pressing = asyncio.create_task(call.press("1", held=3600))
    await incoming.heard_digits("1")
    await incoming.hang_up()
    with pytest.raises(CallGone):
        await pressing


async def test_a_key_that_was_sent_is_sent_though_the_other_hangs_up_in_the_gap_behind_it(
    citizen: Phone, desk: Phone
) -> None:
    call, incoming = await talk(citizen, desk)
    pressing = asyncio.create_task(call.press("1", gap=3600))
    await incoming.heard_digits("1")
    await incoming.press("5")  # longer than what is left of that key
    await incoming.hang_up()
    await pressing


async def test_a_held_side_hears_nothing_until_it_is_resumed(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await call.heard_tone(620)
    await incoming.hold()
    assert call.held_by_peer
    await call.heard_pause()
    await incoming.resume()
    assert not call.held_by_peer
    await call.heard_tone(620)
    kinds = [moment.kind for moment in incoming.timeline.moments]
    assert kinds.index(EventKind.HELD) < kinds.index(EventKind.RESUMED)


async def test_either_side_can_hold(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await call.hold()
    assert incoming.held_by_peer
    await call.resume()
    await incoming.heard_tone(440)


@pytest.mark.parametrize("code", [486, 603, 480])
async def test_a_rejected_call_ends_with_the_code(citizen: Phone, desk: Phone, code: int) -> None:
    call = await citizen.call("101", to=desk.address)
    await (await desk.next_call()).reject(code)
    assert (await call.ended())[:2] == (Who.PEER, code)
    with pytest.raises(CallGone):
        await call.answered()


async def test_a_caller_who_gives_up_while_it_rings_is_gone_on_both_sides(
    citizen: Phone, desk: Phone
) -> None:
    call = await citizen.call("101", to=desk.address)
    incoming = await desk.next_call()
    await incoming.ring()
    assert await call.hang_up() == End(Who.US, 487, "Request Terminated")
    assert (await incoming.ended())[:2] == (Who.PEER, 487)
    with pytest.raises(CallGone):
        await incoming.answer()


def test_nobody_answers_a_call_whose_sound_is_closed_already() -> None:
    """Under uvloop, as the benches run: there a closed socket does not know its address any more."""

    async def given_up() -> None:
        async with Phone(user="+380671234567") as citizen, Phone(user="101") as desk:
            call = await citizen.call("101", to=desk.address)
            incoming = await desk.next_call()
            await call.hang_up()
            await incoming.ended()
            await asyncio.sleep(0)  # uvloop closes a socket with the loop's next round
            with pytest.raises(CallGone):
                await incoming.answer()

    uvloop.run(given_up())


async def test_a_call_that_is_given_up_at_once_still_ends(citizen: Phone, desk: Phone) -> None:
    call = await citizen.call("101", to=desk.address)
    await call.hang_up()
    assert call.end is not None
    assert call.end.code == 487


@pytest.mark.parametrize(("late", "then"), [(180, ["CANCEL"]), (200, ["ACK", "BYE"])])
async def test_a_side_that_speaks_after_a_call_was_dropped_hears_that_nobody_is_there(
    citizen: Phone, monkeypatch: pytest.MonkeyPatch, late: int, then: list[str]
) -> None:
    monkeypatch.setattr(outgoing, "_FIRST_WORD", 0.05)
    heard: asyncio.Queue[tuple[Request, Address]] = asyncio.Queue()
    busy = Signalling(lambda *request: heard.put_nowait(request))
    await busy.open("127.0.0.1", 0)
    call = await citizen.call("101", to=(busy.host, busy.port))
    invite, source = await heard.get()
    assert (await call.hang_up()).reason == "nobody there"

    busy.respond(invite, source, late, "Late", tag="busy", body=invite.body if late == 200 else b"")

    for method in then:
        request, source = await heard.get()
        assert request.method == method
        if method != "ACK":
            busy.respond(request, source, 200, "OK")
    if late == 180:
        busy.respond(invite, source, 487, "Request Terminated", tag="busy")
        assert (await heard.get())[0].method == "ACK"
    busy.close()


async def test_a_second_side_that_accepts_the_same_call_is_let_go_and_ends_nothing(citizen: Phone) -> None:
    """An edge that takes over asks another node once more, and both say yes."""
    heard: asyncio.Queue[tuple[Request, Address]] = asyncio.Queue()
    edge = Signalling(lambda *request: heard.put_nowait(request))
    await edge.open("127.0.0.1", 0)
    call = await citizen.call("101", to=(edge.host, edge.port))
    invite, source = await heard.get()
    for node in ("a", "b"):
        contact = [("Contact", f"<sip:{node}@127.0.0.1>")]
        edge.respond(invite, source, 200, "OK", tag=node, headers=contact, body=invite.body)
        ack, _ = await heard.get()
        assert (ack.method, ack.uri, tag_of(ack.first("To"))) == ("ACK", f"sip:{node}@127.0.0.1", node)
    bye, source = await heard.get()
    assert (bye.method, bye.uri) == ("BYE", "sip:b@127.0.0.1")
    edge.respond(bye, source, 200, "OK")
    of_b = [("From", bye.first("To")), ("To", bye.first("From")), ("Call-ID", bye.first("Call-ID"))]
    ends = Request(method="BYE", uri="sip:citizen@127.0.0.1", headers=[*of_b, ("CSeq", "1 BYE")])
    assert (await edge.ask(ends, citizen.address)).code == 481
    assert call.end is None
    ends.headers[:] = [("From", f"{invite.first('To')};tag=a"), *of_b[1:], ("CSeq", "1 BYE")]
    assert (await edge.ask(ends, citizen.address)).code == 200
    edge.close()


async def test_nobody_there_is_noticed_in_time(citizen: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "_FIRST_WORD", 0.2)
    call = await citizen.call("101", to=("127.0.0.1", 9))
    with pytest.raises(TimeoutError):
        await call.reached(0.2)


async def test_a_transfer_is_heard_and_declined_by_a_plain_phone(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    assert await incoming.transfer("102") == 202
    assert await incoming.transfer_outcome() == 501
    host, port = citizen.address
    assert call.referrals == [f"sip:102@{host}:{port}"]


async def test_an_attended_transfer_names_the_other_call(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    async with Phone(user="102") as colleague:
        consultation = await desk.call("102", to=colleague.address)
        await (await colleague.next_call()).answer()
        await consultation.answered()
        await incoming.transfer_attended(consultation)
    assert f"Replaces={consultation.dialog.call_id}%3Bto-tag%3D" in call.referrals[0]


async def test_the_recording_is_continuous_and_as_long_as_the_talk(citizen: Phone, desk: Phone) -> None:
    call, _ = await talk(citizen, desk)
    await call.heard_tone(620)
    began = call.answered_at
    assert began
    await call.press("1", held=0.5, gap=0.5)
    least = time.monotonic() - began.monotonic
    await call.hang_up()
    most = time.monotonic() - began.monotonic
    recording = call.recording()
    assert least - 0.02 <= len(recording) / 8000 <= most + 0.02
    assert tone_share(recording[2000:-1000], 620) > 0.99


async def test_a_recording_can_be_saved_and_played_again(citizen: Phone, desk: Phone, tmp_path: Path) -> None:
    call, _ = await talk(citizen, desk)
    await call.heard_tone(620)
    await call.hang_up()
    call.save(tmp_path / "heard.wav")
    assert np.array_equal(wav(tmp_path / "heard.wav").samples, call.recording())


async def test_voice_and_pause_have_their_moments(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    began = await call.heard_voice()
    incoming.say(SILENCE)
    ended = await call.heard_pause(after=began)
    incoming.say(Sound(tone(620).samples[:4000]))
    again = await call.heard_voice(after=ended + 0.1)
    assert began <= ended < again < await call.heard_pause(after=again)


async def test_a_vanished_phone_says_no_bye(citizen: Phone, desk: Phone) -> None:
    call, incoming = await talk(citizen, desk)
    await call.heard_tone(620)
    desk.vanish()
    assert (await incoming.ended())[0] is Who.NETWORK
    await call.heard_pause()
    assert call.end is None


async def test_leaving_a_phone_hangs_up_its_calls(citizen: Phone) -> None:
    async with Phone(user="101") as desk:
        call, _ = await talk(citizen, desk)
    assert (await call.ended())[:2] == (Who.PEER, 200)


async def test_whoever_watches_is_told_of_each_event(citizen: Phone, desk: Phone) -> None:
    told: list[EventKind] = []
    call = await citizen.call("101", to=desk.address, told=lambda moment: told.append(moment.kind))
    await (await desk.next_call()).answer(tone(620))
    await call.heard_voice(after=(await call.answered()).monotonic)
    await call.hang_up()
    assert told[0] is EventKind.CALLED
    assert told[-1] is EventKind.ENDED
    assert {EventKind.PROVISIONAL, EventKind.ANSWERED, EventKind.VOICE} <= set(told)


async def test_sixty_calls_at_once_are_all_heard() -> None:
    pacer = Pacer()
    async with Phone(user="many", pacer=pacer) as many, Phone(user="101", pacer=pacer) as desk:
        pairs = await asyncio.gather(*(talk(many, desk) for _ in range(60)))
        await asyncio.gather(*(call.heard_tone(620) for call, _ in pairs))
        await asyncio.gather(*(call.press("1", held=1, gap=0.1) for call, _ in pairs))
        heard = [call.latest(1) for call, _ in pairs]
    fifths = [[tone_share(one[at : at + 1600], 620) for at in range(0, 8000, 1600)] for one in heard]
    assert min(map(max, fifths)) > 0.8  # a machine that is busy beside drops frames, and the phase jumps
