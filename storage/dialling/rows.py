"""Campaigns and their people as rows."""

from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping

from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.campaigns import Campaign, NewCampaign, Person, PersonState
from hotline.dialling.dialler import URGENCY, Kind, Result


def campaign_values(new: NewCampaign) -> dict[str, Any]:
    """Write what makes a campaign."""
    return {
        "name": new.name,
        "kind": new.kind,
        "urgency": URGENCY[new.kind],
        "says": new.says,
        "phrase": new.phrase,
        "most": new.most,
        "per_minute": new.per_minute,
        "exempt": new.exempt,
        "pauses": {
            result.value: [pause.total_seconds() for pause in pauses] for result, pauses in new.pauses.items()
        },
    }


def read_campaign(row: RowMapping) -> Campaign:
    return Campaign(
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        says=row["says"],
        phrase=row["phrase"],
        most=row["most"],
        per_minute=row["per_minute"],
        exempt=row["exempt"],
        pauses={
            Result(result): tuple(timedelta(seconds=one) for one in pauses)
            for result, pauses in row["pauses"].items()
        },
        state=CampaignState(row["state"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        user_id=row["user_id"],
        order_id=row.get("order_id"),
    )


def read_person(row: RowMapping, campaign: Campaign) -> Person:
    return Person(
        id=row["id"],
        campaign=campaign,
        number=row["number"],
        about=row["about"],
        state=PersonState(row["stands_as"]),
        attempt=row["attempt"],
        due_at=row["due_at"],
        changed_at=row["changed_at"],
        result=Result(row["result"]) if row["result"] else None,
        call_id=row["call_id"],
    )
