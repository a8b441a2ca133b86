"""Evidence of each call that went wrong: journey, Asterisk's own account (CEL), the phone's log."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from telephony.phone.call import Call
from tests.bench.judged import Judged

_CEL = ("eventtime", "eventtype", "uniqueid", "channame", "appname", "appdata", "extra")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A person whose call ended otherwise than they acted; the ids of their calls begin with `begins`."""

    number: str
    begins: str | tuple[str, ...]
    said: str
    """The expected result, and the real one."""
    phone: Sequence[Call]


async def keep(hotline: Judged, name: str, wrong: Sequence[Wrong]) -> Path:
    """Write one file a person, and the service's log beside them; give the folder, which outlives the run."""
    folder = hotline.kept / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True)
    rows = hotline.cel_rows()
    for one in wrong:
        text = "\n".join(await _story(hotline, one, rows))
        (folder / f"{one.number.lstrip('+')}.txt").write_text(text + "\n", encoding="utf-8")
    for called, log in hotline.logs().items():
        shutil.copy(log, folder / called)
    return folder


async def _story(hotline: Judged, one: Wrong, rows: Iterable[Mapping[str, str]]) -> list[str]:
    theirs = [row for row in rows if row["uniqueid"].startswith(one.begins)]
    lines = [one.said]
    for call_id in dict.fromkeys(row["uniqueid"] for row in theirs):
        lines += ["", f"call {call_id}: {await hotline.storage.calls.find(call_id)}", "journey:"]
        lines += [
            f"  {step.at:%H:%M:%S.%f} {step.step} {dict(step.detail)}"
            for step in await hotline.storage.calls.journey(call_id)
        ]
        lines.append("Asterisk's account:")
        lines += [
            "  " + " ".join(row[field] for field in _CEL) for row in theirs if row["uniqueid"] == call_id
        ]
    for call in one.phone:
        began = call.timeline.began.wall
        lines += ["", f"the phone, since {began:%H:%M:%S.%f}: {call.end or 'not over'}"]
        lines += [f"  {at:9.3f} {kind} {detail}" for at, kind, detail in call.timeline.moments]
    return lines
