"""The audit log's page and export."""

import ast
import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

import cti_server
from cti_server.admin import audit_words
from cti_server.frame.language import words
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import AuditEntry, User
from tests.cti_server.conftest import MovedClock, Person


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User], accounts: Accounts, clock: MovedClock) -> Person:
    """Sixty views a minute apart, then a head signs in an hour later."""
    for minute in range(60):
        entry = AuditEntry(
            at=clock.now() + timedelta(minutes=minute),
            user_id=users[Role.DISPATCHER].id,
            action="view",
            subject=f"call:{minute}",
            address="192.0.2.1",
            detail='=HYPERLINK("evil")' if minute == 7 else "",
        )
        await accounts.audit.append(entry)
    clock.pass_(hours=1)
    await person.sign_in(users[Role.HEAD].login)
    return person


async def test_the_newest_come_first_and_older_ones_on_further_pages(head: Person) -> None:
    first = await head.text("/admin/audit?action=view&subject=call:")
    assert "call:59" in first
    assert '"call:9"' not in first
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert older.startswith("/admin/audit?action=view&amp;subject=call:&amp;at=")
    second = await head.text(older.replace("&amp;", "&"))
    assert '"call:9"' in second
    assert 'rel="next"' not in second


async def test_times_are_the_citys_and_days_begin_at_its_midnight(head: Person) -> None:
    page = await head.text("/admin/audit?subject=call:0&from=2026-03-02&to=2026-03-02")
    assert "02.03.2026 14:00:00" in page, "noon in UTC"
    assert "Нічого не знайдено" in await head.text("/admin/audit?subject=call:0&to=2026-03-01")
    assert "Нічого не знайдено" in await head.text("/admin/audit?subject=call:0&from=2026-03-03")


@pytest.mark.parametrize(
    "days", ["to=9999-12-31", "from=0001-01-01", "from=9999-12-31&to=0001-01-01", "to=x"]
)
async def test_a_day_beyond_all_days_is_not_asked_for(head: Person, days: str) -> None:
    assert "call:0" in await head.text(f"/admin/audit?subject=call:0&{days}")


@pytest.mark.parametrize(
    "query", ["at=x&behind=1", "at=2026-03-02T12:00:00Z&behind=x", "user=x", "from=x&to=31.12.2026", "a=b"]
)
async def test_filters_that_cannot_be_read_ask_for_nothing(head: Person, query: str) -> None:
    assert "call:59" in await head.text(f"/admin/audit?{query}")


async def test_the_export_holds_everything_found_and_no_formula(head: Person) -> None:
    answer = await head.get("/admin/audit.csv?subject=call:")
    text = await answer.text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-2026-03-02.csv"'
    assert rows[0][:3] == ["Коли", "Хто", "Дія"]
    assert len(rows) == 61
    assert rows[1] == ["02.03.2026 14:59:00", "dispatcher", "перегляд", "call:59", "", "192.0.2.1"]
    assert rows[53][4] == """'=HYPERLINK("evil")"""


async def test_who_looks_at_the_log_is_in_the_log(
    head: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    await head.text("/admin/audit?user=1")
    await (await head.get("/admin/audit.csv")).read()
    newest = [(entry.action, entry.subject, entry.detail) for entry in await accounts.audit.latest(2)]
    assert newest == [("export", "audit", ""), ("view", "audit", "user=1")]
    assert (await accounts.audit.latest(1))[0].user_id == users[Role.HEAD].id


@pytest.mark.usefixtures("users")
async def test_subjects_are_named_and_lead_to_their_pages_where_the_reader_may_open_them(
    person: Person, accounts: Accounts, clock: MovedClock
) -> None:
    for subject, detail in (("appeal:2600018", "similar"), ("file:7", ""), ("thing:9", "x=1")):
        entry = AuditEntry(
            at=clock.now(), user_id=1, action="view", subject=subject, detail=detail, address=""
        )
        await accounts.audit.append(entry)
    await person.sign_in(Role.HEAD.value)
    page = await person.text("/admin/audit")
    assert '<a href="/appeals/2600018" title="appeal:2600018">Звернення 26 000 18</a>' in page
    assert "пошук схожих звернень" in page
    assert '<span title="file:7">Файл 7</span>' in page
    assert '<span title="thing:9">thing:9</span>' in page
    page = await person.text("/admin/audit?from=2026-03-02&to=2026-03-01&user=1&action=nothing")
    assert "Перший день пізніший" in page
    assert re.search(r"Хто: <strong>\w+</strong></span>", page)
    assert "<strong>nothing</strong> — такого вже немає" in page
    assert 'href="/admin/audit?action=nothing&amp;from=2026-03-02&amp;to=2026-03-01"' in page
    await person.sign_in(Role.ADMINISTRATOR.value)
    page = await person.text("/admin/audit")
    assert '<span title="appeal:2600018">Звернення 26 000 18</span>' in page
    assert '<a href="/admin/users/' in page


def test_whatever_handlers_write_down_has_words() -> None:
    written = set()
    for file in Path(cti_server.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for call in ast.walk(ast.parse(text)) if "audit(" in text else ():
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id == "audit" and len(call.args) > 2:
                first = call.args[2].values[0] if isinstance(call.args[2], ast.JoinedStr) else call.args[2]
                if isinstance(first, ast.Constant):
                    written.add(str(first.value).split(":")[0])
    assert len(written) > 20
    assert written <= audit_words.KINDS.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "notices-read appeal:2600018 outage:7",
            ["прочитано повідомлення:", "Звернення 26 000 18", "Відключення 7"],
        ),
        (
            "notice-send-again applicant:2600018 sms",
            ["повідомлення надіслати ще раз:", "Заявник за зверненням 26 000 18", "SMS"],
        ),
        ("draft", ["чернетка"]),
        ("call:c1", ["Дзвінок c1"]),
        ("call:c1 unmasked", ["Дзвінок c1", "без приховування"]),
        ("call:c1 master", ["Дзвінок c1", "оригінал запису"]),
        ("recording pause", ["Запис призупинено"]),
        ("transcript caller", ["слова заявника"]),
        ("q=appeal:7&part=today", ["q=appeal:7&part=today"]),
    ],
)
def test_what_a_detail_is_about_is_named(text: str, said: list[str], users: Mapping[Role, User]) -> None:
    shown = audit_words.detail(text, users[Role.DISPATCHER], {}, words("uk"))
    assert [one.text for one in shown] == said
