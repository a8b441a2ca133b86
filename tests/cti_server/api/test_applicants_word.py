"""The applicant's own word, as another system passes it on with how it knew them."""

from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import pytest

from cti_server.api.appeal import WordName
from cti_server.appeals.card.timeline import Names, timeline
from cti_server.frame.language import words
from hotline.access.permissions import Role
from hotline.access.scopes import Scope, scopes_of
from hotline.portal.closings import EndedBy
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.report import MOST_ADDED
from storage.store import Storage
from tests.cti_server.api.conftest import Program, given_appeal
from tests.cti_server.api.test_acts import Made, appeal, done, refused, supplier, water
from tests.cti_server.conftest import MovedClock

__all__ = ["appeal", "supplier", "water"]  # pytest finds the fixtures here
SIGNED_IN = {"known_by": "account", "contact": "045 790 00 12", "reference": "session-12"}


async def word(
    program: Program, number: str, name: str, version: int, *, key: str = "", **said: object
) -> aiohttp.ClientResponse:
    body = {"version": version, "applicant": SIGNED_IN, **said}
    headers = {"Idempotency-Key": key or f"word-{name}-{version:04}"}
    return await program.ask("POST", f"/appeals/{number}/word/{name}", json=body, headers=headers)


async def passed(program: Program, number: str, name: str, version: int, **said: object) -> Made:
    answer = await word(program, number, name, version, **said)
    assert answer.status == 200, await answer.text()
    line: Made = await answer.json()
    return line


async def reported_done(supplier: Program, number: str, version: int = 2) -> None:
    await done(supplier, number, "accept", version)
    await done(supplier, number, "begin-work", version + 1)
    await done(supplier, number, "report-done", version + 2, result="satisfied", answer="Замінили кран")


async def test_their_no_and_their_yes_go_to_the_history_and_the_proof_with_how_they_were_known(
    head: Program, supplier: Program, appeal: Made, storage: Storage, clock: MovedClock
) -> None:
    number = appeal["number"]
    assert appeal["words"] == ["withdraw", "add"]
    assert await refused(await word(head, number, "confirm", 2)) == (409, "forbidden-transition")
    await reported_done(supplier, number)
    assert (await head.get(f"/appeals/{number}"))["words"] == ["confirm", "dispute", "withdraw", "add"]
    assert (await supplier.get(f"/appeals/{number}"))["words"] == []
    line = await passed(head, number, "dispute", 5, reason="Вода знову зникла")
    assert (line["by"], line["after"], line["said"]) == ("applicant", "disputed", "Вода знову зникла")
    await passed(head, number, "take-no-back", 6)
    await passed(head, number, "dispute", 7, reason="Ні, таки немає", key="once-more-no")
    await done(supplier, number, "begin-work", 8)
    await done(supplier, number, "report-done", 9, result="satisfied", answer="Промили трубу")
    closed = await passed(head, number, "confirm", 10, rating=5)
    assert await passed(head, number, "confirm", 10, rating=5) == closed, "sent again it is done once"
    assert (closed["by"], closed["before"], closed["after"]) == ("applicant", "done", "closed")
    assert await refused(await word(head, number, "confirm", 10, rating=5, key="another-key")) == (
        409,
        "overtaken",
    )

    day = timedelta(days=1)
    ends = await storage.closing_digests.closings(clock.now() - day, clock.now() + day)
    assert [one.by for one in ends if one.number == number] == [EndedBy.PROGRAM_ACCOUNT] * 2
    (drawn,) = await storage.control.taken_down(clock.now() - day, clock.now() + day)
    assert (drawn.source, drawn.user_id) == (
        f"program:{head.token.id}:account:session-12",
        head.token.user_id,
    )
    history = await storage.handling.history(number, hidden=True)
    names = Names(users={head.token.user_id: "Олена"}, executors={})
    assert timeline(history, names, words("en"))[0].who == (
        f"the applicant, passed on by the system of token {head.token.id}, signed in there (session-12), "
        "Олена answers for the system"
    )


async def test_a_code_is_compared_counted_and_alone_serves_for_an_unknown_applicant(
    head: Program, storage: Storage
) -> None:
    nameless = given_appeal(kind="report", applicant=None, number=None, consent=False)
    key = {"Idempotency-Key": "appeal-nameless"}
    made = await (await head.ask("POST", "/appeals", json=nameless, headers=key)).json()
    number, codes = made["number"], FollowCodes(b"key")
    stored = await storage.registry.find(number)
    assert stored is not None
    code = codes.code(stored)
    wrong = f"{(int(code) + 1) % 10**10:010}"
    for applicant, where in (
        (SIGNED_IN, "body.applicant.known_by"),
        ({"known_by": "code", "reference": "chat-1"}, "body.applicant.code"),
        ({"known_by": "code", "reference": "chat-1", "code": wrong}, "body.applicant.code"),
        ({"known_by": "code", "reference": "two words", "code": code}, "body.applicant.reference"),
    ):
        answer = await word(head, number, "withdraw", 1, applicant=applicant)
        assert [one["where"] for one in (await answer.json())["errors"]] == [where]
    known = {"known_by": "code", "reference": "chat-1", "code": f"{code[:5]} {code[5:]}"}
    line = await passed(head, number, "withdraw", 1, applicant=known, reason="Уже є")
    assert (line["by"], line["after"]) == ("applicant", "withdrawn")
    for at in range(9):
        await word(head, number, "add", 2, applicant=known | {"code": wrong}, key=f"guess-{at:04}", text="?")
    answer = await word(head, number, "add", 2, applicant=known, key="right-but-late", text="?")
    assert answer.status == 429, "whoever guesses has to wait"


async def test_the_scope_is_ticked_apart_and_no_executor_has_it(
    programs: Mapping[Role, Program], head: Program, supplier: Program, appeal: Made, storage: Storage
) -> None:
    number = appeal["number"]
    await passed(programs[Role.DISPATCHER], number, "add", 2, text="Код домофона 12")
    assert (await supplier.get(f"/appeals/{number}/history"))["items"][-1]["said"] == "Код домофона 12"
    assert await refused(await word(supplier, number, "add", 3, text="?")) == (403, "forbidden")
    assert await refused(await word(programs[Role.OBSERVER], number, "add", 3, text="?")) == (
        403,
        "forbidden",
    )
    for at in range(1, MOST_ADDED):
        await passed(head, number, "add", 2 + at, text=f"Ще {at}")
    full = await word(head, number, "add", 2 + MOST_ADDED, text="Ще")
    assert [one["where"] for one in (await full.json())["errors"]] == ["body.text"]
    assert Scope.APPEALS_WORD not in scopes_of(Role.EXECUTOR)
    await storage.tokens.rescope(supplier.token.id, list(Scope))
    for at, name in enumerate(WordName):
        said = {"text": "?"} if name is WordName.ADD else {}
        answer = await word(supplier, number, name, 2 + MOST_ADDED, key=f"own-enterprise-{at}", **said)
        assert await refused(answer) == (403, "forbidden")
    assert (await supplier.get(f"/appeals/{number}"))["words"] == []
    await storage.tokens.rescope(head.token.id, [Scope.APPEALS_READ, Scope.APPEALS_ACT])
    assert await refused(await word(head, number, "withdraw", 2 + MOST_ADDED)) == (403, "scope-needed")
    assert (await head.get(f"/appeals/{number}"))["words"] == []


@pytest.mark.parametrize("known_by", ["account", "message"])
async def test_no_program_closes_what_it_likes_without_the_applicants_own_contact(
    head: Program, supplier: Program, appeal: Made, clock: MovedClock, known_by: str
) -> None:
    number = appeal["number"]
    await done(head, number, "amend", 2, reply_by="email", reply_to="Maria@Example.org")
    await reported_done(supplier, number, 3)
    known = {"known_by": known_by, "reference": "session-13"}
    for at, contact in enumerate((None, "", "067 000 00 00", "olena@example.org", "anything")):
        applicant = known | ({} if contact is None else {"contact": contact})
        answer = await word(head, number, "confirm", 6, applicant=applicant, key=f"at-will-{at}")
        assert [one["where"] for one in (await answer.json())["errors"]] == ["body.applicant.contact"]
    for at in range(6):
        applicant = known | {"contact": f"maria{at}@example.org"}
        await word(head, number, "confirm", 6, applicant=applicant, key=f"guess-{at:04}")
    theirs = known | {"contact": "maria@example.ORG"}
    assert (await word(head, number, "confirm", 6, applicant=theirs, key="right-late")).status == 429
    assert (await head.get(f"/appeals/{number}"))["state"] == "done"
    clock.pass_(minutes=16)
    assert (await passed(head, number, "confirm", 6, applicant=theirs))["after"] == "closed"
