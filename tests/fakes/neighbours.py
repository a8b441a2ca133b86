"""Another city whose telephone we answer, and appeals taken for it."""

import json
from datetime import datetime, timedelta
from typing import Any

from hotline.access.permissions import Role
from hotline.neighbours.agreement import Agreement, NewAgreement, Part
from hotline.neighbours.taken import NewTaken, Taken
from storage.store import Storage

DUTY = "+380462999999"
SAID = {
    "text": "Прорвало трубу",
    "category": "water-leak",
    "address": "Київський квартал, 7",
    "urgency": None,
    "applicant": "",
    "consent": False,
    "number": None,
}
"""What was said, as the other city's interface takes it."""


async def answered_for(
    storage: Storage,
    now: datetime,
    *,
    copy: str = "{}",
    duty: str = DUTY,
    address: str = "http://127.0.0.1:9",
) -> Agreement:
    """Enter an agreement by which we answer for Славутич, whose first copy this is."""
    known = await storage.users.by_login("agreed")
    maker = known or await storage.users.add(
        login="agreed", name="Керівниця", role=Role.HEAD, password_hash="x"
    )
    return await storage.agreements.add(
        NewAgreement(
            part=Part.ANSWERS,
            name="Славутич",
            document="№ 5",
            since=now - timedelta(days=1),
            until=now + timedelta(days=30),
            number="+380462123456",
            address=address,
            duty_number=duty,
            made_by=maker.id,
            made_at=now,
        ),
        key="secret",
        copy=copy,
    )


async def taken_for(
    storage: Storage, agreement: Agreement, at: datetime, *, key: str = "form-1", urgent: bool = False
) -> Taken:
    """Take an appeal for it."""
    return await storage.taken_appeals.take(
        NewTaken(
            agreement_id=agreement.id,
            call_id=None,
            key=key,
            taken_at=at,
            taken_by=agreement.made_by,
            urgent=urgent,
            category="Витік води",
            body=json.dumps(SAID | {"taken_at": at.isoformat()}),
        )
    )


def city_document(now: datetime) -> dict[str, Any]:
    """Give what Славутич tells of itself by the agreement, as its hotline writes it."""
    return {
        "made_at": now.isoformat(),
        "city": {"name": "Славутич", "whose": "міста Славутича", "en": "Slavutych"},
        "terms": {
            "document": "№ 5",
            "since": (now - timedelta(days=1)).isoformat(),
            "until": (now + timedelta(days=30)).isoformat(),
            "hours_since": "00:00",
            "hours_until": "00:00",
            "shared": ["streets"],
            "duty": DUTY,
        },
    }
