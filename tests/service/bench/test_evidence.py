"""Of a call that went wrong in a benchmark nothing is lost: who said what, and when, outlives the run."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from hotline.calls.call import CallRecord, Direction, JourneyStep, Outcome, Step
from storage.store import Storage
from telephony.phone.phone import Phone
from tests.bench.evidence import Wrong, keep
from tests.bench.hotline import BenchHotline
from tests.fakes.clock import NOON

NUMBER, CALL = "+380670000003", "out-survey-4-1-5f"
HOST = "127.0.0.1"


@dataclass
class Ran:
    """A hotline that was measured, and is gone when the run is over."""

    storage: Storage
    kept: Path
    settings: SimpleNamespace

    def logs(self) -> dict[str, Path]:
        return {"service.log": self.settings.folders.var / "service.log"}

    def cel_rows(self) -> list[dict[str, str]]:
        fields = ("eventtime", "eventtype", "uniqueid", "channame", "appname", "appdata", "extra")
        rows = [(CALL, "ANSWER"), ("out-survey-44-1-5f", "CHAN_START"), (CALL, "HANGUP")]
        return [
            dict.fromkeys(fields, "") | {"uniqueid": call, "eventtype": event, "eventtime": f"{at}.5"}
            for at, (call, event) in enumerate(rows)
        ]


async def test_journey_account_and_the_phones_log_of_a_wrong_outcome_are_kept(
    storage: Storage, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "service.log").write_text("what the service said", encoding="utf-8")
    record = CallRecord(id=CALL, number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=Direction.OUTGOING)
    await storage.calls.open(record)
    await storage.calls.note(JourneyStep(call_id=CALL, number=1, at=NOON, step=Step.RANG))
    await storage.calls.close(CALL, Outcome.NO_ANSWER, NOON + timedelta(seconds=20))
    await storage.calls.flush()
    folders = SimpleNamespace(var=run)
    hotline = Ran(storage, tmp_path / "kept", SimpleNamespace(folders=folders))
    async with Phone(HOST, user="citizen") as citizen, Phone(HOST, user="hotline") as caller:
        await caller.call("1", to=citizen.address)
        rung = await citizen.next_call()
        await rung.reject(486)
        await rung.ended()
        one = Wrong(number=NUMBER, begins="out-survey-4-", said="silent, not busy", phone=[rung])
        folder = await keep(cast("BenchHotline", hotline), "surveys", [one])
    story = (folder / "380670000003.txt").read_text(encoding="utf-8")
    for told in ("silent, not busy", CALL, "rang", "no-answer", "ANSWER", "HANGUP", "486"):
        assert told in story
    assert "out-survey-44" not in story
    assert (folder / "service.log").read_text(encoding="utf-8") == "what the service said"
