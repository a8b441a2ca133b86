"""What other systems do with a city's own documents: read versions, and put one into force."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hotline.access.permissions import Role
from hotline.city.classifier import classifier
from hotline.city_data.kinds import kept
from hotline.documents.document import FIRST_OWN, DocumentKind, delivered, revision
from storage.store import Storage
from tests.cti_server.api.conftest import Program
from tests.cti_server.conftest import MovedClock

KIND = DocumentKind.CLASSIFIER
NEWEST, TEXT = max(delivered(KIND).items())
CHANGED = TEXT.replace('uk = "Немає холодної води"', 'uk = "Холодна вода не йде"')
VERSIONS = f"/city-data/{KIND}/versions"


@pytest.fixture(autouse=True)
def delivered_again() -> Iterator[None]:
    with kept():
        yield


async def put(program: Program, key: str = "version-0001", **changed: object) -> tuple[int, dict[str, Any]]:
    body = {"text": CHANGED, "instead_of": NEWEST, "note": "Рішення № 5", **changed}
    answer = await program.ask("POST", VERSIONS, json=body, headers={"Idempotency-Key": key})
    return answer.status, await answer.json()


async def test_a_heads_system_puts_a_version_into_force_once(head: Program, storage: Storage) -> None:
    present = (await head.get("/city-data"))["items"]
    assert {one["kind"]: one["version"] for one in present} == {
        one.value: max(delivered(one)) for one in DocumentKind
    }
    first, again = await put(head), await put(head)
    assert first == again
    assert (first[0], first[1]["version"], first[1]["in_force"]) == (201, FIRST_OWN, True)
    assert classifier().categories["water-none"].uk == "Холодна вода не йде"
    read = await head.get(f"{VERSIONS}/{FIRST_OWN}")
    assert (read["text"], read["note"], read["delivered"]) == (CHANGED, "Рішення № 5", False)
    listed = (await head.get(VERSIONS))["items"]
    assert [(one["version"], one["in_force"]) for one in listed][:2] == [(FIRST_OWN, True), (NEWEST, False)]
    assert (await put(head, text=TEXT))[1]["code"] == "key-reused"
    assert (await put(head, "version-0002", text=TEXT))[0] == 412
    assert await storage.city_documents.draft(KIND) is None


async def test_faults_are_told_with_their_places_and_nothing_changes(head: Program, storage: Storage) -> None:
    status, told = await put(head, text=TEXT.replace('term = "24 hours"', 'term = "24"', 1))
    assert (status, told["code"]) == (422, "invalid")
    assert [one["where"] for one in told["errors"]] == ["body.text: category/water-none/term"]
    assert await storage.city_documents.draft(KIND) is None
    assert classifier().version == NEWEST


async def test_a_draft_that_waits_on_the_page_is_not_lost(
    head: Program, storage: Storage, clock: MovedClock
) -> None:
    seen = await storage.city_documents.present(KIND)
    await storage.city_documents.save_draft(
        KIND, "half", by=None, at=clock.now(), seen=revision(seen.version, None)
    )
    status, told = await put(head)
    assert (status, told["code"]) == (409, "forbidden-transition")
    assert (await head.ask("GET", f"{VERSIONS}/{FIRST_OWN}")).status == 404, "a draft is no version"


async def test_reading_is_for_those_who_see_the_citys_data_and_putting_for_those_who_change_it(
    programs: Mapping[Role, Program],
) -> None:
    may = {role: (await one.ask("GET", "/city-data")).status for role, one in programs.items()}
    puts = {role: (await put(one))[0] for role, one in programs.items()}
    assert may[Role.HEAD] == may[Role.OBSERVER] == 200
    assert may[Role.EXECUTOR] == 403
    changed = {role for role, status in puts.items() if status != 403}
    assert changed == {Role.HEAD, Role.ADMINISTRATOR} & programs.keys(), "those who change it on the pages"
