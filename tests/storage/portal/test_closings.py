"""What is published of one appeal, on both databases."""

from datetime import timedelta

from hotline.appeals.appeal import AppealState
from hotline.portal.closings import Closing, EndedBy, PublicKey, SignedDigest, canonical, digest_of, sha256
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.register import Register
from tests.storage.conftest import NOON

NUMBER = "2600001"


async def test_an_end_is_found_in_the_digest_that_has_it_also_in_a_later_one(storage: Storage) -> None:
    register = Register(storage, SetClock(NOON))
    await register.appeal(NUMBER, AppealState.CLOSED)
    await register.appeal("2600002", AppealState.DONE)
    said, previous = Closing(number=NUMBER, at=NOON, by=EndedBy.TAKEN_DOWN), None
    key = PublicKey(key="key", since=NOON.date(), signature="")
    for days, closings in enumerate(([], [said], [])):
        day = NOON.date() + timedelta(days=days)
        text = canonical(digest_of(day, closings, previous, key.key))
        previous = SignedDigest(
            day=day, number=days + 1, text=text, sha256=sha256(text), key=key.key, signature="signed"
        )
        assert await storage.closing_digests.keep(previous, [key], NOON)
    (found,) = await storage.closing_digests.ends_of(NUMBER)
    assert (found.closing, found.day) == (said, NOON.date() + timedelta(days=1))
    assert await storage.closing_digests.ends_of("2600002") == []
    assert await storage.closing_digests.ends_of("2609999") == []
