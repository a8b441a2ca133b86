"""A dispatcher sees what was published, and has it in a calendar by a link that can be revoked."""

import re

import pytest
from icalendar import Calendar

from cti_server.keys import Accounts
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.shifts.conftest import Team

PAGE = "/shifts/mine"


async def link_of(person: Person) -> str:
    """Make the link, and give its path."""
    page = await (await person.post(f"{PAGE}/feed")).text()
    found = re.search(r'value="http://[^/"]+(/shifts/feed/[^"]+)"', page)
    assert found
    return found[1]


async def test_one_sees_ones_own_shifts_with_whom_and_everybodys_week(team: Team, olena: Person) -> None:
    await team.save(olena_0="День", taras_0="Ніч")
    page = await olena.text(PAGE)
    assert "Попереду змін немає" in page, "a draft is nobody's business yet"
    assert "ще не опубліковано" in page
    await team.publish(1, olena_0="День", taras_0="Ніч", olena_2="12-20", taras_2="День")
    page = await olena.text(PAGE)
    assert "Понеділок, 02.03.2026" in page
    assert "На зміні більше нікого" in page
    assert "З вами: Тарас" in page
    assert page.count("Олена") >= 1
    assert "20:00–08:00" in page, "Taras's night stands in everybody's week"


async def test_a_shift_that_is_over_is_gone_and_the_present_one_is_marked(
    team: Team, olena: Person, clock: MovedClock
) -> None:
    await team.publish(olena_0="День")
    assert "зараз" in await olena.text(PAGE)
    clock.pass_(hours=6)
    assert "Попереду змін немає" in await olena.text(PAGE)


async def test_a_calendar_reads_ones_own_published_shifts_alone(team: Team, olena: Person) -> None:
    await team.publish(olena_0="День", olena_5="Ніч", taras_1="День")
    answer = await olena.client.get(await link_of(olena))
    assert answer.content_type == "text/calendar"
    events = Calendar.from_ical(await answer.text()).walk("VEVENT")
    told = [
        (one["SUMMARY"], f"{one['DTSTART'].dt:%d %H:%M}", f"{one['DTEND'].dt:%d %H:%M}") for one in events
    ]
    assert told == [
        ("Зміна: День 08:00–20:00", "02 06:00", "02 18:00"),
        ("Зміна: Ніч 20:00–08:00", "07 18:00", "08 06:00"),
    ], "moments are in UTC"
    assert "Календар звертався за ним" in await olena.text(PAGE)


async def test_a_link_opens_nothing_once_another_is_made_or_it_is_revoked(olena: Person) -> None:
    first = await link_of(olena)
    second = await link_of(olena)
    assert [(await olena.client.get(one)).status for one in (first, second)] == [404, 200]
    assert second.partition("feed/")[2][:20] not in await olena.text(PAGE), "it is shown once"
    assert (await olena.post(f"{PAGE}/feed/revoke")).status == 303
    assert (await olena.client.get(second)).status == 404


async def test_a_link_opens_nothing_for_a_closed_account(
    team: Team, olena: Person, accounts: Accounts
) -> None:
    link = await link_of(olena)
    await change(accounts, team.olena, active=False)
    assert (await olena.client.get(link)).status == 404


async def test_no_log_has_the_secret_of_a_link_when_it_fails(
    olena: Person, storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link = await link_of(olena)

    async def away(*_given: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(type(storage.roster_feeds), "by_hash", away)
    assert (await olena.client.get(link)).status == 500
    assert "path=/shifts/feed/….ics" in caplog.text
    assert link not in caplog.text
