"""Words of an applicant before everybody: only with consent and approval, and gone at once everywhere."""

import html
import json
from collections.abc import Mapping

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.actors import acting, applicant
from hotline.appeals.acts.applicants_word import Withdraw
from hotline.appeals.acts.way_back import Reopen
from hotline.portal.public_texts import TextState
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.portal.test_reporting import filled, send

SAID = "Темно третій тиждень, Олена з 12-ї квартири впала"
WORDING = "Темно третій тиждень"


async def everywhere(person: Person, number: str) -> list[str]:
    """What anybody reads: the list, the matter's page, the feed, Open311."""
    pages = ("/matters", f"/matters/{number}", "/matters.atom", f"/open311/v2/requests/{number}.json")
    return [html.unescape(await person.text(path)) for path in pages]


async def test_words_are_public_with_consent_and_approval_and_gone_at_once(
    person: Person, clock: MovedClock, storage: Storage, users: Mapping[Role, User]
) -> None:
    fields = {**await filled(person, clock), "text": SAID}
    silent = (await send(person, fields)).headers["Location"].split("/")[2]
    assert await storage.public_texts.find(silent) is None
    fields = {**await filled(person, clock), "text": SAID, "publish": "yes"}
    _, _, number, code = (await send(person, fields)).headers["Location"].removesuffix("?new").split("/")
    assert not any("Темно" in page for page in await everywhere(person, number))
    staff = f"/todo/words/{number}"
    assert (await person.get(staff)).status == 302  # nobody but the staff
    await person.enter(Role.DISPATCHER.value)
    assert f'href="{staff}"' in await person.text("/todo?wait=words")
    assert SAID in html.unescape(await person.text(staff))
    assert (await person.post(staff, {"do": "publish", "wording": "  "})).status == 422
    assert (await person.post(staff, {"do": "publish", "wording": WORDING})).status == 303
    assert f'href="{staff}"' not in await person.text("/todo?wait=words")
    pages = await everywhere(person, number)
    assert all(WORDING in page for page in pages)
    assert not any("Олена" in page for page in pages)
    said = applicant("call:17")
    await storage.handling.carry_out(number, Withdraw(by=said, at=clock.now()), version=None)
    (gone,) = json.loads(await person.text(f"/open311/v2/requests/{number}.json"))
    assert (gone["status"], gone["description"]) == ("closed", None)
    assert (await person.get(f"/matters/{number}")).status == 404
    head = acting(users[Role.HEAD])
    again = Reopen(by=head, at=clock.now(), reason="Помилково")
    await storage.handling.carry_out(number, again, version=None)
    pages = await everywhere(person, number)
    (request,) = json.loads(pages[-1])
    assert request["description"] == WORDING
    mine = f"/my/{number}/{code}"
    assert WORDING in html.unescape(await person.text(mine))
    assert (await person.post(mine, {"do": "take-back"})).status == 303
    assert not any("Темно" in page for page in await everywhere(person, number))
    kept = await storage.public_texts.find(number)
    assert kept is not None
    assert (kept.state, kept.wording) == (TextState.TAKEN_BACK, "")
    late = await person.post(staff, {"do": "publish", "wording": WORDING})  # the page stood open meanwhile
    assert late.status == 422
    assert not any("Темно" in page for page in await everywhere(person, number))
    assert (await person.post(mine, {"do": "take-back"})).status == 303  # pressed twice
    assert (await person.post(mine, {"do": "agree"})).status == 303
    again = await storage.public_texts.find(number)
    assert again is not None
    assert again.state is TextState.WAITING
    assert (await person.post(staff, {"do": "refuse"})).status == 303
    assert not any("Темно" in page for page in await everywhere(person, number))
