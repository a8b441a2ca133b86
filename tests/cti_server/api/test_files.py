"""Photos and papers of appeals for other systems: listed, fetched, and added with the care of the forms."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Withdraw
from hotline.appeals.attachments import StoredFile
from storage.store import Storage
from tests.cti_server.api.conftest import Program
from tests.cti_server.api.test_acts import Made, appeal, done, refused, rival, supplier, water
from tests.cti_server.conftest import MovedClock
from tests.cti_server.enterprise.conftest import LIMITS
from tests.storage.pictures import bomb, pdf, photo

__all__ = ["appeal", "rival", "supplier", "water"]  # pytest finds the fixtures here
OCTETS = "application/octet-stream"


async def send(
    program: Program, number: str, content: bytes, *, name: str = "IMG_2041.jpg", key: str, kind: str = OCTETS
) -> aiohttp.ClientResponse:
    headers = {"Idempotency-Key": key, "Content-Type": kind, "Accept-Language": "en"}
    path = f"/appeals/{number}/files"
    return await program.ask("POST", path, params={"name": name}, data=io.BytesIO(content), headers=headers)


async def sent(program: Program, number: str, content: bytes, **how: Any) -> Made:
    answer = await send(program, number, content, **how)
    assert answer.status == 201, await answer.text()
    file: Made = await answer.json()
    assert answer.headers["Location"] == f"/api/v1/appeals/{number}/files/{file['id']}"
    return file


def lying(folder: Path) -> list[Path]:
    return [one for one in (folder / "evidence").rglob("*") if one.is_file()]


async def test_a_photo_is_redrawn_listed_fetched_by_parts_and_named_in_the_report(
    supplier: Program, head: Program, appeal: Made, storage: Storage
) -> None:
    number = appeal["number"]
    file = await sent(supplier, number, photo(), key="photo-0001")
    assert (file["name"], file["kind"], file["added_by"]) == ("IMG_2041.jpg", "image/jpeg", "centre")
    path = f"/appeals/{number}/files"
    for program in (supplier, head):
        assert (await program.get(path))["items"] == [file]

    whole = await head.ask("GET", f"{path}/{file['id']}")
    content = await whole.read()
    assert (whole.status, whole.headers["Content-Type"], len(content)) == (200, "image/jpeg", file["size"])
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif(), "neither its place nor its owner"
    asked = {"Range": "bytes=10-19", "If-Range": whole.headers["ETag"]}
    part = await head.ask("GET", f"{path}/{file['id']}", headers=asked)
    assert (part.status, await part.read()) == (206, content[10:20])
    beyond = await head.ask("GET", f"{path}/{file['id']}", headers={"Range": "bytes=99999999-"})
    assert beyond.status == 416
    known = {"If-None-Match": whole.headers["ETag"]}
    assert (await head.ask("GET", f"{path}/{file['id']}", headers=known)).status == 304

    await done(supplier, number, "accept", 2)
    await done(supplier, number, "begin-work", 3)
    said = {"result": "satisfied", "answer": "Замінили кран"}
    await done(supplier, number, "report-done", 4, **said, evidence=[file["id"]])
    entry = (await storage.handling.history(number, hidden=False))[-1]
    assert entry.facts["evidence"] == [file["id"]]

    entries = await storage.audit.find(AuditFilter(subject=f"file:{file['id']}"), limit=9)
    assert [one.action for one in entries] == ["export"] * 4 + ["add"]
    by = f"token:{supplier.token.id} {supplier.token.name}; appeal:{number}"
    assert entries[-1].detail == f"{by} image/jpeg {file['size']}"


async def test_what_is_sent_again_is_kept_once_and_a_key_serves_one_file(  # noqa: PLR0917 - fixtures
    supplier: Program,
    head: Program,
    appeal: Made,
    tmp_path: Path,
    storage: Storage,
    clock: MovedClock,
    users: Mapping[Role, User],
) -> None:
    number = appeal["number"]
    first = await sent(supplier, number, pdf(), name="../Акт.exe", key="paper-0001")
    assert first["name"] == "Акт.pdf"
    assert await sent(supplier, number, pdf(), name="../Акт.exe", key="paper-0001") == first
    assert await sent(head, number, pdf(), name="Копія.pdf", key="paper-0002") == first
    for content, name in ((pdf(), "Інший.pdf"), (photo(), "../Акт.exe")):
        answer = await send(supplier, number, content, name=name, key="paper-0001")
        assert await refused(answer) == (409, "key-reused")
    assert len(lying(tmp_path)) == 1

    content = pdf(action="/GoTo")  # which a person of the enterprise has brought on its page
    there = StoredFile(
        key="there", media_type="application/pdf", bytes=1, sha256=hashlib.sha256(content).hexdigest()
    )
    fitter = users[Role.EXECUTOR].id
    await storage.files.add(
        number=number, name="План.pdf", kept=there, uploaded_by=fitter, at=clock.now(), most=9
    )
    theirs = await sent(supplier, number, content, key="paper-0003")
    assert (theirs["name"], theirs["added_by"]) == ("План.pdf", "executor")
    assert len(lying(tmp_path)) == 1


async def test_a_bad_file_is_refused_with_the_reason_and_leaves_nothing(
    supplier: Program, head: Program, appeal: Made, tmp_path: Path
) -> None:
    number = appeal["number"]
    for at, (content, why) in enumerate(
        (
            (b"<svg onload='alert(1)'/>", "kind"),
            (bomb(), "too-many-pixels"),
            (photo() + b"\0" * LIMITS.most_bytes, "too-large"),
            (b"", "empty"),
            (pdf(password="1"), "locked"),
        )
    ):
        answer = await send(supplier, number, content, key=f"bad-{at:05}")
        problem = await answer.json()
        assert (answer.status, problem["code"], problem["refusal"]) == (422, "file-refused", why)
    assert problem["detail"] == "The paper opens with a password only: save it without one."
    answer = await send(supplier, number, photo(), key="form-0001", kind="multipart/form-data")
    assert await refused(answer) == (415, "octets-needed")
    assert lying(tmp_path) == []
    await sent(supplier, number, pdf(), key="bad-00004")  # a refused request gives its key back
    assert len((await head.get(f"/appeals/{number}/files"))["items"]) == 1


async def test_files_are_for_whom_the_appeal_is(  # noqa: PLR0917 - fixtures
    supplier: Program,
    rival: Program,
    masked: Program,
    programs: Mapping[Role, Program],
    appeal: Made,
    storage: Storage,
    tmp_path: Path,
    clock: MovedClock,
) -> None:
    number = appeal["number"]
    file = await sent(supplier, number, pdf(), name="Демченко.pdf", key="paper-0001")
    path = f"/appeals/{number}/files"
    for one in (path, f"{path}/{file['id']}"):
        assert await refused(await rival.ask("GET", one)) == (404, "not-found")
    assert await refused(await send(rival, number, photo(), key="rival-001")) == (404, "not-found")
    assert await refused(await supplier.ask("GET", f"{path}/999")) == (404, "not-found")
    (shown,) = (await masked.get(path))["items"]
    assert shown == {**file, "name": None}
    assert await refused(await masked.ask("GET", f"{path}/{file['id']}")) == (403, "personal-data")
    observer = programs[Role.OBSERVER]
    assert (await observer.ask("GET", f"{path}/{file['id']}")).status == 200
    assert await refused(await send(observer, number, photo(), key="watch-001")) == (403, "forbidden")

    withdrawn = Withdraw(by=applicant("call:hotline-1.1"), at=clock.now())
    await storage.handling.carry_out(number, withdrawn, version=None)
    answer = await send(programs[Role.DISPATCHER], number, photo(), key="late-0001")
    assert await refused(answer) == (409, "forbidden-transition")
    assert len(lying(tmp_path)) == 1
