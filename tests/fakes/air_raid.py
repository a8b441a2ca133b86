"""Alerts in the form of alerts.in.ua."""

import json
from typing import Any

OURS = "Славутицька територіальна громада"


def alert(title: str, **more: Any) -> dict[str, Any]:
    """Give one as the interface does."""
    return {
        "id": 10,
        "location_title": title,
        "location_type": "hromada",
        "location_uid": "75",
        "location_oblast": "Київська область",
        "started_at": "2026-12-01T09:58:39.000Z",
        "finished_at": None,
        "updated_at": "2026-12-01T09:59:26.316Z",
        "alert_type": "air_raid",
        "notes": None,
        "calculated": None,
    } | more


def answer(*alerts: dict[str, Any]) -> bytes:
    return json.dumps({"alerts": alerts, "meta": {"last_updated_at": "2026/12/01 09:59:26 +0000"}}).encode()
